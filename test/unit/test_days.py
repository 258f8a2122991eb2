# SPDX-License-Identifier: Apache-2.0
"""Two years of days: what keeping leaves in a SQLite file, after each day, as
the model says; also when it is cut off, killed at any call, or done by two.
"""
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys

from collections import defaultdict
from datetime import datetime, timezone

import pytest

from days_model import DEFAULTS, ZONES, Bot, Event, Hit, Model, Retain

PROGRAM = pathlib.Path(os.environ["USAGE_BUILD"]) / "test/unit/replay_days"
DAY = 86400
HOUR = 3600
# Midnight of the last zone to have it.
BEGIN = int(datetime(2024, 1, 10, 12, tzinfo=timezone.utc).timestamp())
NODES = "first", "second"
KILLED = 99
ROWS = 500
UNLIMITED = 1_000_000
SHORT = Retain(base=2, day=20, month=5, events=2)


class Report:
    """What replay_days says of a run of keeping."""

    def __init__(self, fields):
        (self.is_mine, self.is_doubted, self.is_complete, self.closed,
         self.folded, self.dropped, self.freed, self.pieces,
         self.most, self.longest) = map(int, fields)


class Replay:
    """The program on a database, in a process of its own."""

    def __init__(self, params, driver="sqlite3"):
        self.process = subprocess.Popen(
            [PROGRAM, driver, params, *NODES], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        for site, zone in ZONES.items():
            self.say("zone", site, zone)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        """Let it come to its end; return its exit status."""
        if not self.process.stdin.closed:
            try:
                self.process.stdin.close()
            except BrokenPipeError:
                pass
        status = self.process.wait(60)
        self.process.stdout.close()
        return status

    def say(self, *fields):
        print(*fields, sep="\t", file=self.process.stdin, flush=True)

    def answer(self):
        word, *fields = self.process.stdout.readline().rstrip("\n").split("\t")
        assert word == "ok"
        return fields

    def hits(self, node, hits):
        for hit in hits:
            self.say(type(hit).__name__.lower(), node, *hit)

    def flush(self, node, now, recent=50):
        self.say("flush", node, now, recent)
        self.answer()

    def order(self, node, now, retain, recent=50, rows=ROWS, ticks=UNLIMITED):
        self.say("keep", node, now, recent, rows, ticks, *retain)

    def keep(self, *words, **details):
        self.order(*words, **details)
        return Report(self.answer())


@pytest.fixture
def file(tmp_path):
    memory = pathlib.Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path / "usage.db"
        return
    folder = memory / f"test_days.{os.getpid()}"
    folder.mkdir()
    yield folder / "usage.db"
    shutil.rmtree(folder)


def rows_of(file, statement):
    link = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return link.execute(statement).fetchall()
    finally:
        link.close()


def content_of(file):
    """All that the model knows of, by table and key."""
    link = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return read_content(link.execute)
    finally:
        link.close()


def read_content(ask):
    tables = {}
    for name, rest in (("total", ""), ("page", ", path"),
                       ("view", ", path"), ("event", ", category, event")):
        number = "count" if name == "event" else "views"
        tables[name] = {row[:-1]: row[-1] for row in ask(
            f"SELECT grain, start, site{rest}, {number} FROM usage_{name}")}
    tables["seen"] = {row[:-1]: row[-1] for row in ask(
        "SELECT day, site, node, visitors FROM usage_seen")}
    tables["average"] = {row[:2]: row[2:] for row in ask(
        "SELECT start, site, visitors, days FROM usage_average")}
    tables["recent"] = defaultdict(list)
    for site, time in ask(
            "SELECT site, time FROM usage_recent ORDER BY time"):
        tables["recent"][site].append(time)
    return tables


def check(file, model, when):
    """The file holds what the model does, and nothing else."""
    found, expected = content_of(file), model.content()
    for table in expected:
        here, there = found[table], expected[table]
        assert here == there, f"day {when}, {table}: " + "; ".join(
            f"{key} is {here.get(key)}, should be {there.get(key)}"
            for key in {*here, *there} if here.get(key) != there.get(key))
    assert not rows_of(file, "SELECT * FROM usage_seen "
                             "WHERE (node = '') <> (sketch = '')")


class Time:
    """Days of traffic of some sites, on all nodes."""

    def __init__(self, seed, retain):
        self.rng = random.Random(seed)
        self.retain = retain
        self.recent = 5
        self.model = Model()
        self.waiting = {node: [] for node in NODES}

    def sites(self, number):
        """One site comes later, and goes again."""
        is_there = 60 <= number < 400
        return ["a.example", "b.example"] + ["c.example"] * is_there

    def hit(self, time, number):
        way = self.rng.random()
        site = self.rng.choice(self.sites(number))
        if way < 0.2:
            return Bot(time, site)
        if way < 0.5:
            return Event(time, site, self.rng.choice(["download", "search"]),
                         self.rng.choice(["one", "two", "three"]))
        return Hit(time, site, f"agent {self.rng.randrange(4)}",
                   f"/{self.rng.randrange(3)}")

    def pass_day(self, replay, number):
        """A day's hits; in the evening most nodes flush."""
        midnight = BEGIN + number * DAY
        time = midnight + 2 * HOUR
        for _ in range(self.rng.randrange(13)):
            time += self.rng.randrange(1, 6000)
            hit, node = self.hit(time, number), self.rng.choice(NODES)
            replay.hits(node, [hit])
            self.waiting[node].append(hit)
        for node in NODES:
            if self.rng.random() < 0.95:
                self.flush(replay, node, midnight + 23 * HOUR)

    def flush(self, replay, node, now):
        replay.flush(node, now, self.recent)
        self.model.flush(node, self.waiting[node], self.recent)
        self.waiting[node] = []

    def keep(self, replay, now, **details):
        """Keep by some node, till nothing is left to do."""
        report = replay.keep(self.rng.choice(NODES), now, self.retain,
                             recent=self.recent, **details)
        assert report.is_mine
        if report.is_complete:
            self.model.keep(now, self.retain, self.recent)
        return report


@pytest.mark.parametrize("retain, days", [(DEFAULTS, 830), (SHORT, 300)],
                         ids=["defaults", "short"])
def test_every_day_leaves_what_the_model_says(file, retain, days):
    time = Time(seed=days, retain=retain)
    gaps = cut = closed = folded = dropped = 0
    down = 0
    with Replay(file) as replay:
        for number in range(days):
            now = BEGIN + (number + 1) * DAY + HOUR
            if down > 0:
                down -= 1
                continue
            if number == 200:
                time.recent = 3
            time.pass_day(replay, number)
            if time.rng.random() < 0.02:
                down = time.rng.randrange(1, 9)  # no keeping on this day, too
                gaps += down > 1
                continue
            if time.rng.random() < 0.2:  # too early: the day is not closed
                if time.keep(replay, now - 50 * 60).is_complete:
                    check(file, time.model, number)
            if time.rng.random() < 0.1:
                report = time.keep(replay, now - 1800, ticks=12, rows=3)
                cut += report.is_mine and not report.is_complete
            report = time.keep(replay, now)
            if report.is_doubted:
                assert not report.closed + report.folded + report.dropped
                now += HOUR
                report = time.keep(replay, now)
            assert report.is_complete
            closed += report.closed
            folded += report.folded
            dropped += report.dropped
            check(file, time.model, number)
    assert gaps > 2 and cut > 10
    assert closed > days and folded > days / 4 and dropped > days


# ------------------------------------------------- cut off, killed, by two

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
