# SPDX-License-Identifier: Apache-2.0
"""10,000 requests of real life, counted by the module and by recount.py."""

import os
import shutil
import sys

from collections import Counter

import pytest

import agents
import pages
import place as places

from recount import Count

sys.path.insert(0, os.path.join(places.TOP, "build"))

import combined  # noqa: E402
import replay  # noqa: E402

LOG = os.path.join(places.TOP, "test", "data", "access.log")

CONFIG = """
Define MODULES "{modules}"
Define REPLAY "{folder}/replay"
Include "{folder}/replay/replay.conf"
"""

PARTS = ("path", "device", "browser", "system")

# The page calls a path a page.
HEADS = {"path": "page", "device": "device", "browser": "browser",
         "system": "system"}


@pytest.fixture(scope="module")
def lines():
    with open(LOG, encoding="latin-1", newline="\n") as file:
        return list(file)


@pytest.fixture(scope="module")
def expected(lines):
    """What the log comes to; a replayed 206 begins at its first byte."""
    return Count(lines, lambda entry: combined.media_type(
        combined.path_of(entry.target)))


@pytest.fixture(scope="module")
def bots(expected):
    """The log's bots by (kind, name)."""
    known = agents.bots(expected.bots)
    found = Counter()
    for agent, hits in expected.bots.items():
        found[known[agent]] += hits
    return found


def replayed(serve, lines):
    """A server that has answered the whole log."""
    demo = os.path.join(places.TOP, "build", "demo")
    server = serve(CONFIG, modules=["alias"], start=False)
    shutil.copytree(os.path.join(demo, "replay"),
                    os.path.join(server.folder, "replay"))
    shutil.copy(os.path.join(demo, "replay.conf"),
                os.path.join(server.folder, "replay"))
    server.start()
    done = replay.replay(lines, port=server.port, host_header="site.test")
    assert done.malformed == []
    assert done.differences == []
    return server


def test_the_count_reads_every_line(lines, expected):
    assert expected.hits == len(lines) == 10_000
    assert expected.unread == []
    assert sum(expected.outcomes.values()) == 10_000


@pytest.mark.each_mpm
def test_counts_equal_an_independent_count(serve, lines, expected, bots):
    check_counts(replayed(serve, lines), expected, bots)


@pytest.mark.each_database("pgsql", "mysql")
def test_counts_are_the_same_elsewhere(serve, lines, expected, bots):
    check_counts(replayed(serve, lines), expected, bots)


def check_counts(server, expected, bots):
    """The database and the page have what was expected, at any time."""
    server.settle()
    before = server.get("/usage-stats?period=all")
    database = server.count()
    for grain in (0, 1, 2):
        assert database.outcomes(grain) == dict(expected.outcomes)
        assert database.hits(grain) == 10_000
        for place, part in enumerate(PARTS):
            assert database.by(part, grain=grain) == expected.by(place), part
        assert database.pages(grain) == expected.by(0)
        assert database.views(grain) == expected.outcomes["view"]
        assert database.by(*PARTS, grain=grain) == dict(expected.views)
        assert database.bots(grain) == dict(bots)
    server.start()
    after = server.get("/usage-stats?period=all")
    for answer in (before, after):
        assert answer.status == 200
        page = pages.Page(answer.body.decode())
        check_page(page, expected)
        check_bots(page, bots)
        assert sum(bots.values()) == expected.outcomes["bot"]


def check_page(page, expected):
    """The page has the same numbers, live or from the database."""
    for place, part in enumerate(PARTS):
        shown = {name: numbers[0] for name, numbers in
                 page.rows(HEADS[part]).items()}
        counted = expected.by(place)
        rest = [name for name in shown if name not in counted]
        assert len(shown) - len(rest) >= min(len(counted), 10), part
        assert sum(shown.values()) == expected.outcomes["view"], part
        for name in rest:  # "and 294 more"
            assert name == f"and {len(counted) - len(shown) + 1} more"
            del shown[name]
        assert shown == {name: counted[name] for name in shown}
    assert {name: numbers[0] for name, numbers in
            page.rows("outcome").items()} == dict(expected.outcomes)


def check_bots(page, bots):
    """The same of bots: the first ten, and all kinds."""
    kinds = Counter()
    for (kind, _), hits in bots.items():
        kinds[kind] += hits
    shown = {name: numbers[0] for name, numbers in
             page.rows("kind of bot").items()}
    assert shown == dict(kinds)
    shown = {name: numbers[0] for name, numbers in page.rows("bot").items()}
    assert sum(shown.values()) == sum(bots.values())
    shown.pop(f"and {len(bots) - 10} more")
    names = {(name, hits) for (_, name), hits in bots.items()}
    assert set(shown.items()) <= names
    assert sorted(shown.values()) == sorted(bots.values())[-10:]
