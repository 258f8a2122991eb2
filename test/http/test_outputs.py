# SPDX-License-Identifier: Apache-2.0
"""JSON, CSV, text and metrics say what the page says, and what was counted."""

import os
import re

import pytest

from agreement import check_agreement, panel_rows
from outputs import (columns, csv_of, hits_in, json_of, logged_paths,
                     metrics_of, page_of, sections_of, text_of)
from processes import wait_until
from server import ANY_PATH
from test_users import ask, credentials, guarded

CONFIG = ANY_PATH + """
UsageBreakdown source language status not-found version
UsageEvent signup account
<Location "/gone">
    Redirect 410 /
</Location>
"""


def visit(server, **headers):
    """Some traffic of every kind; returns once all of it is counted."""
    for path, times in (("/a", 5), ("/b", 3), ("/docs/x", 2), ("/gone", 1),
                        ("/style.css", 4)):
        for _ in range(times):
            server.get(path, headers={"Accept-Language": "de", **headers})
    for agent in ("Googlebot/2.1", "curl/8.5.0"):
        server.ask("/a", agent=agent, headers=headers)
    server.ask("/b", method="HEAD", headers=headers)
    server.settle()


def test_all_of_them_agree(serve):
    server = serve(CONFIG, modules=["alias"])
    visit(server)
    document, metrics = check_agreement(server)
    outcomes = panel_rows(document, "outcomes")
    assert hits_in(metrics) == outcomes
    assert outcomes["view"] == 10
    totals = document["totals"]["period"]
    assert totals["views"] == 10
    assert metrics["usage_views_total", (("site", "site.test"),)] == 10
    assert (metrics["usage_view_bytes_total", (("site", "site.test"),)]
            == totals["bytes"])
    assert (metrics["usage_visits_total", (("site", "site.test"),)]
            == totals["visits"] == 1)
    assert metrics["usage_view_duration_seconds_count", ()] == 10
    assert metrics["usage_waiting_views", ()] == 10
    database = server.stop()
    assert database.outcomes() == outcomes
    assert database.pages() == panel_rows(document, "pages")
    server.start()
    again, metrics = check_agreement(server)
    for part in ("sites", "totals", "series", "newest"):
        assert again[part] == document[part]
    for panel, was in document["panels"].items():
        assert again["panels"][panel]["rows"] == was["rows"], panel
    assert again["health"]["waiting_views"] == 0
    assert again["health"]["batch"] > 0


def test_distinct_things_are_in_all_of_them(serve):
    server = guarded(serve, "UsageUsers random\n")
    for name in ("anna", "bert", "anna"):
        assert ask(server, name) == 200
    server.settle()
    document, _ = check_agreement(server)
    assert document["distinct"] == [{"category": "user", "today": 2,
                                     "yesterday": 0, "period": 2, "days": 1}]
    assert page_of(server).rows("of category") == {
        "user": [2, 0, 20]}  # 2.0
    lines = sections_of(text_of(server, "/text"))["Distinct by the day"]
    assert lines[1].split() == ["user", "2", "0", "2.0"]


def test_replayed_traffic_equals_a_query_by_hand(serve):
    server = serve(ANY_PATH, modules=["alias"])
    for path in logged_paths(400):
        server.get(path)
    server.settle()
    document = json_of(server, "?limit=10000&period=day")
    rows = csv_of(server, "pages", "&period=day")
    database = server.stop()
    by_hand = database.pages()
    assert len(by_hand) > 20
    assert panel_rows(document, "pages") == by_hand
    assert {row["name"]: int(row["views"]) for row in rows} == by_hand
    assert document["panels"]["pages"]["distinct"] == len(by_hand)
    assert document["totals"]["period"]["views"] == sum(by_hand.values())
    assert sum(point["views"] for point in document["series"]) == sum(
        by_hand.values())


def test_summary_has_the_shape_of_data(serve):
    server = serve(CONFIG, modules=["alias"])
    visit(server)
    data = json_of(server, "?shape=summary&period=90d")
    assert list(data) == [
        "unique_visitors", "new_visitors", "returning_visitors",
        "total_page_views", "views_per_visitor", "today_page_views",
        "yesterday_page_views", "top_device_type", "top_device_percentage",
        "desktop_percentage", "mobile_percentage", "tablet_percentage",
        "top_browser", "browser_breakdown", "top_pages", "recent_visits",
        "recent_visit_count", "hourly_activity_percentage"]
    assert data["total_page_views"] == data["today_page_views"] == 10
    assert data["unique_visitors"] == data["new_visitors"] == 1
    assert data["views_per_visitor"] == 10
    assert data["browser_breakdown"] == {"Firefox": 100}
    assert data["desktop_percentage"] == data["top_device_percentage"] == 100
    assert data["top_pages"][0] == {"path": "/a", "views": 5}
    assert data["recent_visit_count"] == len(data["recent_visits"]) == 10
    assert list(data["recent_visits"][0]) == ["time", "path", "device_type",
                                              "browser", "os"]
    assert data["hourly_activity_percentage"] == 10


def test_counters_only_grow(serve):
    server = serve("UsageFlushInterval 10s\n" + CONFIG, modules=["alias"],
                   hurried=True)
    total = ("usage_views_total", (("site", "site.test"),))
    views, batches = 0, 0
    for _ in range(4):
        visit(server)
        views += 10
        before = metrics_of(server)
        assert before[total] == views
        assert hits_in(before)["view"] == views
        server.clock.advance(3600)
        assert wait_until(lambda was=batches: metrics_of(server)[
            "usage_batch_number", ()] > was, 60)
        assert wait_until(
            lambda: metrics_of(server)["usage_waiting_views", ()] == 0, 60)
        after = metrics_of(server)
        batches = after["usage_batch_number", ()]
        for key, value in before.items():
            if key[0].endswith(("_total", "_bucket", "_count", "_sum")):
                assert after[key] >= value, key
        assert after[total] == views
        assert after["usage_flush_age_seconds", ()] >= 0
        assert after["usage_flush_failures_total", ()] == 0
        old = server.log().count("resuming normal operations")
        server.graceful()
        assert wait_until(lambda was=old: server.log().count(
            "resuming normal operations") > was, 30)
        assert metrics_of(server)[total] == views


def test_failures_are_told(serve):
    server = serve("UsageFlushInterval 10s\n", hurried=True, start=False)
    server.expect("USG", "DBD|dbd")
    with open(server.database_file, "w") as file:
        file.write("no database " * 200)
    server.give(server.database_file)
    server.start()
    server.status("/a.html")
    server.clock.advance(60)
    assert wait_until(lambda: metrics_of(server)[
        "usage_flush_failures_total", ()] > 0, 60)
    assert metrics_of(server)["usage_flush_failing", ()] == 1
    assert metrics_of(server)["usage_waiting_views", ()] == 1
    document = json_of(server)
    assert document["health"]["database_error"]
    assert document["health"]["flush_error"]
    assert "Live numbers only" in text_of(server, "/text")
    os.unlink(server.database_file)


@pytest.mark.parametrize("part, status", [
    ("/csv", 400), ("/csv?table=", 400), ("/csv?table=x", 400),
    ("/csv?table=pages%00", 400), ("/csv?table=%FF", 400),
    ("/csv?table=pages&period=x", 400), ("/json?period=tomorrow", 400),
    ("/json?shape=x", 400), ("/json?site=%0A", 400), ("/text?period=x", 400),
    ("/csv?table=pages&limit=0", 400), ("/csv?table=pages&limit=10001", 400),
    ("/text?unknown=1", 200), ("/json?limit=1", 200), ("/metrics?x=1", 200),
    ("/json/", 404), ("/metric", 404), ("/csv/pages", 404)])
def test_bad_arguments(serve, part, status):
    answer = serve().get("/usage-stats" + part)
    assert answer.status == status
    if status == 400:
        assert answer.headers["Content-Type"].startswith("text/plain")
        assert len(answer.body.split()) > 5
        assert answer.headers["Cache-Control"] == "no-store"
    if part.startswith("/csv?table=x"):
        assert b"series" in answer.body and b"bot-kinds" in answer.body


TYPES = {"": "text/html", "/json": "application/json",
         "/csv?table=pages": "text/csv", "/text": "text/plain",
         "/style.css": "text/css",
         "/metrics": "text/plain; version=0.0.4"}


@pytest.mark.parametrize("part, kind", TYPES.items())
def test_heads_and_tags(serve, part, kind):
    server = serve()
    server.status("/a.html")
    server.settle()
    path = "/usage-stats" + part
    answer = server.get(path)
    assert answer.headers["Content-Type"].startswith(kind)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    head = server.ask(path, method="HEAD")
    assert head.status == 200 and head.body == b""
    assert answer.headers.get("Vary") == {"": "Accept-Language",
                                          "/metrics": "Accept"}.get(part)
    if part == "/metrics":
        assert answer.headers["Cache-Control"] == "no-store"
        return
    assert answer.headers["Cache-Control"] == (
        "max-age=300" if part == "/style.css" else "private, no-cache")
    # A minute may end in between: then there is another page.
    def is_known():
        now = server.get(path)
        tag = now.headers["ETag"]
        assert re.fullmatch('"[0-9a-f]{32}"', tag)
        assert int(now.headers["Content-Length"]) == len(now.body)
        again = server.get(path, headers={"If-None-Match": tag})
        assert again.status in (200, 304)
        # The same is told of it without it, but for the second.
        head = server.ask(path, method="HEAD")
        same = {**head.headers, "Date": ""} == {**now.headers, "Date": ""}
        assert head.headers.keys() == now.headers.keys()
        return again.status == 304 and again.body == b"" and same and tag

    tag = wait_until(is_known, 30)
    assert tag
    other = server.get(path, headers={"If-None-Match": '"0"'})
    assert other.status == 200
    if part != "/style.css":
        server.status("/b.html")
        server.settle()
        changed = server.get(path, headers={"If-None-Match": tag})
        assert changed.status == 200 and b"b.html" in changed.body


CODINGS = {"deflate": ("DEFLATE", "gzip"), "brotli": ("BROTLI_COMPRESS", "br")}


@pytest.mark.parametrize("module", CODINGS)
@pytest.mark.parametrize("part", ["", "/json", "/style.css", "/script.js"])
def test_what_is_compressed_is_known_again(serve, module, part):
    """By the tag that it came with, in whatever list, and by no other; of who
    takes it compressed."""
    output, coding = CODINGS[module]
    server = serve(f"SetOutputFilter {output}\n", modules=[module])
    server.status("/a.html")
    server.settle()
    takes = {"Accept-Encoding": f"identity, {coding}"}

    def asked(tag, headers):
        return server.get("/usage-stats" + part, headers={
            "If-None-Match": tag, **headers})

    def is_known():
        answer = server.get("/usage-stats" + part, headers=takes)
        assert answer.headers["Content-Encoding"] == coding
        tag = answer.headers["ETag"]
        assert tag.endswith(f'-{coding}"')
        again = [asked(its, takes) for its in (tag, "W/" + tag, '"x", ' + tag)]
        for its in again:
            assert its.status in (200, 304)
            assert its.status == 200 or its.headers["ETag"] == tag
            assert "Accept-Encoding" in its.headers["Vary"]
        return {its.status for its in again} == {304} and tag

    tag = wait_until(is_known, 30)
    assert tag
    assert asked(tag, {}).status == 200
    assert asked(tag.replace(coding, "xz"), takes).status == 200
    assert asked('"0-' + tag[3:], takes).status == 200
    if part == "/style.css":
        assert asked(tag.replace("-" + coding, ""), {}).status == 304


PARTS = {"Hours of the week", "Visits of these pages", "The newest views",
         "The last hour", "Totals", "Top pages", "Devices", "What became of each hit"}


def test_text_has_what_the_page_has(serve):
    """Each part of the page, by its heading, where the page has it; and of a
    list alone, that one."""
    server = guarded(serve, CONFIG + "UsageUsers random\n", more=["alias"])
    visit(server, **credentials("anna"))
    sections = sections_of(text_of(server, "/text"))
    headings = page_of(server).headings
    assert headings[:2] == ["Usage of all sites", "Views by day"]
    own = ("Totals", "Views", "Visits of these pages")
    assert list(sections)[:2] == list(own[:2])
    assert [title for title in sections if title not in own] == headings[2:]
    assert "Distinct by the day" in headings and "Marks" in headings
    assert PARTS <= set(sections)
    heat = sections["Hours of the week"]
    assert [line[:3] for line in heat[1:8]] == [
        "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert {columns(line) for line in heat[:8]} == {75}
    assert sum(line.count("\u2588\u2588") for line in heat[1:8]) >= 1
    visits = sections["Visits of these pages"]
    assert visits[0].split() == ["Visitors", "Entries", "Exits", "Bounces",
                                 "Time", "Course"]
    assert "%" in visits[1] and "\u2588" in visits[1]
    alone = sections_of(text_of(server, "/text?panel=devices"))
    assert set(alone) == {"Devices"}


def test_csv_is_a_download(serve):
    answer = serve().get("/usage-stats/csv?table=pages")
    assert (answer.headers["Content-Disposition"]
            == 'attachment; filename="usage-pages.csv"')


def test_text_is_of_terminals(serve):
    server = serve(ANY_PATH, modules=["alias"])
    for path in ("/" + "%E4%BD%A0" * 80, "/" + "z%CC%81" * 80, "/" + "w" * 200,
                 "/%F0%9F%98%80" * 20, "/plain"):
        assert server.status(path) == 200
    server.settle()
    sections = sections_of(text_of(server, "/text?period=day"))
    assert len(sections["Top pages"]) == 5
    ends = {columns(line[:line.index("%")]) for line in sections["Top pages"]}
    assert len(ends) == 1, sections["Top pages"]
    assert sum("\u2026" in line for line in sections["Top pages"]) == 4
