# SPDX-License-Identifier: Apache-2.0
"""Days of a SQLite file: the program that fills and keeps it, and what it and
the model have of each day.
"""
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess

from collections import defaultdict
from datetime import datetime, timezone

import pytest

from days_model import ZONES, Bot, Event, Hit, Model, Retain

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
    folder = memory / f"days.{os.getpid()}"
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
