#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How long a page takes, from a database of millions of rows.

    page.py [--rows N] [sqlite3|pgsql|mysql]...

Fills each database with generate.py's data: 50 sites of 5,000 pages, two
years, all intervals kept; N rows of usage_view by the hour make six times as
many of all tables. Then asks for pages: `cold`, when the database has to be
asked; `again`, while a child has the answers yet. Medians of seven, with the
processor's part of httpd; each is a request of its own connection. The servers
are this script's own, as they are when newly installed. Ends with an error if
one takes longer than it may.
"""

import argparse
import contextlib
import datetime
import os
import pathlib
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "http"))

import engines  # noqa: E402
import many  # noqa: E402
import place as places  # noqa: E402
import processes  # noqa: E402
from server import Server  # noqa: E402

TIMES = 7
FRESH = 3.2  # seconds after which a child asks anew
SITES, PAGES, DAYS = 50, 5000, 730
SITE = "www3.example.org"

TABLES = ("usage_view", "usage_total", "usage_page", "usage_client",
          "usage_event", "usage_all")

SERVERS = {"sqlite3": engines.Sqlite, "pgsql": many.OrdinaryPostgres,
           "mysql": many.OrdinaryMariadb}

# Arguments; milliseconds that are allowed cold, from SQLite, and again.
CASES = [
    ("", 100, 10),
    (f"site={SITE}", 100, 10),
    ("period=12mo&f=page:/", 250, None),
    (f"site={SITE}&period=12mo&f=device:mobile", 250, None),
    ("period=12mo&f=device:mobile", 250, None),
    ("period=12mo", None, None),
]


def fill(engine, store, rows):
    """Let the database's own client run what the generator says."""
    first = datetime.date.today() - datetime.timedelta(days=DAYS)
    generator = subprocess.Popen(
        [sys.executable, str(pathlib.Path(__file__).parent / "generate.py"),
         engine.name, "--rows", str(rows), "--sites", str(SITES), "--pages",
         str(PAGES), "--days", str(DAYS), "--first", first.isoformat()],
        stdout=subprocess.PIPE)
    if engine.name == "sqlite3":
        client, identity = ["sqlite3", store.file], {}
    else:
        client, identity = engine.client(store.name), engine.identity
    subprocess.run(client, stdin=generator.stdout, stdout=subprocess.DEVNULL,
                   check=True, **identity)
    generator.stdout.close()
    assert generator.wait() == 0
    if engine.name == "pgsql":
        settle(store)
    if engine.name != "sqlite3":
        engine.allow_rows_only(store.name)


def settle(store):
    """Rows of an interval lie together, as flushes write them."""
    for table in TABLES:
        store.run(f"CLUSTER {table} USING {table}_pkey")
    store.run("VACUUM ANALYZE")


def processor(pid):
    """Seconds of a server's processes, in user and system mode."""
    def seconds(one):
        with contextlib.suppress(FileNotFoundError):
            with open(f"/proc/{one}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf(
                "SC_CLK_TCK")
        return 0
    return sum(map(seconds, [pid, *processes.children(pid)]))


def timed(server, arguments):
    begun = time.monotonic()
    answer = server.get(f"/usage-stats?{arguments}")
    took = (time.monotonic() - begun) * 1000
    assert answer.status == 200 and b"Live numbers only" not in answer.body
    return took, len(answer.body)


def measure(server, arguments):
    """Medians: cold, again, of the page's size; and the processor's part of
    both, on average."""
    cold, again, size = [], [], 0
    spent = processor(server.pid)
    for _ in range(TIMES):
        time.sleep(FRESH)
        took, size = timed(server, arguments)
        cold.append(took)
        again.append(timed(server, arguments)[0])
    spent = (processor(server.pid) - spent) * 1000 / TIMES
    return statistics.median(cold), statistics.median(again), spent, size


def bench(name, rows):
    """Whether all pages from a database are fast enough."""
    engine = SERVERS[name]()
    # One child, so that what it has is there for the next request.
    server = Server(places.Place(), "ThreadsPerChild 16\n", engine=engine)
    server.replace_in_config("StartServers 2", "StartServers 1")
    server.replace_in_config("MinSpareThreads 16", "MinSpareThreads 1")
    factor = 1 if name == "sqlite3" else 2
    is_good = True
    try:
        fill(engine, server.store, rows)
        if name == "sqlite3":
            server.give(server.store.file)
        server.start()
        timed(server, "")
        for arguments, allowed, allowed_again in CASES:
            cold, again, spent, size = measure(server, arguments)
            print(f"{name:8} {'?' + arguments:52} {cold:8.0f} ms cold "
                  f"{again:8.1f} ms again {spent:8.0f} ms processor "
                  f"{size / 1000:7.1f} KB", flush=True)
            is_good &= allowed is None or cold <= allowed * factor
            is_good &= allowed_again is None or again <= allowed_again
        server.end()
    finally:
        server.close()
        server.remove()
        engine.stop()
    return is_good


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_600_000)
    parser.add_argument("engines", nargs="*", default=["sqlite3"])
    options = parser.parse_args()
    processes.adopt_orphans()
    if not all([bench(name, options.rows) for name in options.engines]):
        sys.exit("a page takes longer than it may")


if __name__ == "__main__":
    main()
