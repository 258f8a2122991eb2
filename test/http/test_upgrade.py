# SPDX-License-Identifier: Apache-2.0
"""Another version of the module, with its memory laid out anew."""

import os
import re
import shutil
import signal
import sqlite3

import load
import place

from engines import Missing
from processes import children, flushers, wait_until
from server import BROWSER

LATER = os.path.join(place.BUILD, "test", ".libs", "mod_usage_later.so")

UNWRITTEN = ("USG0012", "USG0008")

PATIENCE = 2  # seconds after which a caretaker flushes


def with_own_module(serve, config="", **details):
    """A server whose module file is its own, to be replaced."""
    server = serve(config, start=False, hurried=True, **details)
    server.module = os.path.join(server.folder, "mod_usage.so")
    server.replace_in_config(place.published(place.module_file()),
                             server.module)
    install(server, place.module_file())
    return server.start()


def install(server, file):
    """As a package does it: a new file of the old name."""
    shutil.copy(file, server.module + ".new")
    os.chmod(server.module + ".new", 0o755)
    os.rename(server.module + ".new", server.module)


def ask(server, times, path="/a.html"):
    for _ in range(times):
        assert server.status(path) == 200


def written(server):
    """Views that the database has; None before the first flush."""
    try:
        return server.database().views()
    except Missing:
        return None


def test_upgrades_under_load(serve):
    """There and back again, with children of three generations at once."""
    server = with_own_module(serve)
    server.expect("USG0082")  # more upgrades than marks wait, if it is slow
    files = [LATER, place.module_file()]

    def upgrade():
        install(server, files[0])
        files.reverse()
        server.graceful()
    whole = load.ask_while(server, "/a.html", 60_000, upgrade, 1, "--h1",
                           "-c", "8")
    server.settle()
    assert server.hits() == whole
    assert server.log().count("USG0060") >= 3
    database = server.count()
    assert database.pages() == {"/a.html": whole}
    assert database.outcomes() == {"view": whole}


def test_a_request_of_the_old_module_that_ends_late(serve):
    server = with_own_module(serve, "Timeout 100\n")
    server.page("large.html", b"x" * (16 << 20))
    ask(server, 3)
    with server.connect() as connection:
        connection.sendall(b"GET /large.html HTTP/1.0\r\nHost: site.test\r\n"
                           b"User-Agent: " + BROWSER.encode() + b"\r\n\r\n")
        connection.recv(1000)
        install(server, LATER)
        server.graceful()
        assert wait_until(lambda: "USG0060" in server.log(), 10)
        ask(server, 2)
        server.clock.advance(PATIENCE)
        assert wait_until(lambda: written(server) == 3, 30)
        while connection.recv(1 << 20):
            pass
    assert wait_until(lambda: written(server) == 4, 30)
    database = server.count()
    assert database.pages() == {"/a.html": 5, "/large.html": 1}


def test_a_stop_in_the_middle_of_an_upgrade(serve):
    """The old counts are not flushed yet when the server is told to stop."""
    server = with_own_module(serve)
    ask(server, 3)
    install(server, LATER)
    server.graceful()
    assert wait_until(lambda: "USG0060" in server.log(), 10)
    ask(server, 2)
    assert server.count().pages() == {"/a.html": 5}


def test_no_caretaker_stays_where_nothing_changed(serve):
    server = with_own_module(serve)
    for end in (server.graceful, server.restart, server.graceful):
        ask(server, 2)
        server.settle()
        end()
        assert not flushers(server.pid)
        assert "USG0060" not in server.log()
        assert written(server) is None
    assert server.count().views() == 6


def test_a_caretaker_that_is_killed(serve):
    """What it could not flush is told, to the unit: three hits, three views
    and where their visit came from."""
    server = with_own_module(serve)
    server.expect("USG0058")
    ask(server, 3)
    install(server, LATER)
    before = set(children(server.pid))
    server.graceful()
    assert wait_until(lambda: "USG0060" in server.log(), 10)
    caretaker = int(re.search(r"process (\d+) flushes", server.log())[1])
    assert caretaker not in before
    os.kill(caretaker, signal.SIGKILL)
    assert wait_until(lambda: "USG0058" in server.log(), 15)
    assert "lost 7 counts of hits" in server.log()
    ask(server, 2)
    assert server.stop().views() == 2


def another_version(serve):
    """A server that has written one view, then counts three."""
    server = with_own_module(serve, "UsageFlushTimeout 3s\n")
    server.expect("USG0004")
    ask(server, 1)
    server.end()
    server.start()
    ask(server, 3)
    return server


def dropped(server):
    """The counts, two for each view, that the log says were dropped."""
    found = re.findall(r"USG0004: .* (-?\d+) counts of hits", server.log())
    return [int(number) for number in found]


def test_a_stop_and_another_version(serve):
    server = another_version(serve)
    server.end()
    install(server, LATER)
    server.start()
    ask(server, 2)
    assert server.count().views() == 6
    assert dropped(server) == [0]


def test_a_stop_without_a_database_and_another_version(serve):
    server = another_version(serve)
    server.expect(*UNWRITTEN)
    with sqlite3.connect(server.database_file) as link:
        link.execute("BEGIN EXCLUSIVE")
        server.end()
    install(server, LATER)
    server.start()
    ask(server, 2)
    assert server.stop().views() == 3
    assert dropped(server) == [6]


def test_a_kill_of_everything_and_another_version(serve):
    server = another_version(serve)
    server.kill()
    install(server, LATER)
    server.start()
    ask(server, 2)
    assert server.stop().views() == 3
    assert dropped(server) == [6]
