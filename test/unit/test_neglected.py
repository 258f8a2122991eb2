# SPDX-License-Identifier: Apache-2.0
"""A file that nobody kept for two months: what is left of it is the same when
keeping is cut off, killed at any call, or done by two.
"""
import os
import shutil
import sys

import pytest

from days import (BEGIN, DAY, HOUR, KILLED, NODES, SHORT, Replay, Report, Time,
                  check, content_of, rows_of)

pytest_plugins = ["days"]

# Two months after its last run, when there is something for each step.
LATE = BEGIN + 100 * DAY + HOUR


@pytest.fixture
def neglected(file):
    """A file that nobody has kept since it was made."""
    time = Time(seed=7, retain=SHORT)
    with Replay(file) as replay:
        for number in range(12):
            time.pass_day(replay, number)
        for node in NODES:
            time.flush(replay, node, BEGIN + 13 * DAY)
        replay.keep("first", BEGIN + 2 * HOUR, SHORT, recent=5)
        assert replay.keep("first", LATE - HOUR, SHORT, recent=5).is_doubted
    assert not content_of(file)["average"]
    return file


def copy_of(file, name):
    copy = file.with_name(name)
    for suffix in ("-wal", "-shm"):
        copy.with_name(name + suffix).unlink(missing_ok=True)
    shutil.copy(file, copy)
    return copy


def everything(file):
    """All rows of all tables; who did it and when is of no interest."""
    tables = [name for name, in rows_of(
        file, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {name: sorted(rows_of(file, f"SELECT * FROM {name}"))
             for name in tables}
    found["usage_lease"] = rows_of(file, "SELECT doubted FROM usage_lease")
    return found


def keep_all(file, node="first", now=LATE, **details):
    """Keep until nothing is left to do."""
    with Replay(file) as replay:
        report = replay.keep(node, now, SHORT, recent=2, **details)
        while not report.is_complete:
            assert report.is_mine and not report.is_doubted
            report = replay.keep(node, now, SHORT, recent=2, **details)
        return report


@pytest.fixture
def kept(neglected):
    """What is to be left of the neglected file."""
    copy = copy_of(neglected, "kept.db")
    report = keep_all(copy)
    assert report.closed and report.folded and report.dropped
    found = everything(copy)
    assert found != everything(neglected)
    assert found["usage_seen"] == [] and found["usage_average"]
    return found


def test_pieces_have_no_more_rows_than_they_may(neglected, kept):
    pieces = {}
    for rows in (1, 2, 7, 50):
        copy = copy_of(neglected, "copy.db")
        report = keep_all(copy, rows=rows)
        # A day of a site is one row at least, of each node that met it.
        assert report.most <= max(rows, len(NODES) * (1 + rows // 16))
        assert everything(copy) == kept
        pieces[rows] = report.pieces
    assert pieces[1] > 10 * pieces[50]


def test_time_that_is_over_costs_only_time(neglected, kept):
    for ticks in (0, 1, 10, 50):
        copy = copy_of(neglected, "copy.db")
        keep_all(copy, ticks=ticks)
        assert everything(copy) == kept


def test_death_at_any_call_costs_nothing(neglected, kept):
    """Killed at each call of the store in turn, then done by another node;
    `make check` has every eleventh call, `make stress` all.
    """
    step = 1 if "USAGE_STRESS_DEATHS" in os.environ else 11
    deaths = 0
    while True:
        copy = copy_of(neglected, "copy.db")
        replay = Replay(copy)
        replay.say("die", deaths * step + 1)
        replay.order("first", LATE, SHORT, recent=2, rows=40)
        status = replay.end()
        if status == 0:
            break
        assert status == KILLED
        deaths += 1
        keep_all(copy, node="second", now=LATE + 1800)
        assert everything(copy) == kept, deaths
    assert deaths * step > 100


@pytest.mark.parametrize("begins", [(9, 15), (40, 5), (60, 90), (150, 100)])
def test_two_at_once_do_no_harm(neglected, kept, begins):
    """Each stops amid its work while the other works; then they go on at the
    same time: the one that finds its piece done by the other leaves off. Under
    one name, so that the lease stops neither.
    """
    copy = copy_of(neglected, "copy.db")
    both = [Replay(copy), Replay(copy)]
    for replay, count in zip(both, begins):
        replay.say("wait", count)
        replay.order("first", LATE, SHORT, recent=2, rows=1)
        assert replay.process.stdout.readline() == "waits\n"
    for replay in both:
        replay.say("go")
    reports = [Report(replay.answer()) for replay in both]
    assert all(replay.end() == 0 for replay in both)
    for report in reports:
        assert report.closed + report.folded + report.dropped > 1
    keep_all(copy, now=LATE + 1800)
    assert everything(copy) == kept


def test_lease_keeps_another_node_out_until_it_expires(neglected):
    with Replay(neglected) as replay:
        def keep(node, now):
            return replay.keep(node, now, SHORT, rows=1, ticks=9)

        assert keep("first", LATE).is_mine
        assert not keep("second", LATE + 59).is_mine
        assert keep("first", LATE + 59).is_mine
        assert not keep("second", LATE + 60).is_mine
        assert keep("second", LATE + 119).is_mine
        assert not keep("first", LATE + 120).is_mine


def test_clock_that_jumps_deletes_nothing(file):
    time = Time(seed=1, retain=SHORT)
    with Replay(file) as replay:
        for number in range(10):
            time.pass_day(replay, number)
            assert time.keep(replay, BEGIN + (number + 1) * DAY + HOUR)
        now = BEGIN + 10 * DAY + HOUR
        before = everything(file)
        for jump in (400 * DAY, 400 * DAY + 3599, 4000 * DAY, 9000 * DAY):
            report = replay.keep("first", now + jump, SHORT)
            assert report.is_doubted and not report.dropped
        assert everything(file)["usage_seen"] == before["usage_seen"]
        report = time.keep(replay, now + 600 + 1800)
        assert report.is_complete
        check(file, time.model, 10)
        report = time.keep(replay, now - 3 * DAY)  # and back
        assert report.is_complete
        check(file, time.model, 10)


if __name__ == "__main__":
    sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", __file__]))
