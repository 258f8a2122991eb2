# SPDX-License-Identifier: Apache-2.0
"""What a database should hold after days of hits, flushes and keeping: slow,
obvious, by Python's own calendar, and without any SQL.
"""
from collections import Counter, defaultdict, namedtuple
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

BASE, DAY, MONTH = GRAINS = range(3)
WINDOW = 30 * 60
WEST, EAST = 12 * 3600, 14 * 3600  # how far zones are from UTC

# The last and the first to see a day's end; one that is set forth and back.
ZONES = {"a.example": "Etc/GMT+12", "b.example": "Pacific/Kiritimati",
         "c.example": "America/New_York"}

Hit = namedtuple("Hit", "time site agent path")  # a view
Bot = namedtuple("Bot", "time site")
Event = namedtuple("Event", "time site category name")
Retain = namedtuple("Retain", "base day month events")

DEFAULTS = Retain(base=7, day=90, month=24, events=3)


def moment(time):
    return datetime.fromtimestamp(time, timezone.utc)


@lru_cache(100000)
def start_of(time, grain, site):
    """The hour that holds a second; the date of its day or month, in UTC."""
    if grain == BASE:
        return time // 3600 * 3600
    when = datetime.fromtimestamp(time, ZoneInfo(ZONES[site]))
    return date_of(datetime(when.year, when.month, when.day,
                            tzinfo=timezone.utc).timestamp(), grain)


@lru_cache(100000)
def date_of(time, grain):
    """The beginning of a day or a month in UTC."""
    when = moment(time).replace(hour=0, minute=0, second=0)
    if grain == MONTH:
        when = when.replace(day=1)
    return int(when.timestamp())


def days_before(time, count):
    """The beginning of the day so many days earlier."""
    when = moment(date_of(time, DAY)) - timedelta(days=count)
    return int(when.timestamp())


def months_before(time, count):
    """The beginning of the month so many months earlier."""
    when = moment(date_of(time, MONTH))
    months = when.year * 12 + when.month - 1 - count
    return int(when.replace(year=months // 12, month=months % 12 + 1)
               .timestamp())


def first_of(border, grain):
    """The first start that is kept, if the border's date is the first."""
    return border - EAST if grain == BASE else border


class Model:
    """Everything that was flushed, and is not yet gone."""

    def __init__(self):
        self.counts = {table: defaultdict(int) for table in
                       ("total", "page", "view", "event")}
        self.open = defaultdict(set)  # day, site, node: agents
        self.closed = {}  # day, site: visitors
        self.months = defaultdict(Counter)  # month, site: visitors, days
        self.newest = defaultdict(list)  # site: times

    def flush(self, node, hits, recent):
        """A node's flush brings these."""
        for hit in hits:
            self.count(node, hit)
        for site in {hit.site for hit in hits if isinstance(hit, Hit)}:
            self.trim(site, recent)

    def count(self, node, hit):
        for grain in GRAINS:
            key = grain, start_of(hit.time, grain, hit.site), hit.site
            if isinstance(hit, Event):
                self.counts["event"][*key, hit.category, hit.name] += 1
                continue
            is_view = isinstance(hit, Hit)
            word = "view" if is_view else "bot"
            self.counts["event"][*key, "outcome", word] += 1
            if not is_view:
                self.counts["event"][*key, "bot-other", "*"] += 1
            if is_view:
                self.counts["total"][key] += 1
                self.counts["page"][*key, hit.path] += 1
                self.counts["view"][*key, hit.path] += 1
        if isinstance(hit, Hit):
            day = start_of(hit.time, DAY, hit.site)
            self.open[day, hit.site, node].add(hit.agent)
            self.newest[hit.site].append(hit.time)

    def trim(self, site, recent):
        self.newest[site] = sorted(self.newest[site])[-recent:]

    def keep(self, now, retain, recent):
        """A run of keeping that comes to its end."""
        self.close(now)
        self.fold(months_before(now - WEST, retain.events))
        self.drop(now, retain)
        for site in list(self.newest):
            self.trim(site, recent)

    def close(self, now):
        def is_over(day):
            return days_before(day, -1) + WEST + WINDOW <= now

        agents = defaultdict(set)
        for day, site, node in [key for key in self.open if is_over(key[0])]:
            agents[day, site] |= self.open.pop((day, site, node))
        for grain, start, site, category, _ in self.counts["event"]:
            if grain == DAY and category == "outcome" and is_over(start):
                agents[start, site] |= set()
        for (day, site), met in agents.items():
            month = self.months[date_of(day, MONTH), site]
            month["days"] += (day, site) not in self.closed
            month["visitors"] += len(met)
            self.closed[day, site] = (self.closed.get((day, site), 0)
                                      + len(met))

    def fold(self, border):
        events = self.counts["event"]
        for key in [key for key in events
                    if key[1] < first_of(border, key[0])
                    and key[3] != "outcome"]:
            number = events.pop(key)
            events[*key[:4], ""] += number

    def drop(self, now, retain):
        last = now - WEST
        borders = (first_of(days_before(last, retain.base), BASE),
                   days_before(last, retain.day),
                   months_before(last, retain.month))
        for rows in self.counts.values():
            for key in [key for key in rows if key[1] < borders[key[0]]]:
                del rows[key]
        for rows, border in (self.closed, borders[DAY]), \
                            (self.months, borders[MONTH]):
            for key in [key for key in rows if key[0] < border]:
                del rows[key]

    def content(self):
        """The tables, as `content_of` of days.py reads them."""
        tables = dict(self.counts)
        tables["seen"] = {key: len(agents)
                          for key, agents in self.open.items()}
        tables["seen"] |= {(*key, ""): number
                           for key, number in self.closed.items()}
        tables["average"] = {key: (row["visitors"], row["days"])
                             for key, row in self.months.items()}
        tables["recent"] = {site: times
                            for site, times in self.newest.items() if times}
        return tables
