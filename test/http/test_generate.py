# SPDX-License-Identifier: Apache-2.0
"""What test/bench/generate.py writes, in each database."""

import os
import subprocess
import sys

import pytest

from database import BASE, Database, DAY, MONTH
from engines import NAMES
from place import TOP

PROGRAM = os.path.join(TOP, "test", "bench", "generate.py")


def generate(dialect, *options):
    return subprocess.run([sys.executable, "-B", PROGRAM, dialect, *options],
                          check=True, text=True, timeout=60,
                          stdout=subprocess.PIPE).stdout


SIZE = ("--sites", "3", "--pages", "40", "--days", "40", "--rows", "300")


@pytest.mark.parametrize("engine", NAMES, indirect=True)
def test_generated_rows_are_as_a_flush_makes_them(engine, tmp_path):
    (tmp_path / "data").mkdir()
    store = engine.store(str(tmp_path))
    try:
        store.run(generate(engine.name, *SIZE))
        database = Database(store)
    finally:
        store.drop()
    assert len(database.rows("usage_view", BASE)) == 300
    assert len(database.sums("usage_total", ("start",), DAY)) == 40
    assert len(database.sums("usage_total", ("start",), MONTH)) == 2
    pages = sorted(database.pages().values(), reverse=True)
    assert pages[0] > 3 * pages[len(pages) // 2], pages
    assert database.outcomes()["view"] == database.views()
    assert database.outcomes()["bot"] == sum(database.bots().values())
    assert database.tables["usage_seen"] and database.tables["usage_recent"]


def test_the_same_options_give_the_same_rows():
    first, second = (generate("sqlite3", *SIZE) for _ in range(2))
    assert first == second
    assert first != generate("sqlite3", *SIZE, "--seed", "2")
