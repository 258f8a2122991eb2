# SPDX-License-Identifier: Apache-2.0
"""What JSON, CSV, text and page say of a part: where a filter makes something
unknown, of one list, of a few rows, of some days."""

import re
import time

import pytest

from outputs import csv_of, json_of, sections_of, text_of
from server import COUNTING
from test_dashboard_site import HOSTS, ONE, TWO
from test_outputs import CONFIG, panel_rows, visit
from written import counted

DAY = 24 * 60 * 60

SAFARI = ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) "
          "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
          "Mobile/15E148 Safari/604.1")
EDGE = ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, "
        "like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0")


@pytest.mark.parametrize("only", ["f=device:desktop", "f=count:source-site"])
def test_what_a_filter_makes_unknown_is_nowhere(serve, only):
    """What isn't told apart by client would be everyone's."""
    server = serve(CONFIG, modules=["alias"])
    visit(server)
    server.stop()
    server.store.run(counted(int(time.time()) // DAY * DAY - 70 * DAY))
    server.start()
    document = json_of(server, "?" + only)
    assert document["known"]["visitors"] is False
    assert document["totals"]["today"] is None
    assert document["totals"]["yesterday"] is None
    assert {row["visitors"] for row in document["panels"]["pages"]["rows"]} \
        <= {0}
    sections = sections_of(text_of(server, "/text?" + only))
    totals = {line[:20].strip(): line[20:].split()
              for line in sections["Totals"]}
    assert totals["Visitors, by day"] == []
    assert len(totals["Views"]) == len(["Period", "Compared"])
    is_filter = only == "f=device:desktop"
    assert document["known"]["names"] is not is_filter
    for panel in ("outcomes", "sources", "languages", "bots"):
        is_empty = panel_rows(document, panel) == {}
        assert is_empty == is_filter, panel
        assert (csv_of(server, panel, "&" + only) == []) == is_filter
    rows = {row["time"]: row for row in csv_of(server, "totals", "&" + only)}
    assert set(rows) == {"period", "compared"}
    period = document["totals"]["period"]
    assert (int(rows["period"]["hits"]), int(rows["period"]["views"])) == (
        period["hits"], period["views"])
    assert period["hits"] == server.hits()
    page = text_of(server, "?" + only)
    assert (re.search(r"All views from [-\d]+ to [-\d]+, whatever the filters",
                      page) is not None) == is_filter
    assert ("are of all views." in page) == is_filter
    assert ("Sources" in sections) != is_filter
    assert ("Bots" in sections) != is_filter


def test_a_summary_is_of_all(serve):
    """However few pages it lists; what it can't be is refused."""
    server = serve(CONFIG, modules=["alias"])
    visit(server)
    for agent in (SAFARI, SAFARI, EDGE):
        server.get("/b", headers={"User-Agent": agent})
    server.settle()
    whole, short = (json_of(server, "?shape=summary" + more)
                    for more in ("", "&limit=1"))
    assert len(whole["top_pages"]) > len(short["top_pages"]) == 1
    assert whole["mobile_percentage"] > 0
    assert len(whole["browser_breakdown"]) > 1
    for name in set(whole) - {"top_pages"}:
        assert whole[name] == short[name], name
    for more in ("&f=device:mobile", "&page=2"):
        answer = server.get("/usage-stats/json?shape=summary" + more)
        assert answer.status == 400
        assert b"leave f and page out" in answer.body


def test_a_list_that_is_off_says_what_turns_it_on(serve):
    server = serve("")
    server.get("/a.html")
    for panel, directive in (("countries", "UsageBreakdown country"),
                             ("system-versions", "UsageBreakdown version"),
                             ("events", "UsageEvent")):
        page = text_of(server, "?panel=" + panel)
        assert f"(<code>{directive}</code>)" in page, panel
        assert "No visit began" not in page


def test_days_are_the_same_on_page_and_in_text(serve):
    server = serve("")
    server.get("/a.html")
    for query in ("", "?period=month", "?from=2026-01-03&to=2026-01-09",
                  "?from=2026-01-03&to=2026-01-03", "?period=day"):
        days = re.search(r'<p class="days">.*?<span>([-0-9to ]+)</span>',
                         text_of(server, query), re.S)[1]
        said = text_of(server, "/text" + query).splitlines()[1]
        assert said.split(None, 1)[1].endswith(days), (said, days)


def test_of_several_sites_the_busiest_minute_is_one_of_the_hour(serve):
    """Two that were busy one after the other were not so at once."""
    server = serve(HOSTS.replace("{one}", "").replace("{two}", ""),
                   counting=COUNTING, hurried=True)
    for headers, times in ((ONE, 8), (TWO, 7)):
        server.clock.advance(120)
        for _ in range(times):
            server.get("/a.html", headers=headers)
    server.settle()
    minutes = json_of(server)["minutes"]
    assert minutes["peak_views"] == max(minutes["views"]) == 8
    assert "the busiest minute of them had 8." in text_of(server, "")
    assert "Busiest so far" not in text_of(server, "/text")
    minutes = json_of(server, "?site=two.test")["minutes"]
    assert minutes["peak_views"] == 7
    assert "the busiest minute so far had 7." in text_of(
        server, "?site=two.test")


def test_visitors_of_a_page_are_those_of_an_average_day(serve):
    server = serve(CONFIG, modules=["alias"])
    visit(server)
    for name in ("Opera", "Vivaldi"):
        server.get("/b", headers={"User-Agent": EDGE + name})
    server.settle()
    for period in ("day", "7d", "30d", "12mo"):
        query = f"?f=page:/b&period={period}"
        period = json_of(server, query)["totals"]["period"]
        assert (period["visitors"], period["days"]) == (3, 1), query
        tile = re.search(r'<li class="visitors">.*?<b>(.*?)</b>',
                         text_of(server, query))[1]
        assert float(tile) == 3


def test_numbers_keep_their_order_from_right_to_left(serve):
    """A mark of direction goes before what has signs between its digits."""
    server = serve(CONFIG, modules=["alias"])
    visit(server)
    page = text_of(server, "?lang=ar")
    shares = re.findall(r"[^<>]*\d\.\d%", page)
    assert shares and all(one.startswith("\u200e") for one in shares), shares
    moments = re.findall(r".\d{4}-\d\d-\d\d \d\d:\d\d", page)
    assert moments and all(one[0] == "\u200e" for one in moments), moments
    assert "\u200e" not in text_of(server, "?lang=en")


def test_with_all_time_nothing_is_compared(serve):
    server = serve("")
    server.get("/a.html")
    assert 'class="choice compare"' in text_of(server, "")
    assert 'class="choice compare"' not in text_of(server, "?period=all")
