#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Shows, from a terminal, what a SQLite database of counts holds."""
import contextlib
import os
import sqlite3
import sys
import time
import urllib.parse

# Counts are written when UsageFlushInterval (10 s in the demo) is over and
# the server then looks (every 10 s), by a process of its own.
DEADLINE = 40

HITS = """SELECT coalesce(sum(count), 0) FROM usage_event
          WHERE grain = 1 AND category = 'outcome'"""

TABLES = [
    ("outcome", "hits", """SELECT event, sum(count) FROM usage_event
        WHERE grain = 1 AND category = 'outcome'
        GROUP BY event ORDER BY 2 DESC, 1"""),
    ("page (the first ten)", "views", """SELECT path, sum(views)
        FROM usage_page WHERE grain = 1
        GROUP BY path HAVING sum(views) > 0 ORDER BY 2 DESC, 1 LIMIT 10"""),
] + [(column, "views", f"""SELECT {column}, sum(views) FROM usage_view
        WHERE grain = 1
        GROUP BY {column} HAVING sum(views) > 0 ORDER BY 2 DESC, 1""")
     for column in ("device", "browser", "system")]


def printable(text, width):
    """Text from outside, without what a terminal would obey, and clipped."""
    clean = "".join(c if c.isprintable() else "?" for c in str(text))
    return clean if len(clean) <= width else clean[:width - 3] + "..."


class Counts:
    """The counts in a database, which need not be there yet."""

    def __init__(self, path):
        self.path = os.path.abspath(path)

    def rows(self, query):
        """The rows of a query; None while there is no such database."""
        uri = f"file:{urllib.parse.quote(self.path)}?mode=ro"
        try:
            with contextlib.closing(
                    sqlite3.connect(uri, uri=True, timeout=5)) as database:
                return database.execute(query).fetchall()
        except sqlite3.OperationalError:
            return None

    def hits(self):
        """All hits that were ever written."""
        rows = self.rows(HITS)
        return rows[0][0] if rows else 0

    def wait_and_show(self, before, sent):
        """Wait until `sent` hits more than `before` are written, then show
        everything; whether they came."""
        print(f"waiting for the next flush ({DEADLINE} s at most) ...",
              flush=True)
        until = time.monotonic() + DEADLINE
        while self.hits() - before < sent and time.monotonic() < until:
            time.sleep(0.2)
        time.sleep(0.5)  # one hit too many would show by now
        written = self.hits() - before
        print(f"\n{written:,} hits written of {sent:,} requests sent")
        if written < sent:
            print(f"They should be equal {DEADLINE} s after the last request: "
                  "see the server's error log.")
        elif written > sent:
            print("The others are someone else's, or older than this replay.")
        self.show()
        return written == sent

    def show(self):
        """Print the tables."""
        print(f"\nWhat {self.path} holds:")
        for name, what, query in TABLES:
            rows = self.rows(query)
            if rows is None:
                print("  nothing yet")
                return
            print(f"\n  {name:<60} {what:>9}")
            for label, count in rows:
                print(f"  {printable(label, 60):<60} {count:>9,}")
            if len(rows) > 1 and "LIMIT" not in query:
                print(f"  {'':<60} {sum(row[1] for row in rows):>9,}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: report.py DATABASE")
    Counts(sys.argv[1]).show()
