#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Rows a second of a flush to SQLite and to PostgreSQL, each beside a bare loop
of the same statements (flush_rows.c).

    flush.py [PROGRAM]

The PostgreSQL server is this script's own, as it is when newly installed.
Ends with an error if a flush is slower than it must be.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "http"))

from engines import Postgres  # noqa: E402

# A row at a time, each asked for and answered, takes PostgreSQL's loop long.
JOBS = [
    # driver, keys, rounds
    ("sqlite3", 100_000, 3),
    ("pgsql", 10_000, 3),
]


class Ordinary(Postgres):
    """A server that writes to the disk, with memory as it comes."""

    def start(self):
        self.launch(f"{self.programs}/postgres", "-D", self.data, "-k",
                    self.folder, "-h", "127.0.0.1", "-p", str(self.port))


def measure(program, driver, keys, rounds, params):
    sys.stdout.flush()
    return subprocess.run([program, driver, *params, str(keys), str(rounds)],
                          timeout=300).returncode == 0


def files(folder):
    return [os.path.join(folder, name) for name in ("flush.db", "bare.db")]


def main():
    if len(sys.argv) < 2:
        print("a flush was not measured: configure found no sqlite3 or libpq")
        return
    print(f"flush, at a load of {os.getloadavg()[0]:.1f}")
    good = []
    for driver, keys, rounds in JOBS:
        if driver == "sqlite3":
            with tempfile.TemporaryDirectory() as folder:
                good.append(measure(sys.argv[1], driver, keys, rounds,
                                    files(folder)))
            continue
        server = Ordinary()
        try:
            stores = [server.store(None) for _ in range(2)]
            good.append(measure(sys.argv[1], driver, keys, rounds,
                                [store.params for store in stores]))
        finally:
            server.stop()
    if not all(good):
        sys.exit("a flush is slower than it must be")


if __name__ == "__main__":
    main()
