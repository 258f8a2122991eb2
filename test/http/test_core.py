# SPDX-License-Identifier: Apache-2.0
"""What must hold on every MPM, however httpd was started."""

import os
import signal

import pytest

import probe

from database import DAY
from processes import owner, wait_until
from server import BROWSER

pytestmark = pytest.mark.everywhere

BOT = ("Mozilla/5.0 (compatible; Googlebot/2.1; "
       "+http://www.google.com/bot.html)")

NOON = 1_784_030_400  # 2026-07-14 12:00 UTC


def test_each_outcome(serve):
    server = serve("Redirect /old /a.html\nRedirect 503 /broken\n",
                   modules=["alias"])
    for path, method, agent, status in [
            ("/a.html", "GET", BROWSER, 200), ("/", "GET", BROWSER, 200),
            ("/style.css", "GET", BROWSER, 200),
            ("/api/a.html", "GET", BROWSER, 404),
            ("/favicon.ico", "GET", BROWSER, 404),
            ("/a.html", "HEAD", BROWSER, 200), ("/a.html", "GET", BOT, 200),
            ("/old", "GET", BROWSER, 302), ("/none", "GET", BROWSER, 404),
            ("/broken", "GET", BROWSER, 503), ("/data.bin", "GET", BROWSER,
                                               404)]:
        assert server.status(path, method=method, agent=agent) == status
    database = server.count()
    assert database.outcomes() == {
        "view": 2, "asset": 1, "excluded": 2, "method": 1, "bot": 1,
        "redirect": 1, "error": 2, "failure": 1}
    assert database.by("site", "path", "device", "browser", "system") == {
        ("site.test", path, "desktop", "Firefox", "Linux"): 1
        for path in ("/a.html", "/")}
    assert len(database.batches()) == 1


def test_database_belongs_to_the_server(serve, place):
    server = serve()
    server.status("/a.html")
    server.stop()
    files = os.listdir(os.path.join(server.folder, "data"))
    assert "usage.db" in files
    for name in files:
        assert owner(os.path.join(server.folder, "data", name)) == place.user


def test_restarts_keep_counts(serve):
    server = serve()
    assert server.status("/a.html") == 200
    server.restart()
    assert server.status("/a.html") == 200
    before = server.log().count("resuming normal operations")
    server.graceful()
    assert wait_until(
        lambda: server.log().count("resuming normal operations") > before, 20)
    assert server.status("/b.html") == 200
    assert server.count().pages() == {"/a.html": 2, "/b.html": 1}


def test_counts_add_up_over_starts(serve):
    server = serve()
    for times in range(1, 4):
        assert server.status("/a.html") == 200
        assert server.count().pages() == {"/a.html": times}
        server.start()


def test_graceful_stop_keeps_counts(serve):
    server = serve(hurried=True)
    assert server.status("/a.html") == 200
    server.settle()
    os.kill(server.pid, signal.SIGWINCH)
    assert server.wait_exit() == 0
    database = server.database()
    assert database.pages() == {"/a.html": 1}
    assert database.hits() == server.hits()


def test_in_the_foreground(serve):
    """As a container runs it: no daemon, the same counts."""
    server = serve(start=False).start("-D", "FOREGROUND")
    assert server.status("/a.html") == 200
    server.restart()
    assert server.status("/a.html") == 200
    assert server.count().pages() == {"/a.html": 2}


def test_in_one_process(serve):
    """As a debugger runs it: no children, and still a last flush."""
    server = serve(start=False).start("-X")
    for _ in range(3):
        assert server.status("/a.html") == 200
    assert server.count().pages() == {"/a.html": 3}


def test_in_one_process_for_days(serve):
    """Nobody but requests renews the day's key there."""
    server = serve(start=False)
    day = 86400
    clock = probe.Clock(server, NOON)
    server.start("-X")
    for days in (0, 1, 4, 5):
        clock.set(NOON + days * day)
        for _ in range(2):
            assert server.status("/a.html") == 200
        server.settle()
    database = server.count()
    assert {(row["start"] - NOON) // day + 1: row["visitors"]
            for row in database.rows("usage_total", DAY)} == {
        0: 1, 1: 1, 4: 1, 5: 1}


def test_nothing_counted_nothing_wrong(serve):
    server = serve("Usage Off\n")
    assert server.status("/a.html") == 200
    server.stop()
    if os.path.exists(server.database_file):
        assert server.database().hits() == 0
