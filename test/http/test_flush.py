# SPDX-License-Identifier: Apache-2.0
"""Flushes: in time, by the right user, in nobody's way, each exactly once.

The parent looks whether a flush is due every 10 s, so with the shortest
interval, 10 s, one comes within 20 s of the last. Where that is not the
subject, the servers are hurried: one comes when the test wants it.
"""

import os
import random
import signal
import sqlite3
import statistics
import time

from contextlib import contextmanager

import pytest

import place
import probe

from engines import Missing
from processes import children, flushers, owner, wait_until
from server import ANY_PATH

INTERVAL = 10
SOON = f"UsageFlushInterval {INTERVAL}s\n"
PERIOD = 25  # seconds within which a flush must have come

# How long a flush may keep the parent, in microseconds: usually, and on a
# machine that has other work to do.
BLOCKED = 50_000 if place.SANITIZE else 10_000
BUSY = 1_000_000

UNWRITTEN = ("USG0012",)  # the database can't be written
HANDED_ON = ("USG0008",)  # left for the next start


@contextmanager
def locked(server):
    """Nobody else can write the database within the block."""
    link = sqlite3.connect(server.database_file, isolation_level=None)
    link.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        link.execute("ROLLBACK")
        link.close()


def ask(server, times):
    for _ in range(times):
        assert server.status("/a.html") == 200


def views(server):
    """Views that the database has by now."""
    try:
        return server.database().views()
    except Missing:
        return 0


@contextmanager
def hanging(server, seconds):
    """A write to the database that begins within the block takes so long, or
    until the block ends."""
    path = os.path.join(server.folder, "slow")
    with open(path, "w") as file:
        file.write(str(seconds))
    try:
        yield
    finally:
        os.unlink(path)


def with_schema(serve, config, slow=False, **details):
    """A server whose database a first flush has made, with one view."""
    server = serve(config, start=False, **details)
    if slow:
        probe.slow_disk(server)
    server.start()
    ask(server, 1)
    assert server.count().views() == 1
    return server.start()


def next_flusher(server):
    """The process id of the flusher that comes now: the server is hurried."""
    server.clock.advance(INTERVAL)
    found = wait_until(lambda: flushers(server.pid), PERIOD, 0.002)
    assert found, "no flusher came\n" + server.log()
    return found[0]


def written(server, count):
    """Whether the next flush makes so many views; the server is hurried."""
    server.clock.advance(INTERVAL)
    return wait_until(lambda: views(server) == count, PERIOD)


def test_a_flush_comes_by_itself(serve, place):
    server = serve(SOON)
    ask(server, 7)
    assert wait_until(lambda: os.path.exists(server.database_file)
                      and views(server) == 7, PERIOD, 0.5)
    for name in os.listdir(os.path.dirname(server.database_file)):
        path = os.path.join(os.path.dirname(server.database_file), name)
        assert owner(path) == place.user
    ask(server, 3)
    assert server.count().views() == 10


@pytest.mark.alone
def test_the_parent_never_waits(serve):
    """A flusher sleeps; the parent reaps and starts children, and looks six
    times whether a flush is due."""
    server = with_schema(serve, SOON + "UsageFlushTimeout 60s\n",
                         modules=[probe.module()], slow=True, hurried=True)
    server.expect("AH00045", "AH00052")
    known = set(children(server.pid))
    ask(server, 5)
    with hanging(server, 3600):
        flusher = next_flusher(server)
        victim = known.pop()
        os.kill(victim, signal.SIGKILL)
        assert wait_until(lambda: victim not in children(server.pid), 5)
        assert wait_until(
            lambda: set(children(server.pid)) - known - {flusher}, 5), \
            "no new child in place of the killed one"
        before = len(probe.micros(server.log()))
        while len(probe.micros(server.log())) < before + 6:
            assert server.status("/style.css") == 200
            assert next_flusher(server) == flusher
    assert written(server, 6)
    took = probe.micros(server.log())
    assert statistics.median(took) < BLOCKED and max(took) < BUSY, took
    assert server.count().views() == 6


def test_a_locked_database_is_told_and_written_later(serve):
    server = with_schema(serve, SOON + "UsageFlushTimeout 20s\n",
                         hurried=True)
    server.expect(*UNWRITTEN)
    with locked(server):
        ask(server, 4)
        next_flusher(server)
        assert wait_until(lambda: "USG0012" in server.log(), PERIOD)
        page = server.get("/usage-stats").body.decode()
        assert "locked" in page
        assert views(server) == 1
    assert written(server, 5)
    assert "locked" not in server.get("/usage-stats").body.decode()
    assert server.count().views() == 5


def test_a_stop_with_a_locked_database_loses_nothing(serve):
    server = with_schema(serve, "UsageFlushTimeout 5s\n")
    server.expect(*UNWRITTEN, *HANDED_ON)
    with locked(server):
        ask(server, 4)
        begun = time.monotonic()
        assert server.stop().views() == 1
        assert time.monotonic() - begun < 15
    server.start()
    ask(server, 2)
    assert server.count().views() == 7


def test_a_stop_with_a_hanging_disk_loses_nothing(serve):
    server = with_schema(serve, "UsageFlushTimeout 2s\n", slow=True)
    server.expect(*UNWRITTEN, *HANDED_ON)
    ask(server, 4)
    with hanging(server, 3600):
        begun = time.monotonic()
        assert server.stop().views() == 1
        assert time.monotonic() - begun < 8
    server.start()
    ask(server, 2)
    assert server.count().views() == 7


def test_a_hanging_flusher_is_given_up(serve):
    server = with_schema(serve, SOON + "UsageFlushTimeout 2s\n", slow=True,
                         hurried=True)
    server.expect(*UNWRITTEN)
    ask(server, 4)
    with hanging(server, 3600):
        flusher = next_flusher(server)
        assert wait_until(lambda: flusher not in children(server.pid), 5)
    assert wait_until(lambda: "UsageFlushTimeout" in server.log(), 5)
    assert server.count().views() == 5


def test_a_stop_ends_a_flusher_that_cannot_end_itself(serve):
    server = with_schema(serve, SOON + "UsageFlushTimeout 2s\n", hurried=True)
    server.expect(*UNWRITTEN, *HANDED_ON)
    with locked(server):
        ask(server, 4)
        flusher = next_flusher(server)
        os.kill(flusher, signal.SIGSTOP)
    begun = time.monotonic()
    server.stop()
    assert time.monotonic() - begun < 15
    assert flusher not in server.leftovers()
    server.start()
    ask(server, 2)
    assert server.count().views() == 7


@pytest.mark.each_database
def test_a_killed_final_flush_is_done_again(serve, engine):
    """Before, within or after its transaction: each view counts once."""
    server = with_schema(serve, "")
    server.expect(*UNWRITTEN, *HANDED_ON)
    dice = random.Random(1)
    killed = 0
    rounds = 20 if engine.name == "sqlite3" else 10
    for _ in range(rounds):
        ask(server, 2)
        server.settle()
        workers = set(children(server.pid))
        os.kill(server.pid, signal.SIGTERM)
        found = wait_until(lambda: set(children(server.pid)) - workers, 5,
                           0.0005)
        time.sleep(dice.uniform(0, 0.02))
        for flusher in found or ():
            try:
                os.kill(flusher, signal.SIGKILL)
                killed += 1
            except ProcessLookupError:
                pass
        assert server.wait_exit() == 0
        server.start()
    assert killed >= 5
    assert server.count().views() == 2 * rounds + 1


@pytest.mark.each_database
def test_two_servers_share_a_database(serve):
    servers = [serve("UsageNode first\n", start=False)]
    servers.append(serve("UsageNode second\n", start=False,
                         store=servers[0].store))
    for _ in range(2):
        for server in servers:
            server.start()
            ask(server, 3)
        for server in servers:
            server.end()
    database = servers[0].database()
    assert database.pages() == {"/a.html": 12}
    assert database.batches() == {"first": 2, "second": 2}


def test_a_killed_flusher_is_followed_by_another(serve):
    server = with_schema(serve, SOON, hurried=True)
    server.expect(*UNWRITTEN)
    with locked(server):
        ask(server, 4)
        flusher = next_flusher(server)
        os.kill(flusher, signal.SIGKILL)
        assert wait_until(lambda: flusher not in children(server.pid), PERIOD)
    assert written(server, 5)
    assert server.count().views() == 5


def test_a_full_table_asks_for_an_early_flush(serve):
    """When both tables fill, the parent's next look makes it flush."""
    server = with_schema(serve, "UsageFlushInterval 1h\nUsageTable 1024\n"
                         + ANY_PATH, modules=["alias"], hurried=True)
    for number in range(1800):
        assert server.status(f"/page/{number}") == 200
    assert wait_until(lambda: views(server) > 1, PERIOD, 0.5)
    assert server.count().views() == 1801
