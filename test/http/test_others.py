# SPDX-License-Identifier: Apache-2.0
"""What other counters get wrong, or leave out, is right here: README, "Coming
from inchworks/usage or pb-ext"."""

from outputs import hits_in, metrics_of
from processes import wait_until
from server import BROWSER

HOUR = 3600
MORNING = 1783987200 + 8 * HOUR  # of a Tuesday, in UTC


def test_visitor_of_five_hours_is_one(serve):
    """Of the day, and of the database, whatever the base interval."""
    server = serve("UsageInterval 1h\nUsageSessionWindow 30m\n", hurried=True,
                   now=MORNING)
    for hour in range(5):
        server.clock.set(MORNING + hour * HOUR)
        assert server.status("/a.html") == 200
        server.settle()
    database = server.count()
    assert [row["visitors"] for row in database.tables["usage_seen"]] == [1]
    days = database.rows("usage_total", 1)
    assert [(row["visitors"], row["visits"], row["returning_visits"])
            for row in days] == [(1, 5, 4)]
    assert len(database.rows("usage_total", 0)) == 5


def test_restart_renews_no_budget(serve):
    """Of paths, nor of events."""
    server = serve('UsagePaths 2\nUsageEvent "%{QUERY_STRING}" words '
                   '"expr=-n %{QUERY_STRING}"\n')
    for path in ("/a.html", "/b.html"):
        assert server.status(path) == 200
    for number in range(1000):
        server.status(f"/style.css?{number}")
    for again in (server.restart, server.stop, server.kill):
        again()
        if server.pid is None:
            server.start()
        assert server.status("/index.html?more") == 200
    database = server.count()
    assert database.pages() == {"/a.html": 1, "/b.html": 1, "/*": 3}
    events = database.events()
    assert events.pop(("words", "*")) == 3 and len(events) == 1000


AGENTS = {
    "Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 (KHTML, like "
    "Gecko) Chrome/126.0.0.0 Safari/537.36": ("tablet", "Chrome", "Android"),
    "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1":
        ("tablet", "Safari", "iPadOS"),
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36 OPR/111.0.0.0":
        ("desktop", "Opera", "Linux"),
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) "
    "AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0.6478.54 "
    "Mobile/15E148 Safari/604.1": ("mobile", "Chrome", "iOS"),
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) "
    "AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/127.0 Mobile/15E148 "
    "Safari/605.1.15": ("mobile", "Firefox", "iOS"),
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
    "Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0":
        ("desktop", "Edge", "Windows"),
}


def test_agents_that_others_take_for_another(serve):
    server = serve()
    for agent in AGENTS:
        assert server.status("/a.html", agent=agent) == 200
    assert server.count().by("device", "browser", "system") == {
        row: 1 for row in AGENTS.values()}


def check_each(server, outcome, requests):
    """Requests, each of which comes to the same as all before it."""
    for count, (path, agent) in enumerate(requests, 1):
        server.status(path, agent=agent)
        server.settle()
        assert hits_in(metrics_of(server)) == {outcome: count}, (path, agent)
    assert server.count().outcomes() == {outcome: len(requests)}


def test_paths_that_are_excluded_by_default(serve):
    check_each(serve(), "excluded", [(path, BROWSER) for path in (
        "/api/a", "/_/a", "/_app/immutable/a", "/.well-known/a",
        "/favicon.ico", "/service-worker.js", "/manifest.json",
        "/robots.txt")])


def test_extensions_that_are_static_by_default(serve):
    check_each(serve(), "asset", [(f"/a.{word}", BROWSER) for word in (
        "png", "jpg", "jpeg", "gif", "svg", "ico", "webp", "css", "js", "json",
        "map", "webmanifest", "mp4", "webm", "mp3", "wav", "pdf", "doc", "xls",
        "txt", "zip", "rar", "7z", "tar", "gz", "woff", "woff2", "ttf", "eot",
        "otf")])


def test_words_of_bots(serve):
    check_each(serve(), "bot", [
        ("/a.html", agent) for word in (
            "bot", "crawler", "spider", "lighthouse", "pagespeed", "prerender",
            "headless", "pingdom", "slurp", "googlebot", "baiduspider",
            "bingbot", "yandexbot", "facebookexternalhit", "ahrefsbot",
            "semrushbot", "screaming frog")
        for agent in (f"{BROWSER} {word}/1.0", f"{word}/1.0")])


def test_flush_interval_is_what_it_is_set_to(serve):
    server = serve("UsageFlushInterval 25s\nLogLevel usage:debug\n",
                   hurried=True)
    assert server.status("/a.html") == 200
    server.settle()
    server.clock.advance(26)
    assert wait_until(lambda: "batch 1 of" in server.log(), 30)
    assert server.status("/a.html") == 200
    server.settle()
    server.clock.advance(26)
    assert wait_until(lambda: "batch 2 of" in server.log(), 30)
