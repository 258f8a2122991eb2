# SPDX-License-Identifier: Apache-2.0
"""Keeping, by the flusher of a real httpd. What it does with days is shown by
test/unit/test_days.py; here, that it is done, when, and what is said of it.
"""

import os
import sqlite3
import sys
import time

from contextlib import closing

import pytest

from engines import owner_of
from processes import flushers, wait_until

sys.path.append(os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), "unit"))

from days import BEGIN, SHORT, Replay, Time  # noqa: E402

INTERVAL = 10
SOON = f"UsageFlushInterval {INTERVAL}s\nLogLevel usage:debug\n"
PERIOD = 25  # seconds within which a flush that is due must have come
DAY = 86400

VIEWS = "SELECT sum(views) FROM usage_total WHERE grain = 1"


def change(server, *statements):
    with (owner_of(os.path.dirname(server.database_file)),
          closing(sqlite3.connect(server.database_file,
                                  isolation_level=None)) as link):
        for statement in statements:
            link.execute(*statement)


def ask(server, statement):
    with (owner_of(os.path.dirname(server.database_file)),
          closing(sqlite3.connect(server.database_file, timeout=5)) as link):
        return link.execute(statement).fetchall()


def aged(server, done):
    """The day of a row of an old day, put into the server's database."""
    server.status("/a.html")
    server.stop()
    day = int(time.time()) // DAY * DAY - 200 * DAY
    change(server,
           ("INSERT INTO usage_seen VALUES (?, 'a.example', 'visitor', "
            "'other', 3, '')", (day,)),
           ("INSERT INTO usage_event VALUES (1, ?, 'a.example', 'outcome', "
            "'view', 3)", (day,)),
           ("DELETE FROM usage_lease", ()),
           ("INSERT INTO usage_lease VALUES ('keep', '', 0, ?, 0)", (done,)))
    return day


def let_flush(server):
    """The next flush comes now, that is, soon."""
    server.clock.advance(INTERVAL)


def is_kept(server, day):
    return not ask(server, f"SELECT 1 FROM usage_event WHERE start = {day}")


def test_old_rows_go_after_a_flush(serve):
    server = serve(SOON, hurried=True)
    day = aged(server, int(time.time()) - DAY)
    server.start()
    let_flush(server)
    assert wait_until(lambda: is_kept(server, day), PERIOD)
    assert wait_until(lambda: "USG0048" in server.log(), 5)
    server.end()
    assert ask(server, "SELECT visitors, days FROM usage_average "
                       "WHERE site = 'a.example'") == [(3, 0)]
    (node, done), = ask(server, "SELECT node, done FROM usage_lease")
    assert node and server.clock.now() - done < 60


def test_a_stop_does_not_wait_for_it(serve):
    server = serve("")
    day = aged(server, int(time.time()) - DAY)
    server.start()
    server.status("/a.html")
    server.end()
    assert not is_kept(server, day)


def test_a_clock_far_ahead_is_not_believed_at_once(serve):
    server = serve(SOON, hurried=True)
    day = aged(server, int(time.time()) - 3 * DAY)
    server.start()
    let_flush(server)
    assert wait_until(lambda: "USG0046" in server.log(), PERIOD)
    server.end()
    assert not is_kept(server, day)
    (doubted,), = ask(server, "SELECT doubted FROM usage_lease")
    assert 0 <= server.clock.now() - doubted < 60


def test_of_a_new_database_no_such_thing_is_said(serve):
    server = serve(SOON, hurried=True)
    server.status("/a.html")
    assert server.count().views() == 1
    server.start()
    let_flush(server)
    assert wait_until(lambda: ask(server, "SELECT 1 FROM usage_lease WHERE "
                                          "doubted > 0"), PERIOD)
    server.end()
    assert "USG0046" not in server.log()


def test_trouble_is_told_and_costs_no_count(serve):
    server = serve(SOON, hurried=True)
    aged(server, int(time.time()) - 2 * DAY + 60)
    server.expect("USG0045")
    change(server, ("DROP TABLE usage_average", ()))
    server.start()
    server.status("/a.html")
    let_flush(server)
    assert wait_until(lambda: "USG0045" in server.log(), PERIOD)
    assert "usage_average" in server.log()
    server.status("/a.html")
    let_flush(server)
    assert wait_until(lambda: ask(server, VIEWS) == [(3,)], PERIOD)
    assert wait_until(lambda: not flushers(server.pid), PERIOD)
    server.end()
    assert server.log().count("USG0045") == 1
    assert ask(server, VIEWS) == [(3,)]


def test_the_file_can_shrink(serve):
    server = serve("")
    server.status("/a.html")
    server.stop()
    assert ask(server, "PRAGMA auto_vacuum") == [(2,)]


@pytest.mark.each_database
def test_each_database_keeps_days_as_the_model_says(engine, tmp_path,
                                                    monkeypatch):
    """Sixty days, and two at once, straight into the database."""
    if engine.name == "mysql":  # its library never frees what it makes once
        monkeypatch.setenv("ASAN_OPTIONS", "detect_leaks=0")
    store = engine.store(str(tmp_path))
    os.makedirs(tmp_path / "data", exist_ok=True)
    days = Time(seed=3, retain=SHORT)
    with Replay(store.params, store.driver) as replay:
        for number in range(60):
            days.pass_day(replay, number)
            now = BEGIN + (number + 1) * DAY
            if number % 7 == 3:
                days.keep(replay, now + 1800, ticks=12, rows=3)
            report = days.keep(replay, now + 3600)
            if report.is_doubted:
                report = days.keep(replay, now + 7200)
            assert report.is_complete
            if number % 15 == 14:
                assert counts_of(store) == days.model.content()["view"]
    later = BEGIN + 61 * DAY
    both = [Replay(store.params, store.driver) for _ in range(2)]
    for replay in both:  # one opens a SQLite file after the other
        replay.keep("first", later - DAY + 7200, SHORT, recent=2)
    for replay in both:
        replay.order("first", later, SHORT, recent=2, rows=1)
    assert all(replay.answer() for replay in both)
    assert all(replay.end() == 0 for replay in both)
    days.model.keep(later, SHORT, 2)
    assert counts_of(store) == days.model.content()["view"]
    assert seen_of(store) == days.model.content()["seen"]


def counts_of(store):
    return {(row["grain"], row["start"], row["site"], row["path"]):
            row["views"] for row in store.read(["usage_view"])["usage_view"]}


def seen_of(store):
    return {(row["day"], row["site"], row["node"]): row["visitors"]
            for row in store.read(["usage_seen"])["usage_seen"]}
