# SPDX-License-Identifier: Apache-2.0
"""What keeping costs on a year of data that nobody kept, in SQLite: the longest
that a piece holds the lock to write, rows a second, and the file's size.
"""
import itertools
import os
import pathlib
import random
import sqlite3
import sys
import tempfile
import time

TEST = pathlib.Path(__file__).resolve().parents[1]
sys.path.append(str(TEST / "unit"))

from days_model import DEFAULTS  # noqa: E402
from days import BEGIN, DAY, HOUR, Replay  # noqa: E402

DAYS = 365
SITES = [f"site{number}.example" for number in range(10)]
PAGES = 60
AGENTS = list(itertools.product(("desktop", "mobile"), ("Chrome", "Safari"),
                                ("Windows", "iOS")))
NOW = BEGIN + (DAYS + 1) * DAY + 2 * HOUR
ZEROS = (0,) * 8
BUDGET = 5_000_000  # the clock's ticks


def view_rows(rng):
    """A year of days, and their months, of pages by a Zipf law."""
    weights = [1 / (rank + 1) for rank in range(PAGES)]
    for number in range(DAYS):
        start = BEGIN + number * DAY
        for site in SITES:
            paths = set(rng.choices(range(PAGES), weights, k=80))
            for path in paths:
                for agent in AGENTS[:rng.randrange(1, 9)]:
                    yield (1, start, site, f"/articles/{path}", *agent,
                           rng.randrange(1, 99), *ZEROS)


def fill(link):
    rng = random.Random(1)
    link.executemany("INSERT INTO usage_view VALUES (" + "?," * 15 + "?)",
                     view_rows(rng))
    link.execute(
        "INSERT INTO usage_page SELECT grain, start, site, path, sum(views), "
        "0, 0, 0, 0, 0, 0, 0, 0 FROM usage_view GROUP BY 1, 2, 3, 4")
    link.execute(
        "INSERT INTO usage_total SELECT grain, start, site, sum(views), "
        "0, 0, 0, 0, 0, 0, 0, 0 FROM usage_page GROUP BY 1, 2, 3")
    link.execute(
        "INSERT INTO usage_client SELECT grain, start, site, device, browser, "
        "\"system\", sum(views), 0, 0, 0, 0, 0, 0, 0 FROM usage_view "
        "GROUP BY 1, 2, 3, 4, 5, 6")
    link.executemany(
        "INSERT INTO usage_event VALUES (1, ?, ?, ?, ?, 5)",
        ((BEGIN + number * DAY, site, category, f"{category} {event}")
         for number in range(DAYS) for site in SITES
         for category, events in (("outcome", 10), ("download", 20))
         for event in range(events)))


def count(link):
    return sum(link.execute(f"SELECT count(*) FROM usage_{name}").fetchone()[0]
               for name in ("view", "page", "total", "event", "seen"))


def main():
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        file = os.path.join(folder, "usage.db")
        with Replay(file) as replay:
            replay.keep("first", NOW - HOUR, DEFAULTS)
        link = sqlite3.connect(file)
        fill(link)
        link.commit()
        rows, size = count(link), os.path.getsize(file)
        with Replay(file) as replay:
            begun = time.monotonic()
            report = replay.keep("first", NOW, DEFAULTS, ticks=BUDGET)
            took = time.monotonic() - begun
        link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        gone = rows - count(link)
        assert report.is_complete
        print(f"keep: {rows:,} rows of a year; {gone:,} gone in "
              f"{report.pieces:,} pieces of {report.most} rows at most, "
              f"{took:.1f} s, {gone / took:,.0f} rows/s")
        print(f"keep: longest piece {report.longest / 1000:.1f} ms; "
              f"file {size / 1e6:.1f} MB before, "
              f"{os.path.getsize(file) / 1e6:.1f} MB after")
        link.close()


if __name__ == "__main__":
    main()
