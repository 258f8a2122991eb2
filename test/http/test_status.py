# SPDX-License-Identifier: Apache-2.0
"""The section of mod_status's page."""

from server import COUNTING

STATUS = ('<Location "/server-status">\nSetHandler server-status\n'
          'Usage Off\n</Location>\n')

GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1)"


def auto(server):
    """{key: value} of this module's lines."""
    server.settle()
    lines = server.get("/server-status?auto").body.decode().splitlines()
    return dict(line.split(": ") for line in lines
                if line.startswith("Usage"))


def test_numbers_of_the_moment(serve):
    """The interval is a day: an hour may end just now, a day hardly does."""
    server = serve(STATUS + "UsageInterval 1d\nUsageTable 1024\n",
                   modules=["status"])
    found = auto(server)
    empty = float(found.pop("UsageTableFill"))
    assert found == {
        "UsageIntervalHits": "0", "UsageIntervalViews": "0",
        "UsageIntervalBots": "0", "UsageVisitorsToday": "0",
        "UsageLastFlush": "-1", "UsageFlushFailing": "-1"}
    for path in ("/a.html", "/b.html", "/style.css"):
        assert server.status(path) == 200
    assert server.status("/a.html", agent=GOOGLEBOT) == 200
    assert server.status("/a.html", agent="Opera/9.80 (X11; Linux)") == 200
    found = auto(server)
    assert found["UsageIntervalHits"] == "5"
    assert found["UsageIntervalViews"] == "3"
    assert found["UsageIntervalBots"] == "1"
    assert found["UsageVisitorsToday"] == "2"
    assert empty < float(found["UsageTableFill"]) < empty + 5


def test_flushes_are_told(serve):
    server = serve(STATUS, modules=["status"])
    server.status("/a.html")
    server.stop()
    server.start()
    assert 0 <= int(auto(server)["UsageLastFlush"]) < 60


def test_page_has_a_table_and_the_short_form_none(serve):
    server = serve(STATUS, modules=["status"])
    server.status("/a.html")
    server.settle()
    page = server.get("/server-status").body.decode()
    section = page[page.index("<h2>mod_usage</h2>"):]
    assert "<th align=\"left\">Views of this interval</th><td>" in section
    assert "site.test" not in section and "/a.html" not in section
    plain = server.get("/server-status?notable").body.decode()
    assert "<p>Views of this interval: " in plain
    assert b"mod_usage</h2>" not in server.get("/server-status?auto").body


def test_server_that_counts_nothing_has_no_section(serve):
    counting = COUNTING.replace("Usage On", "Usage Off")
    server = serve(STATUS, counting=counting, modules=["status"])
    assert auto(server) == {}
    assert b"mod_usage</h2>" not in server.get("/server-status").body
