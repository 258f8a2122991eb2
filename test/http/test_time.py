# SPDX-License-Identifier: Apache-2.0
"""Time zones, and clocks that are set, on a real httpd whose clock the tests
drive.
"""
import datetime
import email.utils
import os
import random
import re
import sqlite3
import sys
import zoneinfo

from collections import Counter

import pytest

from database import BASE, DAY, MONTH
from engines import Missing
from processes import wait_until

sys.path.append(os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), "unit"))

import zones_model  # noqa: E402
from zones_model import Model, number  # noqa: E402

DAY_LENGTH = 86400
YEARS = 2025, 2026
ZONES = {"berlin.test": "Europe/Berlin", "howe.test": "Australia/Lord_Howe",
         "cairo.test": "Africa/Cairo"}

HOSTS = "UsageFlushInterval 10s\n" + "".join(f"""
<VirtualHost *:{{port}}>
    ServerName {site}
    UsageTimezone {zone}
</VirtualHost>
""" for site, zone in ZONES.items())

# Flushes between the days leave the older ones alone.
FOREVER = "".join(f"UsageRetain {grain}\n" for grain in (
    "base 3660d", "day 36600d", "month 1200mo", "events 1200mo"))


def second(zone, *parts):
    """When a zone's clock shows something."""
    local = datetime.datetime(*parts, tzinfo=zoneinfo.ZoneInfo(zone))
    return int(local.timestamp())


def clocked(serve, config, time):
    """A server that is started at a time, and its clock."""
    server = serve(config, hurried=True, now=time)
    return server, server.clock


def view(server, site, path="/"):
    """Ask for a page: @return when, as the server has it."""
    answer = server.get(path, headers={"Host": site})
    assert answer.status == 200
    date = email.utils.parsedate_to_datetime(answer.headers["Date"])
    return int(date.timestamp())


def times_of_a_day(rng, midnight, models):
    """From a midnight in UTC, in order: at random, and where a day begins or
    the clock is set in one of the zones."""
    end = midnight + DAY_LENGTH
    times = {rng.randrange(midnight, end)}
    for model in models.values():
        edge = model.day_next(midnight)[0]
        times |= {edge - 1, edge, model.start_next(edge)} if (
            rng.random() < 0.3) else {edge}
        before, after = (zones_model.offset(model.name, time)
                         for time in (midnight, end))
        if before != after:
            times |= {midnight + minutes * 60 for minutes in range(0, 1440, 30)}
    return sorted(times)


@pytest.mark.parametrize("year", YEARS)
def test_each_day_of_two_years_in_three_zones(serve, year):
    """In hours, in days and in months."""
    rng = random.Random(year)
    models = {site: Model(zone, 3600, year, year)
              for site, zone in ZONES.items()}
    begin = second("UTC", year, 1, 1)
    server, clock = clocked(serve, HOSTS + FOREVER, begin)
    expected = {BASE: Counter(), DAY: Counter(), MONTH: Counter()}
    for midnight in range(begin, second("UTC", year + 1, 1, 1), DAY_LENGTH):
        for time in times_of_a_day(rng, midnight, models):
            clock.set(time)
            for site, model in models.items():
                time = view(server, site)
                date = model.day(time)[1]
                expected[BASE][model.start(time), site] += 1
                expected[DAY][number(date) * DAY_LENGTH, site] += 1
                expected[MONTH][zones_model.month(date), site] += 1
    database = server.count()
    for grain, counter in expected.items():
        assert database.sums("usage_total", ("start", "site"), grain) == counter
    for site in ZONES:
        days = {day for day, its in expected[DAY] if its == site}
        assert len(days) >= 365
    assert_dates(server, expected[DAY])


def assert_dates(server, by_day):
    """What people's own SQL says of days."""
    link = sqlite3.connect(f"file:{server.database_file}?mode=ro", uri=True)
    rows = link.execute("SELECT day, site, sum(views) FROM usage_daily"
                        " GROUP BY 1, 2").fetchall()
    link.close()
    should_be = {(str(zones_model.EPOCH + datetime.timedelta(
        seconds=start)), site): count for (start, site), count in by_day.items()}
    assert {(day, site): count for day, site, count in rows} == should_be


def test_visit_over_a_midnight_that_is_left_out(serve):
    """In Cairo, 23:59 is followed by 1:00."""
    end = second("Africa/Cairo", 2026, 4, 23, 23, 50)
    server, clock = clocked(serve, HOSTS, end)
    view(server, "cairo.test", "/a.html")
    view(server, "howe.test", "/a.html")
    clock.set(end + 20 * 60)
    assert zones_model.seen(zoneinfo.ZoneInfo("Africa/Cairo"),
                            end + 20 * 60)[1] == 3600 + 600
    view(server, "cairo.test", "/b.html")
    view(server, "howe.test", "/b.html")
    database = server.count()
    days = {(row["day"], row["site"]): row["visitors"]
            for row in database.tables["usage_seen"]}
    before, after = (number(datetime.date(2026, 4, day)) * DAY_LENGTH
                     for day in (23, 24))
    assert days == {(before, "cairo.test"): 1, (after, "cairo.test"): 1,
                    (after, "howe.test"): 1}
    visitors = database.sums("usage_total", ("start", "site"), DAY, "visitors")
    assert visitors == days
    for value, expected in (("visits", 1), ("bounces", 0), ("exits", 1)):
        assert database.sums("usage_total", ("site",), DAY, value) == {
            "cairo.test": expected, "howe.test": expected}


def bars(page):
    """{what a bar of the chart is called: its views}."""
    found = re.findall(r'<th scope="row">(\d{4}[^<]*)</th>'
                       r'<td>([\d,]+)</td>', page)
    return {name: int(views) for name, views in found}


def page(server, arguments, site="berlin.test"):
    server.settle()
    answer = server.get("/usage-stats?" + arguments, headers={"Host": site})
    assert answer.status == 200
    return answer.body.decode()


def test_page_of_a_day_of_25_hours(serve):
    first = second("Europe/Berlin", 2026, 10, 25, 1, 30)
    server, clock = clocked(serve, HOSTS, first)
    for hour in range(4):
        clock.set(first + hour * 3600)
        for _ in range(hour + 1):
            view(server, "berlin.test")
    clock.set(first + 22 * 3600)
    found = bars(page(server, "site=berlin.test&period=day"))
    assert {name: views for name, views in found.items() if views} == {
        "2026-10-25 01:00": 1, "2026-10-25 02:00": 2,
        "2026-10-25 02:00 again": 3, "2026-10-25 03:00": 4}
    assert len(found) == 24 and list(found)[-1] == "2026-10-25 22:00, so far"
    clock.set(first + 22 * 3600 + 1800)
    text = page(server, "site=berlin.test&period=7d")
    assert bars(text)["2026-10-25, so far"] == 10
    assert "Europe/Berlin" in text and "UTC" not in text


def test_page_of_sites_in_several_zones(serve):
    """A site stands under its own dates, wherever the page is."""
    noon = second("UTC", 2026, 7, 14, 14)  # the 15th, 0:30, in Lord Howe
    server, clock = clocked(serve, HOSTS, noon)
    view(server, "howe.test")
    view(server, "berlin.test")
    assert wait_until(lambda: {"2026-07-14, so far", "2026-07-15, so far"}
                      <= bars(page(server, "period=7d")).keys(), 10)
    for text in (page(server, "period=7d"),
                 page(server, "period=7d", "howe.test")):
        assert bars(text)["2026-07-15, so far"] == 1
        assert "A day is each site" in text
    text = page(server, "period=7d")
    assert bars(text)["2026-07-14, so far"] == 1
    assert "2026-07-15" not in page(server, "site=berlin.test&period=7d")
    assert bars(page(server, "site=howe.test&period=7d"))[
        "2026-07-15, so far"] == 1
    before = bars(text)
    flushed(server, 2)
    assert bars(page(server, "period=7d")) == before


def views(server):
    try:
        return server.database().views()
    except Missing:
        return 0


def flushed(server, count):
    """Wait until so many views are in the database."""
    server.clock.advance(10)
    assert wait_until(lambda: os.path.exists(server.database_file)
                      and views(server) == count, 45), (
        f"{views(server)} of {count} views were flushed")


def test_clock_that_jumps(serve):
    """By an hour, a day and a year, forth and back, with flushes between."""
    now = second("Europe/Berlin", 2026, 7, 14, 12)
    server, clock = clocked(serve, HOSTS, now)
    expected, count = Counter(), 0
    jumps = [0, -3600, 400 * DAY_LENGTH, -DAY_LENGTH, 5]
    for jump in jumps:
        clock.set(now + jump)
        for path in ("/a.html", "/b.html", "/a.html"):
            time = view(server, "berlin.test", path)
            expected[time // 3600 * 3600] += 1
        count += 3
        flushed(server, count)
        assert "never" not in page(server, "period=day")
    clock.set(now - 365 * DAY_LENGTH)
    server.end()
    server.start()
    time = view(server, "berlin.test")
    expected[time // 3600 * 3600] += 1
    database = server.count()
    assert database.sums("usage_total", ("start",)) == expected
    newest = [row["time"] for row in database.tables["usage_recent"]]
    assert newest and max(newest) <= time, "views to come are the newest"
    for value in ("visits", "visitors", "seconds", "exits", "bounces"):
        sums = database.sums("usage_total", ("site",), DAY, value)
        assert 0 <= sums["berlin.test"] <= 4 * 3600 * len(jumps), (value, sums)
    assert database.sums("usage_total", ("site",), DAY, "visits")[
        "berlin.test"] >= 3


def test_sites_of_one_name_have_one_zone(serve):
    server = serve("""
<VirtualHost *:{port}>
    ServerName one.test
    UsageSite one
    UsageTimezone Europe/Berlin
</VirtualHost>
<VirtualHost *:{port}>
    ServerName two.test
    UsageSite one
    UsageTimezone Asia/Kolkata
</VirtualHost>
""", start=False)
    server.expect("USG0040")
    server.start()
    found = [line for line in server.log().splitlines() if "USG0040" in line]
    assert len(found) == 1
    for word in ("UsageTimezone", "one", "Europe/Berlin", "Asia/Kolkata",
                 "UsageSite"):
        assert word in found[0]
    server.stop()
