# SPDX-License-Identifier: Apache-2.0
"""What visits are, told slowly: every list is kept, and all is worked out from
whole visits once they are over.
"""
import collections
import ipaddress

from zones_model import DAY, clock_of, month, number

COUNTERS = ("views visitors visits returning_visits bounces exits seconds "
            "bytes millis").split()

View = collections.namedtuple("View", "time site address agent path")
Rules = collections.namedtuple("Rules", "window interval paths zone",
                               defaults=["UTC"])


def network(address):
    """What of an address tells visitors apart."""
    address = ipaddress.ip_address(address)
    address = getattr(address, "ipv4_mapped", None) or address
    bits = 24 if address.version == 4 else 48
    return ipaddress.ip_network(f"{address}/{bits}", strict=False)


def with_counted_paths(views, rules):
    """The views, under the paths that the day's budget lets them have."""
    known = collections.defaultdict(set)
    spent = collections.Counter()
    newest = {}
    clock = clock_of(rules.zone, rules.interval)
    for view in views:
        day = clock.day(view.time)
        # What comes late, after midnight, takes of the new day's.
        if newest.get(view.site) != clock.day_next(view.time):
            newest[view.site] = day
        paths, taken_of = known[view.site, day], (view.site, newest[view.site])
        if view.path not in paths and spent[taken_of] >= rules.paths:
            yield view._replace(path="/*")
        else:
            spent[taken_of] += view.path not in paths
            paths.add(view.path)
            yield view


def histories(views):
    """The views of each visitor of each site, as they came in."""
    found = collections.defaultdict(list)
    for view in views:
        found[view.site, network(view.address), view.agent].append(view)
    return list(found.values())


def seconds_between(view, following):
    """From a view to the next; a clock that went back tells nothing."""
    return max(0, following.time - view.time)


def visits(history, window):
    """A visitor's views, cut wherever a gap is as long as the window."""
    found = []
    for view in history:
        if found and seconds_between(found[-1][-1], view) < window:
            found[-1].append(view)
        else:
            found.append([view])
    return found


def first_of_each_day(views, clock):
    """The first view of each day."""
    days = {}
    for view in views:
        days.setdefault(clock.day(view.time), view)
    return list(days.values())


def totals(views, rules):
    """Two dictionaries of counters: by interval, site, path and agent, and by
    interval and site. Nothing that is all zero is in them.
    """
    by_page = collections.defaultdict(collections.Counter)
    by_site = collections.defaultdict(collections.Counter)
    clock = clock_of(rules.zone, rules.interval)

    def add(view, counter, number=1):
        start = clock.start(view.time)
        by_page[start, view.site, view.path, view.agent][counter] += number
        by_site[start, view.site][counter] += number

    for history in histories(with_counted_paths(views, rules)):
        days_before = set()
        for visit in visits(history, rules.window):
            first, last = visit[0], visit[-1]
            add(first, "visits")
            add(last, "exits")
            if len(visit) == 1:
                add(first, "bounces")
            if clock.day(first.time) in days_before:
                add(first, "returning_visits")
            days_before |= {clock.day(view.time) for view in visit}
            for view, following in zip(visit, visit[1:]):
                add(view, "seconds", seconds_between(view, following))
            for view in visit:
                add(view, "views")

        for view in first_of_each_day(history, clock):
            start = clock.start(view.time)
            by_site[start, view.site]["visitors"] += 1
        for path in {view.path for view in history}:
            of_path = [view for view in history if view.path == path]
            for view in first_of_each_day(of_path, clock):
                start = clock.start(view.time)
                key = start, view.site, path, view.agent
                by_page[key]["visitors"] += 1
    return without_zeros(by_page), without_zeros(by_site)


def by_dates(by_site, rules):
    """Sums of intervals by day and by month, as the database knows these."""
    days, months = {}, {}
    clock = clock_of(rules.zone, rules.interval)
    for (start, site), counter in by_site.items():
        date = clock.day(start)[1]
        for sums, key in ((days, number(date) * DAY), (months, month(date))):
            sums.setdefault((key, site), collections.Counter()).update(counter)
    return without_zeros(days), without_zeros(months)


def without_zeros(counters):
    """Plain dictionaries, without the counters that are 0."""
    plain = {key: {name: number for name, number in counter.items() if number}
             for key, counter in counters.items()}
    return {key: counter for key, counter in plain.items() if counter}
