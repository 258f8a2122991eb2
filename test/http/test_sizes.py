# SPDX-License-Identifier: Apache-2.0
"""Other sizes after a stop and a start: the day goes on as it was."""

import os
import sqlite3

import pytest

from server import ANY_PATH

# A stop waits so long for a database that is locked.
SOON = "UsageFlushTimeout 3s\n"

SIZES = [SOON + "UsageTable 65536\nUsageVisitors 131072\n",
         SOON + "UsageTable 1024\nUsageVisitors 2048\n",
         SOON + "UsageTable 4096\nUsageVisitors 1024\n"]
UNWRITTEN = ("USG0012", "USG0008")


def visit(server, number, path):
    agent = f"Mozilla/5.0 (Windows NT 10.0; rv:{number}.0) Firefox/{number}.0"
    assert server.status(path, agent=agent) == 200


def totals(database):
    return {name: sum(row[name] for row in database.rows("usage_total", 1))
            for name in ("views", "visitors", "visits", "bounces", "exits")}


@pytest.mark.parametrize("is_written", [True, False])
def test_visitors_are_met_once(serve, is_written):
    """In each of the sizes three visitors come, then come again."""
    server = serve(SIZES[0], start=False)
    server.expect(*UNWRITTEN)
    for size in SIZES:
        server.configure(size)
        server.start()
        for number in range(3):
            visit(server, number, "/a.html")
        visit(server, 100 + SIZES.index(size), "/b.html")
        if is_written or not os.path.exists(server.database_file):
            server.end()
            continue
        with sqlite3.connect(server.database_file) as link:
            link.execute("BEGIN EXCLUSIVE")
            server.end()
    server.start()
    database = server.count()
    assert totals(database) == {"views": 12, "visitors": 6, "visits": 6,
                                "bounces": 3, "exits": 6}
    assert database.pages() == {"/a.html": 9, "/b.html": 3}
    assert [row["visitors"] for row in database.tables["usage_seen"]] == [6]
    assert not [line for line in server.log().splitlines()
                if "USG0001" in line or "USG0056" in line]


def test_sizes_that_are_too_small_are_not_taken(serve):
    """The counts are kept, in the memory that has room for them."""
    server = serve(SIZES[0] + ANY_PATH, modules=["alias"])
    server.expect(*UNWRITTEN)
    assert server.count().views() == 0
    server.start()
    with sqlite3.connect(server.database_file) as link:
        link.execute("BEGIN EXCLUSIVE")
        for number in range(1200):
            visit(server, 1, f"/page/{number}")
        server.end()
    server.configure(SIZES[1] + ANY_PATH)
    server.start()
    assert "USG0001" in server.log()
    database = server.count()
    assert len(database.pages()) == database.views() == 1200
    server.start()
    assert server.log().count("USG0001") == 1
