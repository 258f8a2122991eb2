# SPDX-License-Identifier: Apache-2.0
"""What rows were in the time that the period is compared with, and pages in the
order of what they lost or gained since then."""

import calendar
import time

import pytest

from outputs import csv_of, json_of, page_of, sections_of, text_of
from server import ANY_PATH
from written import counted

DAY = 24 * 60 * 60

# Views in the week before the last seven days, and in them.
PAGES = {"/gone": (5000, 0), "/nearly": (4000, 3), "/less": (2000, 1500),
         "/even": (70, 70), "/also-even": (70, 70), "/more": (100, 400),
         "/new": (0, 250), **{f"/small-{i:02}": (3, 2) for i in range(30)}}

CLIENTS = {("desktop", "Firefox", "Linux"): (900, 300),
           ("mobile", "Safari", "iOS"): (100, 700)}

EVENTS = {("source-search", "Google"): (800, 200),
          ("source-site", "old.example"): (60, 0),
          ("source-site", "new.example"): (0, 40),
          ("country", "DE"): (10, 30), ("language", "ar"): (7, 7),
          ("outcome", "view"): (900, 450), ("bot-search", "Googlebot"): (4, 1)}


OF_ALL = ('INSERT INTO usage_all (grain, part, start, device, browser, '
          '"system", path,')


def rows(today):
    """INSERTs: what was a week ago, on the day eight days ago; what is now,
    on the day before today."""
    counters = ("views, visitors, visits, returning_visits, bounces, exits, "
                "seconds, bytes, millis")
    for place, start in ((0, today - 8 * DAY), (1, today - DAY)):
        zeros = "0, " * 7 + "0"
        yield (f"INSERT INTO usage_total (grain, start, site, {counters}) "
               f"VALUES (1, {start}, 'site.test', 9, {zeros});")
        for path, views in PAGES.items():
            if views[place]:
                yield (f"INSERT INTO usage_page (grain, start, site, path, "
                       f"{counters}) VALUES (1, {start}, 'site.test', "
                       f"'{path}', {views[place]}, {zeros});")
                yield ("INSERT INTO usage_view (grain, start, site, path, "
                       f"device, browser, \"system\", {counters}) VALUES "
                       f"(1, {start}, 'site.test', '{path}', 'mobile', "
                       f"'Safari', 'iOS', {views[place]}, {zeros});")
                yield (f"{OF_ALL} {counters}) VALUES (1, 0, {start}, '', '', '', "
                       f"'{path}', {views[place]}, {zeros});")
        for client, views in CLIENTS.items():
            names = ", ".join(f"'{name}'" for name in client)
            yield (f"{OF_ALL} {counters}) VALUES (1, 1, {start}, {names}, '', "
                   f"{views[place]}, {zeros});")
            yield ("INSERT INTO usage_client (grain, start, site, device, "
                   "browser, \"system\", "
                   f"{counters.replace('visitors, ', '')}) VALUES (1, {start},"
                   f" 'site.test', {names}, {views[place]}, {zeros[3:]});")
        for (category, event), count in EVENTS.items():
            if count[place]:
                yield ("INSERT INTO usage_event (grain, start, site, category,"
                       f" event, count) VALUES (1, {start}, 'site.test', "
                       f"'{category}', '{event}', {count[place]});")


def today_of(server):
    """The last day that has a view in the database."""
    return max(row["start"] for row in
               server.store.read(["usage_total"])["usage_total"]
               if row["grain"] == 1)


@pytest.fixture
def weeks(serve, engine):
    """A server with two weeks to compare, without a view of its own."""
    server = serve(ANY_PATH + "UsageBreakdown source language\n",
                   modules=["alias"])
    server.get("/first")
    server.stop()
    tables = ("usage_page", "usage_total", "usage_view", "usage_client",
              "usage_all", "usage_event", "usage_recent")
    today = today_of(server)
    text = "".join(f"DELETE FROM {table};" for table in tables)
    text += counted(today - 15 * DAY) + "".join(rows(today))
    server.store.run(text.replace('"', "`") if engine.name == "mysql"
                     else text)
    server.start()
    return server


def by(way):
    """Pages as they are to stand."""
    def key(path):
        was, now = PAGES[path]
        return ((now - was) * (1 if way == "loss" else -1), path)
    return sorted(PAGES, key=key)


def listed(document):
    return [row["name"] for row in document["panels"]["pages"]["rows"]]


@pytest.mark.each_database
@pytest.mark.parametrize("way", ["loss", "gain"])
@pytest.mark.parametrize("only", ["", "&f=device:mobile", "&site=site.test"])
def test_pages_stand_in_the_order_of_their_change(weeks, way, only):
    asked = f"?period=7d&sort={way}{only}"
    document = json_of(weeks, asked)
    assert document["query"]["sort"] == way
    assert listed(document) == by(way)[:10]
    assert document["panels"]["pages"]["distinct"] == len(PAGES)
    for row in document["panels"]["pages"]["rows"]:
        assert (row["compared_count"], row["count"]) == PAGES[row["name"]]
    assert [row["name"] for row in csv_of(weeks, "pages", "&" + asked[1:])] \
        == by(way)
    assert list(page_of(weeks, asked).rows("page"))[:10] == by(way)[:10]
    lines = sections_of(text_of(weeks, "/text" + asked))["Top pages"]
    assert [line.split()[0] for line in lines if line.startswith("/")] \
        == by(way)[:10]


@pytest.mark.parametrize("way", ["loss", "gain"])
def test_more_pages_through_the_order(weeks, way):
    """Each page of the list alone continues the one before, and leads to the
    next; the same rows are in its other forms."""
    found, turns = [], 0
    query = f"?period=7d&sort={way}&panel=pages&limit=8"
    while query:
        page = page_of(weeks, query)
        rows_of = list(page.rows("page"))
        found += rows_of
        turns += 1
        assert len(rows_of) == 8 or page.next is None
        for form in ("json", "text", "csv"):
            link = next(link for link in page.links
                        if link.startswith(f"usage-stats/{form}"))
            text = text_of(weeks, link.removeprefix("usage-stats"))
            assert all(name in text for name in rows_of), form
            assert not any(name in text for name in set(PAGES) - set(rows_of)
                           if name.startswith("/small-")), form
        query = page.next
    assert found == by(way)
    assert turns == 5
    page = page_of(weeks, f"?period=7d&sort={way}&panel=pages")
    assert list(page.rows("page")) == by(way)
    assert any(f"sort={way}" in link and "panel=pages" in link
               for link in page.links)


def test_what_waits_in_memory_counts_for_the_order(weeks):
    for _ in range(260):
        weeks.get("/more")
    weeks.settle()
    document = json_of(weeks, "?period=7d&sort=gain")
    assert listed(document)[:2] == ["/more", "/new"]
    assert document["panels"]["pages"]["rows"][0]["count"] == 660
    assert listed(json_of(weeks, "?period=7d&sort=loss"))[:3] == [
        "/gone", "/nearly", "/less"]


def test_the_order_is_offered_where_there_is_a_comparison(weeks):
    def offered(query):
        return {way for way in ("loss", "gain") for link in
                page_of(weeks, query).links if f"sort={way}" in link}
    assert offered("?period=7d") == {"loss", "gain"}
    assert offered("?period=7d&panel=pages") == {"loss", "gain"}
    for query in ("?period=7d&compare=none", "?period=7d&panel=sources",
                  "?period=7d&f=page:/less", "?period=all"):
        assert offered(query) == set(), query
    document = json_of(weeks, "?period=7d&compare=none&sort=loss")
    assert document["query"]["sort"] == "views"
    assert listed(document)[0] == "/less"
    assert weeks.get("/usage-stats?sort=name").status == 400


def changes(document, panel):
    return {row["name"]: (row["compared_count"], row["count"])
            for row in document["panels"][panel]["rows"]}


def test_rows_of_clients_and_events_know_what_they_were(weeks):
    document = json_of(weeks, "?period=7d")
    assert changes(document, "devices") == {"mobile": (100, 700),
                                            "desktop": (900, 300)}
    assert changes(document, "browsers") == {"Safari": (100, 700),
                                             "Firefox": (900, 300)}
    assert changes(document, "systems") == {"iOS": (100, 700),
                                            "Linux": (900, 300)}
    assert changes(document, "sources") == {"Google": (800, 200),
                                            "new.example": (0, 40)}
    assert changes(document, "source-kinds") == {"search": (800, 200),
                                                 "site": (60, 40)}
    assert changes(document, "countries") == {"DE": (10, 30)}
    assert changes(document, "languages") == {"ar": (7, 7)}
    assert changes(document, "outcomes") == {"view": (900, 450)}
    assert changes(document, "bots") == {"Googlebot": (4, 1)}
    for panel in ("devices", "sources", "outcomes", "bot-kinds"):
        rows_of = csv_of(weeks, panel, "&period=7d")
        assert {row["name"]: (int(row["compared_count"]), int(row["count"]))
                for row in rows_of} == changes(document, panel)
    text = text_of(weeks, "?period=7d")
    for name, change in (("mobile", "+600%"), ("desktop", "\u221267%"),
                         ("Google", "\u221275%"), ("new.example", "new"),
                         ("search", "\u221275%"), ("ar", "="),
                         ("view", "\u221250%")):
        assert any(change in row for row in shown(text, name)), (name, change)


def shown(text, name):
    """Rows of the page's tables that begin with a name."""
    for row in text.split("<tr>"):
        if f">{name}<" in row.split("</th>")[0]:
            yield row


def test_what_is_not_known_is_not_told(weeks):
    """Without a comparison, and of a page that is asked for alone."""
    document = json_of(weeks, "?period=7d&compare=none")
    assert {row["compared_count"] for panel in document["panels"].values()
            for row in panel["rows"]} == {None}
    assert csv_of(weeks, "devices", "&period=7d&compare=none")[0][
        "compared_count"] == ""
    alone = json_of(weeks, "?period=7d&f=page:/less")
    assert changes(alone, "pages") == {"/less": (2000, 1500)}
    weeks.get("/less")
    weeks.settle()
    alone = json_of(weeks, "?period=7d&f=page:/less")
    assert changes(alone, "pages") == {"/less": (2000, 1501)}
    assert sum(alone["panels"]["pages"]["rows"][0]["course"]) == 1501


def test_a_long_list_knows_what_each_page_was(weeks):
    rows_of = csv_of(weeks, "pages", "&period=7d")
    assert {row["name"]: (int(row["compared_views"]), int(row["views"]))
            for row in rows_of} == {
                path: views for path, views in PAGES.items() if views[1]}


def add_pages(server, pages):
    """Rows of pages, by their views then and now, beside those there are."""
    today = today_of(server) + DAY
    server.store.run("".join(
        "INSERT INTO usage_page (grain, start, site, path, views, visitors, "
        "visits, returning_visits, bounces, exits, seconds, bytes, millis) "
        f"VALUES (1, {start}, 'site.test', '{path}', {views}, 0, 0, 0, 0, 0, "
        "0, 0, 0);"
        for path, both in pages.items()
        for start, views in zip((today - 8 * DAY, today - DAY), both)))


def pages_of(server, order):
    """{path: (views, views then)} of the list of pages, in its order."""
    document = json_of(server, f"?site=site.test&period=7d{order}")
    return {row["name"]: (row["count"], row["compared_count"])
            for row in document["panels"]["pages"]["rows"]}


def test_a_page_the_answer_has_not_named_is_not_new(weeks):
    """Of one that is far down, and viewed just now, nobody asked what it was:
    it is neither new nor has it gained."""
    add_pages(weeks, {"/down": (3000, 1), "/last": (2000, 1),
                      **{f"/many-{i}": (2, 4) for i in range(600)}})
    for _ in range(5):
        weeks.get("/down")
    weeks.settle()
    assert "/down" not in pages_of(weeks, "&sort=gain")
    assert list(pages_of(weeks, "&sort=loss"))[:3] == [
        "/gone", "/nearly", "/down"]
    for _ in range(600):
        weeks.get("/last")
    weeks.settle()
    assert "/last" not in pages_of(weeks, "&sort=gain")
    assert pages_of(weeks, "")["/last"] == (600, None)
    assert "/last" in pages_of(weeks, "&sort=loss")


MANY = """
WITH RECURSIVE starts(start) AS (
  SELECT {first} UNION ALL
  SELECT start + 600 FROM starts WHERE start < {first} + 600 * ({count} - 1)
), paths(path) AS (
  VALUES ('/0'), ('/1'), ('/2'), ('/3'), ('/4'), ('/5'), ('/6'), ('/7'),
    ('/8'), ('/9')
) INSERT INTO usage_page (grain, start, site, path, views, visitors, visits,
  returning_visits, bounces, exits, seconds, bytes, millis)
SELECT 0, start, 'site.test', path, 1, 0, 0, 0, 0, 0, 0, 0, 0
FROM starts, paths;
INSERT INTO usage_total (grain, start, site, views, visitors, visits,
  returning_visits, bounces, exits, seconds, bytes, millis)
SELECT 0, start, 'site.test', sum(views), 0, 0, 0, 0, 0, 0, 0, 0
FROM usage_page WHERE grain = 0 GROUP BY start;
"""


def test_each_course_is_whole(serve):
    """Of ten pages with thousands of intervals each."""
    days, count = 14, 14 * 144
    server = serve("UsageInterval 10m\nUsageRetain base 60d\n")
    server.get("/a.html")
    server.stop()
    today = today_of(server)
    server.store.run("DELETE FROM usage_page; DELETE FROM usage_total;"
                     + MANY.format(first=today - days * DAY, count=count)
                     + counted(today - 3 * days * DAY))
    server.start()
    first, last = (time.strftime("%Y-%m-%d", time.gmtime(today - ago * DAY))
                   for ago in (days, 1))
    document = json_of(server, f"?site=site.test&from={first}&to={last}"
                               "&interval=hour")
    rows = document["panels"]["pages"]["rows"]
    assert [row["count"] for row in rows] == [count] * 10
    assert [sum(row["course"]) for row in rows] == [count] * 10
    assert {row["compared_count"] for row in rows} == {0}


def test_time_that_is_deleted_is_not_compared_with(serve):
    server = serve(start=False)
    server.replace_in_config("Usage On", "Usage On\nUsageRetain day 40d")
    server.start()
    server.get("/a.html")
    server.stop()
    server.store.run(counted(today_of(server) - 35 * DAY))
    server.start()
    for asked, is_compared in (("?period=7d", True), ("?period=30d", False)):
        document = json_of(server, asked)
        assert (document["query"]["compared"] is not None) == is_compared
        page = page_of(server, asked)
        assert ("not kept so long" in page.text) != is_compared
        row = document["panels"]["pages"]["rows"][0]
        assert (row["compared_count"] == 0) == is_compared


NOT_COUNTED = "No comparison: that time was not counted in full."


def is_compared(server, query):
    """As the document and the page say, which say so alike."""
    document = json_of(server, query)
    page = page_of(server, query)
    found = document["query"]["compared"] is not None
    assert (NOT_COUNTED in page.text) != found
    assert ("Change" in page.text) == found
    row = document["panels"]["pages"]["rows"][0]
    assert (row["compared_count"] is not None) == found
    return found


# All views but the newest.
FORGET = """
DELETE FROM usage_total WHERE site = 'old.test';
DELETE FROM usage_total WHERE grain > 0 AND start <
  (SELECT max(start) FROM (SELECT * FROM usage_total) AS one
    WHERE one.grain = usage_total.grain);
"""

PERIODS = {"day": 1, "7d": 13, "30d": 59}


@pytest.mark.each_database
def test_time_that_was_not_counted_is_not_compared_with(serve):
    """Nor one of which a part was not: the day of the first view is none. A
    period compares with the one before, which began so many days ago."""
    server = serve("")
    server.get("/a.html")
    server.settle()
    for period in PERIODS:
        assert not is_compared(server, f"?period={period}"), "no tables yet"
    server.stop()
    server.start()
    today = today_of(server)
    for ago in (1, 2, 13, 14, 59, 60, 600, 1000):
        for site in ("old.test", "site.test"):
            server.store.run(FORGET + counted(today - ago * DAY, site))
            server.graceful()  # who was asked before is not asked again
            for period, first in PERIODS.items():
                expected = first < ago < 900
                query = f"?period={period}&limit=5"
                assert is_compared(server, query) == expected, (ago, query)
                query += "&site=site.test"
                assert is_compared(server, query) == (
                    expected and site == "site.test"), (ago, query)


@pytest.mark.parametrize("kept, expected", [("12mo", True), ("13mo", False)])
def test_what_is_deleted_is_not_what_was_not_counted(serve, kept, expected):
    """Where no older month can be there, the first one tells."""
    server = serve(f"UsageRetain month {kept}\n")
    server.get("/a.html")
    server.stop()
    year, month = time.gmtime(today_of(server))[:2]
    server.store.run(counted(calendar.timegm((year - 1, month, 1, 0, 0, 0))))
    server.start()
    assert is_compared(server, f"?from={year}-{month:02}-01&interval=month"
                               "&compare=year") == expected


# The evening of 10 July 2026, and the first of June.
EVENING, JUNE = 1783706400, 1780272000

# How many days are kept, since when is shown, and the days since the view that
# tells: the first that is compared, or one of the month before.
LAST_DAYS = [("19d", "2026-07-01", 19), ("60d", "2026-06-21", 50)]


@pytest.mark.parametrize("has_view", [True, False])
@pytest.mark.parametrize("kept, first, ago", LAST_DAYS)
def test_days_tell_where_months_are_deleted(serve, kept, first, ago, has_view):
    server = serve(f"UsageRetain day {kept}\nUsageRetain month 1mo\n",
                   hurried=True, now=EVENING)
    server.get("/a.html")
    server.stop()
    if has_view:
        server.store.run(
            counted(today_of(server) - ago * DAY)
            + f"DELETE FROM usage_total WHERE grain = 2 AND start < {JUNE};")
    server.start()
    assert is_compared(server, f"?from={first}") == has_view
