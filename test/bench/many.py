#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How far one database carries: rows a second of 1, 2, 4 and 8 flushers at once
(flush_many.c), of the same pages and of pages of their own.

    many.py PROGRAM [ROUNDS]

The servers are this script's own, set up as they are when newly installed but
for what the table says. Medians of ROUNDS, 3 unless told otherwise.
"""

import os
import pathlib
import statistics
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "http"))

from cluster import Cluster, Node  # noqa: E402
from engines import Mariadb, Postgres, ServedStore  # noqa: E402

FLUSHERS = (1, 2, 4, 8)
KEYS = 1000
FLUSHES = 16  # of all flushers together, but two of each at least

AS_INSTALLED = ["--innodb-buffer-pool-size=128M",
                "--innodb-flush-log-at-trx-commit=1"]
RELAXED = ["--innodb-buffer-pool-size=128M",
           "--innodb-flush-log-at-trx-commit=2"]


class OrdinaryPostgres(Postgres):
    settings = ()

    def start(self):
        self.launch(f"{self.programs}/postgres", "-D", self.data, "-k",
                    self.folder, "-h", "127.0.0.1", "-p", str(self.port),
                    *self.settings)

    def databases(self):
        return [ServedStore(self)]


class RelaxedPostgres(OrdinaryPostgres):
    settings = ("-c", "synchronous_commit=off")


class OrdinaryMariadb(Mariadb):
    settings = AS_INSTALLED

    def options(self):
        return super().options() + self.settings

    def databases(self):
        return [ServedStore(self)]


class RelaxedMariadb(OrdinaryMariadb):
    settings = RELAXED


class OrdinaryNode(Node):
    def options(self):
        return super().options() + [*RELAXED, "--innodb-flush-method=O_DIRECT"]


class WholeCluster(Cluster):
    kind = OrdinaryNode

    def databases(self):
        return self.stores()


class ClusterByOne(WholeCluster):
    def databases(self):
        return self.stores()[:1]


KINDS = (
    ("PostgreSQL", OrdinaryPostgres),
    ("synchronous_commit = off", RelaxedPostgres),
    ("MariaDB", OrdinaryMariadb),
    ("innodb_flush_log_at_trx_commit = 2", RelaxedMariadb),
    ("Galera, one node written to", ClusterByOne),
    ("Galera, all three written to", WholeCluster),
)


def measure(program, server, flushers, pages):
    """(rows a second, flushes that were tried again)."""
    stores = server.databases()
    each = max(2, FLUSHES // flushers)
    try:
        said = subprocess.run(
            [program, stores[0].driver, str(flushers), str(each), str(KEYS),
             pages, *(store.params for store in stores)],
            check=True, text=True, stdout=subprocess.PIPE, timeout=600).stdout
    finally:
        stores[0].drop()
    rate, again = said.split()
    return float(rate), int(again)


def row(program, server, pages, rounds):
    """A table's row: medians, and tries beyond the first for each flush."""
    cells = []
    for flushers in FLUSHERS:
        found = [measure(program, server, flushers, pages)
                 for _ in range(rounds)]
        rate = statistics.median(rate for rate, _ in found)
        again = statistics.median(again for _, again in found)
        again /= flushers * max(2, FLUSHES // flushers)
        cells.append(f"{rate:8,.0f}" + (f" ({again:.1f})" if again else ""))
    return cells


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    print(f"rows a second by flushers at once, {os.cpu_count()} processors, "
          f"{KEYS:,} keys a flush, at a load of {os.getloadavg()[0]:.1f}; in "
          "brackets, how often a flush was tried again")
    print(f"{'':42}" + "".join(f"{n:>15}" for n in FLUSHERS))
    for title, kind in KINDS:
        server = kind()
        try:
            for pages in ("same", "own"):
                cells = row(sys.argv[1], server, pages, rounds)
                print(f"{title + ', ' + pages:42}"
                      + "".join(f"{cell:>15}" for cell in cells), flush=True)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
