#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a database as busy sites would have filled it, as SQL, to be run by
the database's own client:

    generate.py sqlite3 | sqlite3 usage.db
    generate.py pgsql   | psql -q -v ON_ERROR_STOP=1 mod_usage
    generate.py mysql   | mariadb mod_usage

First come the tables of sql/. Views of sites, pages and agents follow Zipf's
law, hours and weekdays a common curve, all in UTC. The same options give the
same data. Days, months and sums are made of the rows by the database, so that
they agree as a flush makes them.
"""

import argparse
import itertools
import pathlib
import random
import sys
from datetime import datetime, timedelta, timezone

SQL = pathlib.Path(__file__).parent.parent.parent / "sql"

NODE = "generated"
INTERVALS = 24
HOUR, DAY = 3600, 86400
ROWS_A_STATEMENT = 500

AGENTS = [("mobile", "Chrome", "Android"), ("mobile", "Safari", "iOS"),
          ("desktop", "Chrome", "Windows"), ("desktop", "Edge", "Windows"),
          ("desktop", "Safari", "macOS"), ("desktop", "Firefox", "Linux"),
          ("desktop", "Firefox", "Windows"), ("desktop", "Chrome", "macOS"),
          ("mobile", "Samsung Internet", "Android"),
          ("tablet", "Safari", "iPadOS"), ("desktop", "Chrome", "ChromeOS"),
          ("mobile", "Firefox", "Android"), ("tablet", "Chrome", "Android"),
          ("desktop", "Opera", "Windows"), ("tv", "Chrome", "Tizen"),
          ("other", "other", "other")]

# Other hits: category, event, how many to a view, in every how many hours.
EVENTS = (("outcome", "view", 1, 1), ("outcome", "asset", 4, 1),
          ("outcome", "redirect", 1, 6), ("outcome", "error", 1, 8),
          ("outcome", "method", 1, 24), ("outcome", "prefetch", 1, 12),
          ("bot-search", "Googlebot", 1, 2), ("bot-search", "bingbot", 1, 6),
          ("bot-ai-crawler", "GPTBot", 2, 12), ("bot-seo", "Ahrefs", 1, 8),
          ("bot-monitor", "UptimeRobot", 1, 4), ("bot-library", "curl", 1, 24))

# A client's usual settings are for less: it may lose all, if it is killed.
SETTINGS = {"sqlite3": "PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; "
                       "PRAGMA cache_size = -262144",
            "pgsql": "SET work_mem = '128MB'",
            "mysql": "SET NAMES utf8mb4"}

SECTIONS = ("news", "articles", "shop", "help", "routes", "people")

# Views by the hour of the day, and by the weekday from Monday on.
HOURS = (3, 2, 1, 1, 1, 2, 4, 6, 8, 9, 9, 9, 9, 9, 9, 9, 9, 9, 10, 11, 12, 11,
         8, 5)
WEEKDAYS = (10, 10, 10, 10, 9, 7, 7)

VALUES = ("views", "visitors", "visits", "returning_visits", "bounces",
          "exits", "seconds", "bytes", "millis")
CLIENT_VALUES = VALUES[:1] + VALUES[2:]  # not visitors
KEYS = {"usage_view": ("site", "path", "device", "browser", '"system"'),
        "usage_total": ("site",),
        "usage_page": ("site", "path"),
        "usage_client": ("site", "device", "browser", '"system"'),
        "usage_event": ("site", "category", "event")}


def zipf(count, exponent=1.0):
    """Cumulative weights of ranks 1 to count."""
    return list(itertools.accumulate(
        1 / rank ** exponent for rank in range(1, count + 1)))


def path_of(rank):
    """A page of a site, by its rank."""
    if rank == 0:
        return "/"
    section = SECTIONS[rank % len(SECTIONS)]
    return f"/{section}/{2015 + rank % 11}/{rank}/a-story-of-{rank * 7919}"


def shares(total, weights):
    """Whole numbers in proportion to weights that add up to total."""
    bounds = [total * part // weights[-1] for part in weights]
    return [b - a for a, b in zip([0, *bounds], bounds)]


class Traffic:
    """Views, interval by interval."""

    def __init__(self, options):
        self.options = options
        self.random = random.Random(options.seed)
        self.weights = [zipf(options.sites, 0.8), zipf(options.pages),
                        zipf(len(AGENTS))]
        self.ranges = [range(options.sites), range(options.pages),
                       range(len(AGENTS))]
        self.sites = [f"www{i}.example.org" for i in range(options.sites)]
        self.paths = [path_of(i) for i in range(options.pages)]

    def starts(self):
        """Each interval's start."""
        first = datetime.fromisoformat(self.options.first)
        first = int(first.replace(tzinfo=timezone.utc).timestamp())
        return range(first, first + self.options.days * DAY, HOUR)

    def sizes(self):
        """How many rows each interval has."""
        weights = itertools.accumulate(
            HOURS[start // HOUR % INTERVALS]
            * WEEKDAYS[(start // DAY + 3) % 7] for start in self.starts())
        return shares(self.options.rows, list(weights))

    def draw(self, count):
        """Keys, each a site, a page and an agent."""
        return zip(*(self.random.choices(names, cum_weights=weights, k=count)
                     for names, weights in zip(self.ranges, self.weights)))

    def interval(self, size):
        """{key: views}: as many keys as said; the least likely if need be."""
        views = {}
        for _ in range(4):
            for key in self.draw(size - len(views)):
                views[key] = views.get(key, 0) + 1
        while len(views) < size:
            key = tuple(map(self.random.choice, self.ranges))
            views.setdefault(key, 1)
        return views

    def values(self, views, page):
        """A row's counters, from one random number."""
        chance = self.random.random()
        visits = views - int(views * chance * 0.6)
        bounces = int(visits * (0.3 + chance / 2))
        return (views, visits, visits, int(visits * chance * 0.4), bounces,
                visits, int((views - bounces) * (20 + 90 * chance)),
                views * (9000 + page % 97 * 1000), views * (5 + page % 31))

    def view_rows(self):
        for start, size in zip(self.starts(), self.sizes()):
            views = self.interval(size)
            for (site, page, agent) in sorted(views):
                count = views[site, page, agent]
                yield (0, start, self.sites[site], self.paths[page],
                       *AGENTS[agent], *self.values(count, page))


class Writer:
    """Statements of one dialect, to standard output."""

    def __init__(self, dialect):
        self.dialect = dialect
        self.out = sys.stdout

    def say(self, text):
        if self.dialect == "mysql":
            text = text.replace('"system"', "`system`")
        self.out.write(text + ";\n")

    def rows(self, table, columns, rows):
        """Rows of texts without quotes and of numbers."""
        row = "(" + ",".join(["%r"] * len(columns)) + ")"
        head = f"INSERT INTO {table} ({', '.join(columns)}) VALUES\n"
        rows = iter(rows)
        while part := list(itertools.islice(rows, ROWS_A_STATEMENT)):
            self.say(head + ",\n".join([row % one for one in part]))

    def tables(self):
        self.out.write(
            (SQL / f"schema.{self.dialect}.sql").read_text())


def summed(values):
    return ", ".join(f"sum({value})" for value in values)


def write_sums(writer):
    """Pages, clients and sites of the views. A visit of a site is a visitor."""
    values = ", ".join(VALUES)
    writer.say(f"INSERT INTO usage_page (grain, start, site, path, {values}) "
               f"SELECT grain, start, site, path, {summed(VALUES)} "
               "FROM usage_view GROUP BY grain, start, site, path")
    values = ", ".join(CLIENT_VALUES)
    clients = ", ".join(KEYS["usage_client"])
    writer.say(f"INSERT INTO usage_client (grain, start, {clients}, {values}) "
               f"SELECT grain, start, {clients}, {summed(CLIENT_VALUES)} "
               f"FROM usage_view GROUP BY grain, start, {clients}")
    values = ", ".join(VALUES)
    writer.say(f"INSERT INTO usage_total (grain, start, site, {values}) "
               f"SELECT grain, start, site, {summed(VALUES)} "
               "FROM usage_page GROUP BY grain, start, site")


def write_all_sites(writer):
    """Pages and clients of all sites by day and month, and both by month."""
    values = ", ".join(VALUES)
    clients = 'device, browser, "system"'
    head = (f"INSERT INTO usage_all (grain, part, start, {clients}, path, "
            f"{values}) SELECT grain, ")
    writer.say(f"{head} 0, start, '', '', '', path, {summed(VALUES)} "
               "FROM usage_page WHERE grain > 0 GROUP BY grain, start, path")
    sums = summed(CLIENT_VALUES).replace(", ", ", 0, ", 1)
    writer.say(f"{head} 1, start, {clients}, '', {sums} FROM usage_client "
               f"WHERE grain > 0 GROUP BY grain, start, {clients}")
    writer.say(f"{head} 2, start, {clients}, path, {summed(VALUES)} "
               "FROM usage_view WHERE grain = 2 "
               f"GROUP BY grain, start, {clients}, path")


def write_events(writer):
    """Outcomes and bots, in proportion to the views."""
    head = ("INSERT INTO usage_event "
            "(grain, start, site, category, event, count) SELECT grain, start, "
            "site, ")
    for category, event, times, hours in EVENTS:
        writer.say(f"{head} '{category}', '{event}', views * {times} "
                   "FROM usage_total WHERE grain = 0 "
                   f"AND start % {hours * HOUR} = 0")
    writer.say(f"{head} 'outcome', 'bot', sum(count) FROM usage_event "
               "WHERE category <> 'outcome' GROUP BY grain, start, site")


def months(starts):
    """[start, end) of each month."""
    time = datetime.fromtimestamp(starts[0], timezone.utc).replace(
        day=1, hour=0)
    while time.timestamp() <= starts[-1]:
        after = (time + timedelta(days=31)).replace(day=1)
        yield int(time.timestamp()), int(after.timestamp())
        time = after


def write_grains(writer, table, values, starts):
    """Days and months of the base intervals."""
    keys = ", ".join(KEYS[table])
    head = (f"INSERT INTO {table} (grain, start, {keys}, {', '.join(values)})"
            " SELECT ")
    writer.say(f"{head} 1, start - start % {DAY}, {keys}, {summed(values)} "
               f"FROM {table} WHERE grain = 0 "
               f"GROUP BY start - start % {DAY}, {keys}")
    for start, end in months(starts):
        writer.say(f"{head} 2, {start}, {keys}, {summed(values)} "
                   f"FROM {table} WHERE grain = 1 AND start >= {start} "
                   f"AND start < {end} GROUP BY {keys}")


def write_rest(writer, starts, version):
    """Visitors by day and month, the newest views, and who wrote it all."""
    writer.say("INSERT INTO usage_seen "
               "(day, site, category, node, visitors, sketch) "
               "SELECT start, site, 'visitor', '', visitors, '' "
               "FROM usage_total WHERE grain = 1")
    for start, end in months(starts):
        writer.say("INSERT INTO usage_average "
                   "(start, site, category, visitors, days) "
                   f"SELECT {start}, site, category, sum(visitors), count(*) "
                   f"FROM usage_seen WHERE day >= {start} AND day < {end} "
                   "GROUP BY site, category")
    writer.say("INSERT INTO usage_recent (site, time, seq, path, device, "
               'browser, "system", new) SELECT site, start, row_number() OVER '
               '(PARTITION BY site ORDER BY path, device, browser, "system"), '
               'path, device, browser, "system", 1 FROM usage_view '
               f"WHERE grain = 0 AND start = {starts[-1]}")
    writer.say("DELETE FROM usage_recent WHERE seq > 50")
    writer.say("INSERT INTO usage_node (node, batch, last_flush, version) "
               f"VALUES ('{NODE}', 1, {starts[-1] + HOUR}, '{version}')")


def write(options):
    traffic, writer = Traffic(options), Writer(options.dialect)
    starts = traffic.starts()
    writer.tables()
    writer.say(SETTINGS[options.dialect])
    writer.say("BEGIN")
    writer.rows("usage_view", ("grain", "start", *KEYS["usage_view"], *VALUES),
                traffic.view_rows())
    write_grains(writer, "usage_view", VALUES, starts)
    write_sums(writer)
    write_all_sites(writer)
    write_events(writer)
    write_grains(writer, "usage_event", ("count",), starts)
    write_rest(writer, starts, "0")
    writer.say("COMMIT")


def read_options():
    parser = argparse.ArgumentParser(
        description="A database of mod_usage's as SQL.")
    parser.add_argument("dialect", choices=("sqlite3", "pgsql", "mysql"))
    parser.add_argument("--sites", type=int, default=20)
    parser.add_argument("--pages", type=int, default=2000, help="of each site")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--rows", type=int, default=1_000_000,
                        help="of usage_view, by the hour")
    parser.add_argument("--first", default="2025-01-01", help="day")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for name in ("sites", "pages", "days", "rows"):
        if getattr(options, name) < 1:
            parser.error(f"--{name} is at least 1")
    keys = options.sites * options.pages * len(AGENTS)
    if max(Traffic(options).sizes()) > keys / 2:
        parser.error("so few sites, pages and days don't give so many rows")
    return options


if __name__ == "__main__":
    write(read_options())
