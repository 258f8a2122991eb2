# SPDX-License-Identifier: Apache-2.0
"""Numbers are the same on the page, in JSON, CSV, text and metrics, and equal
a query by hand."""

import pytest

from agreement import check_agreement, panel_rows
from outputs import json_of
from server import ANY_PATH, BROWSER
from test_breakdowns import PROXIED

DAY = 24 * 60 * 60
# Noon in UTC, on a Wednesday.
NOON = 1773230400

# Rows wait for a flush in a table that is small, or are in the database.
CONFIG = PROXIED + ANY_PATH + """
UsageTable 1024
UsageFlushInterval 1d
UsageRetain base 60d
"""
MODULES = ["alias", "remoteip"]

# Seconds before the last moment, in order: whose view, and of which page.
VIEWS = [
    # Long before, so that the rest is compared.
    (20 * DAY, "a", "/"),
    # The week before the last seven days.
    (9 * DAY, "a", "/"), (9 * DAY - 40, "a", "/docs"),
    (9 * DAY - 90, "a", "/price"), (8 * DAY, "b", "/"),
    # A visit each of bounces, of two and of many pages.
    (4 * DAY + 7200, "a", "/"), (4 * DAY + 7000, "a", "/docs"),
    (4 * DAY + 6700, "a", "/price"), (4 * DAY + 6000, "b", "/docs"),
    (4 * DAY, "c", "/"), (3 * DAY, "d", "/news"), (3 * DAY - 7200, "d", "/"),
    (2 * DAY, "e", "/"), (2 * DAY - 5, "e", "/docs"),
    # Yesterday.
    (DAY + 3600, "a", "/"), (DAY + 3500, "a", "/docs"),
    (DAY + 3000, "b", "/price"), (DAY, "c", "/docs"), (DAY - 20, "c", "/"),
    # Today: one who comes again, and the last hour.
    (3 * 3600, "a", "/"), (3 * 3600 - 65, "a", "/price"),
    (3000, "a", "/docs"), (2900, "a", "/docs"), (2000, "b", "/"),
    (1500, "b", "/news"), (600, "c", "/"), (590, "c", "/docs"),
    (200, "d", "/"), (190, "d", "/news"), (130, "d", "/docs"),
    (70, "e", "/"), (30, "f", "/docs"), (0, "f", "/"), (0, "f", "/price"),
]


def play(serve, views=VIEWS, agents=None, **details):
    """A server that had the views, a bot's hits and an asset's; its clock has
    stopped at noon. What it had before today is in the database, the rest is
    in memory."""
    server = serve(CONFIG, modules=MODULES, hurried=True,
                   now=NOON - views[0][0], **details)
    date = (NOON - views[0][0]) // DAY
    for ago, visitor, path in views:
        if (NOON - ago) // DAY != date:
            # The day's salt is made, and what was before is written.
            date = (NOON - ago) // DAY
            server.stop()
            server.clock.stop(NOON - ago)
            server.start()
        server.clock.stop(NOON - ago)
        server.status(path, agent=(agents or {}).get(visitor, BROWSER),
                      headers={"X-From": f"10.0.0.{ord(visitor)}"})
    server.ask("/docs", agent="Googlebot/2.1")
    server.status("/style.css")
    server.settle()
    return server


@pytest.mark.parametrize("query", ["?period=7d", "?period=day", "?period=30d",
                                   "?period=7d&compare=none",
                                   "?period=7d&sort=gain"])
def test_each_number_is_the_same_everywhere(serve, query):
    """Of a server whose counts are in part in the database already."""
    server = play(serve)
    document, _ = check_agreement(server, query)
    minutes = document["minutes"]
    last = [ago for ago, _, _ in VIEWS if ago < 3600]
    assert sum(minutes["views"]) == len(last)
    assert minutes["views"][-5:] == [
        sum(ago == 0 if by == 0 else 60 * by - 60 < ago <= 60 * by
            for ago in last) for by in (4, 3, 2, 1, 0)]
    assert minutes["peak_views"] == 2
    assert document["health"]["fill_permille"] > 0
    assert document["health"]["last_flush"]
    totals = document["totals"]["period"]
    assert len({totals[name] for name in (
        "views", "visits", "visitors", "bounces", "seconds")}) == 5
    rows = document["panels"]["pages"]["rows"]
    assert any(row["visits"] != row["exits"] for row in rows)
    assert sum(row["visits"] for row in rows) == totals["visits"]


COUNTERS = ("views", "visits", "returning_visits", "bounces", "exits",
            "seconds")


def sums_by_hand(server, keys, grain, first):
    """{key: {counter: sum}} of all rows of single views from a start on."""
    found = {}
    for row in server.store.read(["usage_view"])["usage_view"]:
        if row["grain"] == grain and row["start"] >= first:
            its = found.setdefault(tuple(row[key] for key in keys),
                                   dict.fromkeys(COUNTERS, 0))
            for name in COUNTERS:
                its[name] += row[name]
    return found


@pytest.mark.each_database
def test_numbers_equal_a_query_by_hand(serve):
    """Before they are in the database, and then: of the period, of each day,
    and of each page. What they must be is known, too."""
    server = play(serve)
    live = json_of(server, "?period=7d")
    server.stop()
    server.start()
    first = NOON - NOON % DAY - 6 * DAY
    pages = sums_by_hand(server, ["path"], 1, first)
    days = sums_by_hand(server, ["start"], 1, first)
    whole = sums_by_hand(server, [], 1, first)[()]
    assert sums_by_hand(server, [], 0, first)[()] == whole
    visitors = {row["start"]: row["visitors"] for row in
                server.store.read(["usage_total"])["usage_total"]
                if row["grain"] == 1}
    for document in (live, json_of(server, "?period=7d")):
        totals = document["totals"]["period"]
        assert {name: totals[name] for name in COUNTERS} == whole
        assert {row["name"]: {name: row[name] for name in COUNTERS}
                for row in document["panels"]["pages"]["rows"]} == {
                    path: its for (path,), its in pages.items()}
        assert {(point["start"],): {name: point[name] for name in COUNTERS}
                for point in document["series"] if point["views"]} == days
        assert {point["start"]: point["visitors"] for point
                in document["series"] if point["views"]} == {
                    start: visitors[start] for start, in days}
        assert panel_rows(document, "outcomes") == {
            "view": whole["views"], "bot": 1, "asset": 1}
        check_story(document)


def visits_of(views):
    """[(visitor, [(ago, path), ...])], by when they began."""
    visits = []
    last = {}
    for ago, visitor, path in views:
        if visitor in last and last[visitor][-1][0] - ago < 1800:
            last[visitor].append((ago, path))
        else:
            last[visitor] = [(ago, path)]
            visits.append((visitor, last[visitor]))
    return visits


def check_story(document):
    """What the views add up to, without any table."""
    views = [view for view in VIEWS if view[0] < 7 * DAY]
    visits = [its for _, its in visits_of(views)]
    seen = {((NOON - ago) // DAY, visitor) for ago, visitor, _ in views}
    totals = document["totals"]
    assert {name: totals["period"][name] for name in (
        "views", "visits", "visitors", "bounces", "exits", "seconds")} == {
            "views": len(views), "visits": len(visits), "visitors": len(seen),
            "bounces": sum(len(its) == 1 for its in visits),
            "exits": len(visits),
            "seconds": sum(its[0][0] - its[-1][0] for its in visits)}
    assert totals["period"]["hits"] == len(views) + 2
    for row in document["panels"]["pages"]["rows"]:
        path = row["name"]
        assert {name: row[name] for name in (
            "views", "visits", "exits", "bounces", "seconds")} == {
                "views": sum(view[2] == path for view in views),
                "visits": sum(its[0][1] == path for its in visits),
                "exits": sum(its[-1][1] == path for its in visits),
                "bounces": sum(its[0][1] == path for its in visits
                               if len(its) == 1),
                "seconds": sum(
                    one[0] - next_one[0] for its in visits
                    for one, next_one in zip(its, its[1:])
                    if one[1] == path)}, path
    found = [[0] * 24 for _ in range(7)]
    for ago, _, _ in views:
        time = NOON - ago
        # The first of January 1970 was a Thursday.
        found[(time // DAY + 3) % 7][time % DAY // 3600] += 1
    assert document["heat"]["views"] == found
