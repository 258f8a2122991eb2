# SPDX-License-Identifier: Apache-2.0
"""What is a view, and what is not, by more than path, agent and status."""

import pytest

from server import ANY_PATH

VHOSTS = """
<VirtualHost 127.0.0.1:{port}>
    ServerName gpc.test
    UsageOptOut gpc
</VirtualHost>
<VirtualHost 127.0.0.1:{port}>
    ServerName both.test
    UsageOptOut gpc dnt
</VirtualHost>
"""


@pytest.mark.parametrize("headers, outcome", [
    ({"Sec-Purpose": "prefetch"}, "prefetch"),
    ({"Sec-Purpose": "prefetch;prerender"}, "prefetch"),
    ({"Purpose": "prefetch"}, "prefetch"),
    ({"Purpose": "Prerender"}, "prefetch"),
    ({"X-Purpose": "preview"}, "prefetch"),
    ({"X-Purpose": "instant"}, "prefetch"),
    ({"X-Moz": "prefetch"}, "prefetch"),
    ({"Sec-Fetch-Dest": "empty"}, "fetch"),
    ({"Sec-Fetch-Dest": "image"}, "fetch"),
    ({"Sec-Fetch-Dest": "document"}, "view"),
    ({"Sec-Fetch-Dest": "iframe"}, "view"),
    ({"Purpose": "reading"}, "view"),
    ({"DNT": "1", "Sec-GPC": "1"}, "view"),
])
def test_headers(serve, headers, outcome):
    server = serve()
    assert server.status("/a.html", headers=headers) == 200
    assert server.count().outcomes() == {outcome: 1}


def test_opting_out(serve):
    server = serve(VHOSTS)
    for host in ("gpc.test", "both.test"):
        for header in ("Sec-GPC", "DNT"):
            for value in ("1", "0"):
                assert server.status("/a.html", headers={
                    "Host": host, header: value}) == 200
    database = server.count()
    assert database.outcomes(site="gpc.test") == {"opted-out": 1, "view": 3}
    assert database.outcomes(site="both.test") == {"opted-out": 2, "view": 2}


def test_patterns(serve):
    server = serve("""
        UsageExclude ~^/user/\\d+/edit$ "expr=%{HTTP:X-Staff} == 'yes'"
        UsageExclude "expr=-R '127.0.0.9'"
        UsageInclude /api/docs ~\\.txt$
        UsageTypes text/html text/plain
        """ + ANY_PATH, modules=["alias"])
    for path in ("/user/17/edit", "/user/x/edit", "/api/docs/a", "/api/other",
                 "/readme.txt"):
        assert server.status(path) == 200
    assert server.status("/staff", headers={"X-Staff": "yes"}) == 200
    assert server.status("/guest", headers={"X-Staff": "no"}) == 200
    database = server.count()
    assert database.outcomes() == {"excluded": 3, "view": 4}
    assert set(database.pages()) == {"/user/x/edit", "/api/docs/a",
                                     "/readme.txt", "/guest"}


def test_paths_by_rule(serve):
    server = serve("""
        UsagePath ^/order/\\d+ /order/{id}
        UsagePath ^(.*/)index\\.[a-z]+$ $1
        UsagePath ^(.+)/$ $1
        """ + ANY_PATH, modules=["alias"])
    for path in ("/order/1", "/order/22/items", "/docs/index.html", "/docs/",
                 "/docs", "/index.php"):
        assert server.status(path) == 200
    assert server.count().pages() == {"/order/{id}": 1, "/order/{id}/items": 1,
                                      "/docs": 3, "/": 1}


@pytest.mark.parametrize("line, word", [
    ("UsageExclude ~(", "regular expression"),
    ("UsageExclude expr=(", "expr"),
    ("UsageInclude nothing", "no path"),
    ("UsagePath ( x", "regular expression"),
    ("UsageOptOut maybe", "gpc"),
    ("UsageVisitor cookie", "address"),
    ("UsageAddressMask 33 48", "0 to 32"),
    ("UsageSessionWindow 1s", "1m to 12h"),
    ("UsageVisitors 5", "1024"),
    ("UsagePaths 0", "from 1"),
    ("UsageRecent -1", "from 0"),
    ("UsageBotPattern nice x1", "kind of bot"),
])
def test_bad_values_are_named(serve, line, word):
    server = serve(line, start=False)
    is_good, said = server.check()
    assert not is_good and line.split()[0] in said and word in said


def test_budget_of_paths(serve):
    server = serve("UsagePaths 3\n" + ANY_PATH, modules=["alias"])
    for path in ("/1", "/2", "/3", "/4", "/1", "/5", "/3"):
        assert server.status(path) == 200
        server.settle()
    assert server.count().pages() == {"/1": 2, "/2": 1, "/3": 2, "/*": 2}


def test_visits_over_restarts_of_every_kind(serve):
    server = serve()
    for end in (server.graceful, server.restart, server.kill, server.stop,
                server.kill):
        assert server.status("/a.html") == 200
        server.settle()
        end()
        if end in (server.kill, server.stop):
            server.start()
    assert server.status("/b.html") == 200
    other = "Mozilla/5.0 (Windows NT 10.0; rv:127.0) Gecko Firefox/127.0"
    assert server.status("/b.html", agent=other) == 200
    database = server.stop()
    totals = {name: sum(row[name] for row in database.rows("usage_total", 1))
              for name in ("views", "visitors", "visits", "bounces", "exits")}
    assert totals == {"views": 7, "visitors": 2, "visits": 2, "bounces": 1,
                      "exits": 2}
    seen = database.tables["usage_seen"]
    assert [row["visitors"] for row in seen] == [2]
    newest = database.tables["usage_recent"]
    assert sorted(row["path"] for row in newest) == ["/a.html"] * 5 + [
        "/b.html"] * 2
    assert sum(row["new"] for row in newest) == 2


@pytest.mark.parametrize("keep, rows", [(0, 0), (2, 2)])
def test_newest_views_that_are_kept(serve, keep, rows):
    server = serve(f"UsageRecent {keep}\n")
    for _ in range(3):
        assert server.status("/a.html") == 200
    database = server.count()
    assert len(database.tables["usage_recent"]) == rows
