# SPDX-License-Identifier: Apache-2.0
"""The database is away for long: requests don't notice, and nothing is lost.

The tables are small, so that a minute of load fills them as an hour would.
"""

import os
import sqlite3
import time

import load

from engines import Missing
from processes import children, wait_until
from server import ANY_PATH

SMALL = "UsageTable 1024\nUsageFlushInterval 10s\nUsageFlushTimeout 5s\n"
PAGES = 5000  # far more than both tables have room for
PORTION = 30_000


def paths(server, folder):
    file = folder / "paths"
    file.write_text("".join(
        f"http://127.0.0.1:{server.port}/page/{number}\n"
        for number in range(PAGES)))
    return "-i", str(file)


def memory(server):
    """Bytes that the server's processes have to themselves."""
    total = 0
    for pid in [server.pid, *children(server.pid)]:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            total += sum(int(line.split()[1]) for line in file
                         if line.startswith("Private_Dirty:"))
    return total * 1024


def processor_time(server):
    """Seconds of the processor that the server has had, user's and system's,
    its children's that are gone included."""
    total = 0
    for pid in [server.pid, *children(server.pid)]:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        total += sum(map(int, fields[11:15] if pid == server.pid
                         else fields[11:13]))
    return total / os.sysconf("SC_CLK_TCK")


def cost(server, options):
    """Processor time of a request, and how many were answered. Requests a
    second depend on what else the machine does."""
    begun = processor_time(server)
    whole = load.finish(load.start(server, "/", PORTION, "--h1", "-c", "8",
                                   *options))
    return (processor_time(server) - begun) / whole, whole


def test_an_outage(serve, tmp_path):
    server = serve(SMALL + ANY_PATH, modules=["alias"])
    server.expect("USG0012")
    options = paths(server, tmp_path)
    whole = cost(server, options)[1]
    before, more = cost(server, options)
    whole += more
    assert wait_until(lambda: written(server) > 0, 40)
    link = sqlite3.connect(server.database_file, isolation_level=None,
                           timeout=30)
    link.execute("BEGIN EXCLUSIVE")
    costs, held = [], []
    end = time.monotonic() + 45
    while time.monotonic() < end:
        one, more = cost(server, options)
        whole += more
        costs.append(one)
        held.append(memory(server))
    assert "USG0012" in server.log()
    link.execute("ROLLBACK")
    link.close()
    middle = sorted(costs)[len(costs) // 2]
    print(f"{before * 1e6:.1f} us of a processor for a request before, "
          f"{middle * 1e6:.1f} without a database; {held[0]} to {held[-1]} "
          "bytes")
    assert middle < 1.4 * before
    assert max(held) < held[0] + (4 << 20)
    time.sleep(1)
    assert whole == server.hits()
    database = server.count()
    assert database.views() == whole
    assert 0 < database.pages()["/*"] < whole


def written(server):
    try:
        return server.database().views()
    except Missing:
        return 0
