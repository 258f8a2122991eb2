# SPDX-License-Identifier: Apache-2.0
"""Events, through each of the doors that are open for them."""

import pytest

GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1)"

HEADER = 'UsageEventHeader On\nHeader set Usage-Event "{value}"\n'


def headed(serve, value, config="", **details):
    """A server each of whose answers has the header."""
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return serve(config + HEADER.replace("{value}", quoted),
                 modules=["headers"], **details)


def test_directive_counts_what_it_applies_to(serve):
    server = serve('<Location "/a.html">\n'
                   'UsageEvent signup account\n'
                   'UsageEvent visit\n'
                   '</Location>\n'
                   '<Location "/style.css">\n'
                   'UsageEvent styled\n'
                   '</Location>\n')
    for path in ("/a.html", "/a.html", "/b.html", "/style.css"):
        assert server.status(path) == 200
    assert server.count().events() == {("account", "signup"): 2,
                                       ("event", "visit"): 2,
                                       ("event", "styled"): 1}


def test_directives_of_places_within_one_another_add_up(serve):
    server = serve('UsageEvent everywhere\n'
                   '<Location "/a.html">\nUsageEvent here\n</Location>\n')
    server.status("/a.html")
    server.status("/b.html")
    assert server.count().events() == {("event", "everywhere"): 2,
                                       ("event", "here"): 1}


def test_places_that_share_rules_count_their_own(serve):
    """What a request's places say together lies where those of another did."""
    place = ('<Location "/{0}.html">\nUsageEvent {0}\n</Location>\n'
             '<LocationMatch "\\.html$">\nUsageEvent page\n'
             '</LocationMatch>\n')
    server = serve("UsageEvent any\n" + place.format("a")
                   + place.format("b"))
    for path in ("/a.html", "/b.html") * 4:
        server.status(path)
    assert server.count().events() == {
        ("event", "any"): 8, ("event", "page"): 16,
        ("event", "a"): 4, ("event", "b"): 4}


def test_names_and_categories_may_be_expressions(serve):
    server = serve('SetEnvIf X-Plan "(.*)" plan=$1\n'
                   'UsageEvent "%{env:plan}" "plans of %{REQUEST_METHOD}"\n',
                   modules=["setenvif"])
    for plan in ("free", "gold", "free", ""):
        server.status("/a.html", headers={"X-Plan": plan})
    server.status("/a.html", headers={"X-Plan": "a\x85b"})
    assert server.count().events() == {
        ("plans of GET", "free"): 2, ("plans of GET", "gold"): 1,
        ("plans of GET", "#"): 1, ("plans of GET", "a%85b"): 1}


def test_condition_decides_and_else_the_status(serve):
    server = serve('UsageEvent good\n'
                   'UsageEvent lost "expr=%{REQUEST_STATUS} == 404"\n'
                   'UsageEvent asked words "expr=%{QUERY_STRING} =~ /q=/"\n')
    server.status("/a.html")
    server.status("/a.html?q=1")
    assert server.status("/none") == 404
    assert server.count().events() == {
        ("event", "good"): 2, ("event", "lost"): 1, ("words", "asked"): 1}


def test_condition_sees_the_request_of_the_client(serve):
    """Also when another was answered in its place."""
    server = serve('RewriteEngine On\n'
                   '<Directory "{folder}/site">\n'
                   'RewriteEngine On\nRewriteRule ^old$ /a.html\n'
                   '</Directory>\n'
                   'ErrorDocument 404 /b.html\n'
                   'UsageEvent old "expr=%{REQUEST_URI} == \'/old\'"\n'
                   'UsageEvent lost "expr=%{REQUEST_STATUS} == 404"\n',
                   modules=["rewrite"])
    assert server.status("/old") == 200
    assert server.status("/none") == 404
    assert server.count().events() == {("event", "old"): 1,
                                       ("event", "lost"): 1}


def test_whose_events_are_not_counted(serve):
    server = serve('UsageOptOut gpc\n'
                   'UsageEvent any\n'
                   'UsageEvent posted "expr=%{REQUEST_METHOD} == \'POST\'"\n'
                   'UsageExclude "expr=%{HTTP:X-Own} == \'yes\'"\n'
                   'UsageExclude /a.html\n')
    for path in ("/index.html", "/a.html", "/style.css"):
        server.status(path)
        server.status(path, agent=GOOGLEBOT)
        server.status(path, headers={"Sec-GPC": "1"})
        server.status(path, headers={"Sec-Purpose": "prefetch"})
        server.status(path, headers={"X-Own": "yes"})
    server.ask("/index.html", "POST", body=b"")
    server.ask("/index.html", "POST", body=b"", agent=GOOGLEBOT)
    server.ask("/index.html", "POST", body=b"", headers={"Sec-GPC": "1"})
    server.status("/index.html", headers={"Sec-Fetch-Dest": "empty"})
    server.status("/usage-stats")
    database = server.count()
    assert database.events() == {("event", "any"): 5, ("event", "posted"): 1}
    assert database.outcomes()["excluded"] == 3 + 4


def test_bots_events_count_where_their_views_do(serve):
    server = serve("UsageBots Count\nUsageEvent any\n")
    server.status("/a.html", agent=GOOGLEBOT)
    assert server.count().events() == {("event", "any"): 1}


def test_nothing_is_counted_where_counting_is_off(serve):
    server = serve('UsageEvent any\n'
                   '<Location "/a.html">\nUsage Off\n</Location>\n')
    server.status("/a.html")
    server.status("/b.html")
    assert server.stop().events() == {("event", "any"): 1}


def test_variable_of_setenvif_and_rewrite(serve):
    server = serve(
        'UsageEventEnv On\n'
        'SetEnvIf Request_URI "^/a" "usage-event=seen; category=a; count=3"\n'
        'RewriteEngine On\n'
        'RewriteRule ^/b - [E=usage-event:rewritten]\n'
        '<Location "/style.css">\nUsageEventEnv Off\n'
        'SetEnv usage-event shut\n</Location>\n',
        modules=["setenvif", "rewrite", "env"])
    for path in ("/a.html", "/a.html", "/b.html", "/style.css"):
        server.status(path)
    assert server.count().events() == {("a", "seen"): 6,
                                       ("event", "rewritten"): 1}


def test_variable_is_nothing_unless_its_door_is_open(serve):
    server = serve('SetEnvIf Request_URI "^/a" usage-event=seen\n',
                   modules=["setenvif"])
    server.status("/a.html")
    assert server.count().events() == {}


LINES = {
    "signup": {("event", "signup"): 1},
    "signup; category=account; count=3": {("account", "signup"): 3},
    "a, b;count=2,a": {("event", "a"): 2, ("event", "b"): 2},
    'a; category="x, y; \\"z\\""': {('x, y; "z"', "a"): 1},
    "a; count=0": {},
    '""': {("event", "#"): 1},
    "signup; category=outcome": {("_outcome", "signup"): 1},
    "x; category=bot-search": {("_bot-search", "x"): 1},
    "a; count=-1, b": {("event", "b"): 1},
    '"a': {},
}


@pytest.mark.parametrize("value", LINES)
def test_header_of_a_response(serve, value):
    server = headed(serve, value)
    answer = server.get("/a.html")
    assert answer.status == 200
    assert "Usage-Event" not in answer.headers
    assert server.count().events() == LINES[value]


def test_header_is_taken_off_every_answer(serve):
    """Of an error, a redirect, a HEAD, a part or none, an asset."""
    server = serve(
        'UsageEventHeader On\n'
        'Header always set Usage-Event one\nHeader add Usage-Event two\n'
        'ErrorDocument 404 /b.html\nRedirect /there /a.html\n',
        modules=["headers", "alias"])
    paths = {"/none": 404, "/there": 302, "/a.html": 200, "/style.css": 200,
             "/": 200}
    for path, status in paths.items():
        answer = server.get(path)
        assert answer.status == status
        assert "Usage-Event" not in answer.headers, path
    answer = server.ask("/a.html", "HEAD")
    assert "Usage-Event" not in answer.headers
    answer = server.get("/a.html", headers={"Range": "bytes=0-4"})
    assert answer.status == 206 and "Usage-Event" not in answer.headers
    answer = server.get("/a.html", headers={"Range": "bytes=99999-"})
    assert answer.status == 416 and "Usage-Event" not in answer.headers
    events = server.count().events()
    assert events["event", "one"] == len(paths) + 3
    assert events["event", "two"] >= len(paths)


def test_header_stays_where_its_door_is_shut(serve):
    server = serve("Header set Usage-Event signup\n", modules=["headers"])
    assert server.get("/a.html").headers["Usage-Event"] == "signup"
    assert server.count().events() == {}


def test_header_of_a_bot_is_taken_off_and_not_counted(serve):
    server = headed(serve, "signup")
    answer = server.get("/a.html", agent=GOOGLEBOT)
    assert "Usage-Event" not in answer.headers
    assert server.count().events() == {}


def test_event_that_cannot_be_read_is_told_without_its_words(serve):
    server = headed(serve, "secret; weight=3")
    server.status("/a.html")
    server.count()
    line, = [line for line in server.log().splitlines() if "USG0080" in line]
    assert "count=number" in line
    assert "secret" not in line and "127.0.0.1" not in line


def test_site_has_a_budget_of_names(serve):
    server = serve('UsageEvent "%{QUERY_STRING}" words\n')
    for number in range(1010):
        server.status(f"/a.html?{number}")
    events = server.count().events()
    assert events.pop(("words", "*")) == 10
    assert len(events) == 1000 and set(events.values()) == {1}


def test_events_survive_a_crash_and_restarts(serve):
    server = serve("UsageEvent any\n")
    for step in (server.graceful, server.restart, server.stop, server.kill):
        server.status("/a.html")
        step()
        if server.pid is None:
            server.start()
    server.status("/a.html")
    assert server.count().events() == {("event", "any"): 5}
