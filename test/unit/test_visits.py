# SPDX-License-Identifier: Apache-2.0
"""Visitors, visits, bounces, exits and seconds, to the unit: a real log and a
thousand random histories, as the engine counts them and as the model does.
"""
import datetime
import os
import pathlib
import random
import re
import subprocess
import sys

import pytest

TEST = pathlib.Path(__file__).resolve().parents[1]
sys.path += [str(TEST / "unit"), str(TEST.parent / "build")]

from combined import parse, path_of  # noqa: E402
from visits_model import (  # noqa: E402
    COUNTERS, DAY, Rules, View, by_dates, clock_of, totals, without_zeros)

REPLAY = pathlib.Path(os.environ["USAGE_BUILD"]) / "test/unit/replay_visits"
MIDNIGHT = 1783987200  # 2026-07-14
ROOMY = 512, 1024  # slots of a table, visitors
UTC = clock_of("UTC", 3600)
HISTORIES = 1000
LATEST = 600  # seconds, as in replay_visits.c

SITES = "a.example", "b.example", "c.example"
PATHS = "/", "/a", "/b", "/a/b", "/über", "/*", "/" + "long" * 63
ADDRESSES = ("192.0.2.1", "192.0.2.200", "192.0.3.1", "198.51.100.7",
             "2001:db8:1::1", "2001:db8:1:2::3", "2001:db8:2::1",
             "::ffff:192.0.2.9")
# When clocks are set, of three zones: by an hour, by half an hour, and over
# midnight, so that there is none.
ZONES = {
    "Europe/Berlin": (1774746000, 1792890000),
    "Australia/Lord_Howe": (1775314800, 1791041400),
    "Africa/Cairo": (1776981600, 1793307600),
}

AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 "
    "Firefox/128.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.5 Safari/605.1.15",
    "Something else")


def run(text, *arguments):
    """What replay_visits says to a text (Latin-1: a character a byte)."""
    done = subprocess.run([REPLAY, *arguments], input=text.encode("latin-1"),
                          stdout=subprocess.PIPE, check=True)
    return done.stdout.decode("latin-1")


def latin(text):
    return text.encode().decode("latin-1")


def described(agents):
    """Device, browser and system of each agent."""
    agents = sorted(agents)
    lines = run("".join(f"{agent}\n" for agent in agents), "agents")
    return {agent: tuple(line.split("\t"))
            for agent, line in zip(agents, lines.splitlines(), strict=True)}


def replayed(cases):
    """For each case (views, rules, geometry): what the engine counted, by
    page, by site, and by site and day and month.
    """
    lines = []
    for views, rules, geometry in cases:
        lines.append(("history", *geometry, *rules))
        lines += views
    text = "".join("\t".join(map(str, line)) + "\n" for line in lines)
    kinds = "view", "total", "day", "month"
    found = {kind: {} for kind in kinds}
    for line in run(text).splitlines():
        kind, *fields = line.split("\t")
        if kind == "end":
            yield [without_zeros(found[kind]) for kind in kinds]
            found = {kind: {} for kind in kinds}
            continue
        into = found[kind]
        key = int(fields[0]), *fields[1:-len(COUNTERS)]
        assert key not in into
        into[key] = dict(zip(COUNTERS, map(int, fields[-len(COUNTERS):])))


def expected(views, rules, agents):
    """What the model counts, by the keys that the engine has."""
    by_page, by_site = totals(views, rules)
    merged = {}
    for (*key, agent), counter in by_page.items():
        sums = merged.setdefault((*key, *agents[agent]), {})
        for name, number in counter.items():
            sums[name] = sums.get(name, 0) + number
    return merged, by_site, *by_dates(by_site, rules)


def differences(counted, should_be):
    return [f"{key}: {counted.get(key)}, should be {should_be.get(key)}"
            for key in sorted({*counted, *should_be}, key=str)
            if counted.get(key) != should_be.get(key)]


def check(case, counted, agents, parts=(0, 1, 2, 3)):
    """Compare all numbers, by page (0), by site (1), day (2), month (3)."""
    should_be = expected(*case[:2], agents)
    for part in parts:
        wrong = differences(counted[part], should_be[part])
        assert not wrong, "\n".join(wrong[:20])


# ---------------------------------------------------------------- a real log

def log_views():
    """The successful GETs of the log, in time order."""
    views = []
    for line in (TEST / "data/access.log").read_text("latin-1").splitlines():
        request = parse(line)
        if request.method == "GET" and request.status == 200:
            when = re.search(r"\[([^]]*)\]", line)[1]
            when = datetime.datetime.strptime(when, "%d/%b/%Y:%H:%M:%S %z")
            views.append(View(int(when.timestamp()), "log.example",
                              request.address, request.agent or "",
                              path_of(request.target)))
    return sorted(views, key=lambda view: view.time)


@pytest.mark.parametrize("rules", [
    Rules(1800, 3600, 5000), Rules(600, 600, 5000), Rules(43200, DAY, 5000),
    Rules(1800, 3600, 40)])
def test_log_is_counted_as_the_model_says(rules):
    views = log_views()
    assert len(views) > 5000
    case = views, rules, (4096, 16384)
    counted, = replayed([case])
    check(case, counted, described({view.agent for view in views}))


# ---------------------------------------------------------- random histories

def gap(rng, window):
    """Seconds to the next view of anybody."""
    return rng.choice([
        0, 0, rng.randrange(5), rng.randrange(60), rng.randrange(600),
        rng.randrange(window), rng.randrange(2 * window), rng.randrange(7200),
        window - 1, window, window + 1, rng.randrange(DAY) // 4])


def edge(rng, now, clock):
    """The first second of an hour or a day to come, or one beside it."""
    edges = (now // 600 + 1) * 600, clock.start_next(now), clock.day_next(now)[0]
    return rng.choice(edges) + rng.randrange(-2, 3)


def earlier(now, window, seconds, clock):
    """A time before, but not before the end of yesterday's salt: with that its
    visits are over; nor so long before midnight that a visit which has gone on
    after it is not looked for there.
    """
    then = now - seconds
    is_near = all(clock.day(then + way) == clock.day(now + way)
                  for way in (-window, window))
    return then if is_near else now


def set_back(rng, now, window, clock):
    """A clock set back a little."""
    return earlier(now, window, rng.randrange(1, 8), clock)


def late(rng, now, window, clock):
    """The time of a view that is counted some time after it came in."""
    return earlier(now, window, rng.randrange(1, min(window, LATEST)), clock)


def next_time(rng, now, window, newest, clock):
    """When the next view comes."""
    way = rng.random()
    if way < 0.10:
        return max(now, edge(rng, now, clock))
    if way < 0.20:
        return set_back(rng, now, window, clock)
    if way < 0.40 and newest:
        view = rng.choice(newest)
        return max(now, view.time + window + rng.randrange(-1, 2))
    return now + gap(rng, window)


def random_history(seed):
    rng = random.Random(seed)
    rules = Rules(rng.choice([60, 300, 1800, 1801, 3600, 43200]),
                  rng.choice([600, 3600, DAY]), rng.choice([5000, 5000, 3]),
                  rng.choice(["UTC", *ZONES]))
    clock = clock_of(rules.zone, rules.interval)
    sites = SITES[:rng.randrange(1, 4)]
    paths = [latin(path) for path in PATHS[:rng.randrange(1, 8)]]
    addresses = rng.sample(ADDRESSES, rng.randrange(1, 9))
    agents = AGENTS[:rng.randrange(1, 4)]
    views, newest = [], {}
    now = rng.choice([MIDNIGHT, *ZONES.get(rules.zone, ())])
    now += rng.randrange(DAY) - DAY // 2
    for _ in range(rng.randrange(1, 80)):
        now = next_time(rng, now, rules.window, list(newest.values()), clock)
        if newest and rng.random() < 0.5:
            last = rng.choice(list(newest.values()))
            view = last._replace(time=now, path=rng.choice(paths))
        else:
            view = View(now, rng.choice(sites), rng.choice(addresses),
                        rng.choice(agents), rng.choice(paths))
        if rng.random() < 0.1:
            view = view._replace(time=late(rng, now, rules.window, clock))
        newest[view.site, view.address, view.agent] = view
        views.append(view)
    return views, rules, ROOMY


def test_random_histories_are_counted_as_the_model_says():
    cases = [random_history(seed) for seed in range(HISTORIES)]
    agents = described(AGENTS)
    seen = set()
    for seed, (case, counted) in enumerate(zip(cases, replayed(cases),
                                               strict=True)):
        try:
            check(case, counted, agents)
        except AssertionError as difference:
            pytest.fail(f"history {seed}, {case[1]}: {difference}")
        seen |= traits(case[0], case[1], counted)
    assert seen == TRAITS | set(ZONES)


TRAITS = {"set back", "over midnight", "late over midnight",
          "exactly the window", "returning",
          "over the budget", "on two sites", "days apart", "same second"}


def traits(views, rules, counted):
    """What a history has in it that might go wrong."""
    found, newest = set(), {}
    clock = clock_of(rules.zone, rules.interval)
    for view in views:
        visitor = view.site, view.address, view.agent
        before = newest.get(visitor, view.time - DAY)
        length = view.time - before
        found |= {name for name, is_so in {
            "set back": length < 0,
            "same second": length == 0,
            "late over midnight": clock.day(before) > clock.day(view.time),
            "exactly the window": length == rules.window,
            "over midnight": clock.day(before) < clock.day(view.time)
                             and length < rules.window,
            rules.zone: any(before < change < view.time
                            for change in ZONES.get(rules.zone, ()))
                        and length < rules.window,
            "days apart": view.time - views[0].time > DAY,
            "on two sites": any(site != view.site and tuple(rest) == visitor[1:]
                                for site, *rest in newest)}.items() if is_so}
        newest[visitor] = view.time
    by_page, by_site = counted[:2]
    if any("returning_visits" in counter for counter in by_site.values()):
        found.add("returning")
    if "/*" in {key[2] for key in by_page} - {view.path for view in views}:
        found.add("over the budget")
    return found


# ------------------------------------------------------- two years of days

def yearly_history(zone, interval):
    """Each day of two years: views around its first and last second, in its
    middle, and where the clock is set.
    """
    rng = random.Random(zone)
    rules = Rules(1800, interval, 5000, zone)
    clock = clock_of(zone, interval)
    times = set()
    for day, date in clock.days:
        if date.year in (2025, 2026):
            end = clock.day_next(day)[0]
            times |= {day, day - 1, rng.randrange(day, end),
                      rng.randrange(day, end), end - rng.randrange(900)}
    for change in ZONES[zone]:
        times |= {change + seconds for seconds in range(-7200, 7200, 599)}
    views = [View(time, rng.choice(SITES[:2]), rng.choice(ADDRESSES[:3]),
                  rng.choice(AGENTS), rng.choice(("/", "/a", "/b")))
             for time in sorted(times)]
    return views, rules, (1024, 65536)


@pytest.mark.parametrize("zone, interval", zip(ZONES, (3600, 600, DAY)))
def test_two_years_are_counted_as_the_model_says(zone, interval):
    case = yearly_history(zone, interval)
    assert len(case[0]) > 3600
    counted, = replayed([case])
    days = {start for start, _ in counted[2]}
    assert len(days) >= 730 and len({start for start, _ in counted[3]}) >= 24
    check(case, counted, described(AGENTS))


# -------------------------------------------------- too small a table

def crowded_history(seed):
    """Visits that go on while the tables under them are emptied: new keys all
    the time, but no more in a minute than a flush makes room for.
    """
    rng = random.Random(seed)
    rules = Rules(1800, rng.choice([600, 3600]), 5000)
    views, now = [], MIDNIGHT + rng.randrange(DAY)
    for number in range(600):
        now = set_back(rng, now, 1800, UTC) if rng.random() < 0.1 \
            else now + rng.randrange(8, 40)
        views.append(View(now, rng.choice(SITES[:2]), rng.choice(ADDRESSES),
                          rng.choice(AGENTS), f"/{rng.randrange(number + 1)}"))
    return views, rules, (64, 1024)


def test_sites_are_exact_when_tables_are_too_small():
    cases = [crowded_history(seed) for seed in range(40)]
    agents = described(AGENTS)
    for seed, (case, counted) in enumerate(zip(cases, replayed(cases),
                                               strict=True)):
        by_page, by_site = counted[:2]
        assert "*" not in {key[1] for key in by_site}, "too full to tell"
        lost = [key for key, counter in by_page.items()
                if key[2] == "/*" and counter.get("exits", 0) < 0]
        assert lost, "no visit went on over an emptied table"
        try:
            check(case, counted, agents, parts=[1, 2, 3])
        except AssertionError as difference:
            pytest.fail(f"history {seed}: {difference}")


if __name__ == "__main__":
    sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", __file__]))
