# SPDX-License-Identifier: Apache-2.0
"""The database is away for long: requests don't notice, and nothing is lost.

The tables are small, so that a minute of load fills them as an hour would.
"""

import sqlite3

from contextlib import suppress

import pytest

import load

from database import BASE
from engines import Missing
from processes import (children, flushers, ignores_term, processor_seconds,
                       wait_until)
from server import ANY_PATH

SMALL = "UsageTable 1024\nUsageFlushInterval 10s\nUsageFlushTimeout 1s\n"
PAGES = 5000  # far more than both tables have room for
PORTION = 30_000
PORTIONS = 8  # without a database, each with a flush that fails


def paths(server, folder):
    file = folder / "paths"
    file.write_text("".join(
        f"http://127.0.0.1:{server.port}/page/{number}\n"
        for number in range(PAGES)))
    return "-i", str(file)


def memory(server):
    """Bytes that the server's processes have to themselves: one that ends just
    now, as a flusher may, has none."""
    total = 0
    for pid in [server.pid, *children(server.pid)]:
        with (suppress(FileNotFoundError, ProcessLookupError),
              open(f"/proc/{pid}/smaps_rollup") as file):
            total += sum(int(line.split()[1]) for line in file
                         if line.startswith("Private_Dirty:"))
    return total * 1024


def processor_time(server):
    """Seconds of the processor that those who answer have had: so many threads
    as they have may all be idle, and none is ended for it."""
    return sum(processor_seconds(pid) for pid in children(server.pid)
               if not ignores_term(pid))


def cost(server, options):
    """Processor time of a request, and how many were answered. Requests a
    second depend on what else the machine does."""
    begun = processor_time(server)
    whole = load.finish(load.start(server, "/", PORTION, "--h1", "-c", "8",
                                   *options))
    return (processor_time(server) - begun) / whole, whole


@pytest.mark.alone
def test_an_outage(serve, tmp_path):
    server = serve(SMALL + ANY_PATH, modules=["alias"], hurried=True)
    server.expect("USG0012", "AH00052")  # a flusher that is late
    options = paths(server, tmp_path)
    whole = cost(server, options)[1]
    before, more = cost(server, options)
    whole += more
    server.clock.advance(10)
    assert wait_until(lambda: written(server) > 0, 40)
    link = sqlite3.connect(server.database_file, isolation_level=None,
                           timeout=30)
    link.execute("BEGIN EXCLUSIVE")
    costs, held = [], []
    for _ in range(PORTIONS):
        server.clock.advance(10)
        one, more = cost(server, options)
        whole += more
        costs.append(one)
        held.append(memory(server))
        assert wait_until(lambda: not flushers(server.pid), 30)
    assert "USG0012" in server.log()
    link.execute("ROLLBACK")
    link.close()
    middle = sorted(costs)[len(costs) // 2]
    print(f"{before * 1e6:.1f} us of a processor for a request before, "
          f"{middle * 1e6:.1f} without a database; {held[0]} to {held[-1]} "
          "bytes")
    assert middle < 1.4 * before
    assert max(held) < held[0] + (2 << 20)
    server.settle()
    assert whole == server.hits()
    database = server.count()
    assert database.views() == whole
    assert 0 < database.pages()["/*"] < whole


def written(server):
    """Views that the database has; amid the load, others' sums are on their
    way."""
    try:
        rows = server.store.read(["usage_total"])["usage_total"]
        return sum(row["views"] for row in rows if row["grain"] == BASE)
    except Missing:
        return 0
