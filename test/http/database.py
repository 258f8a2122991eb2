# SPDX-License-Identifier: Apache-2.0
"""What a flush wrote, read from the database alone."""

from collections import defaultdict
from datetime import datetime, timezone

GRAINS = (BASE, DAY, MONTH) = (0, 1, 2)

VALUES = ("views", "visitors", "visits", "returning_visits", "bounces",
          "exits", "seconds", "bytes", "millis")

KEYS = {"usage_view": ("site", "path", "device", "browser", "system"),
        "usage_total": ("site",),
        "usage_page": ("site", "path"),
        "usage_client": ("site", "device", "browser", "system"),
        "usage_event": ("site", "category", "event")}

VALUES_OF = {"usage_event": ("count",),
             "usage_client": VALUES[:1] + VALUES[2:]}

OTHERS = ("usage_all", "usage_seen", "usage_user", "usage_recent", "usage_node",
          "usage_salt", "usage_mark", "usage_schema")

OUTCOMES = ("view", "asset", "excluded", "bot", "method", "redirect", "error",
            "opted-out", "prefetch", "fetch", "type",
            "failure", "partial")


KINDS = ("search", "ai-crawler", "ai-assistant", "ai-search", "preview",
         "feed", "monitor", "seo", "security", "library", "other")


class Database:
    """A copy of all rows, taken when the object is made, checked for sense."""

    def __init__(self, store):
        self.tables = store.read([*KEYS, *OTHERS])
        self.check()

    # Questions

    def rows(self, table, grain=BASE):
        return [row for row in self.tables[table] if row["grain"] == grain]

    def sums(self, table, keys, grain=BASE, value="views"):
        """{key: sum} of a value; a single key is not wrapped in a tuple."""
        found = defaultdict(int)
        for row in self.rows(table, grain):
            key = tuple(row[name] for name in keys)
            found[key[0] if len(key) == 1 else key] += row[value]
        return dict(found)

    def views(self, grain=BASE):
        """All views."""
        return sum(row["views"] for row in self.rows("usage_total", grain))

    def pages(self, grain=BASE):
        """{path: views} over all sites."""
        return self.sums("usage_page", ("path",), grain)

    def by(self, *keys, grain=BASE):
        """{device: views} and the like."""
        return self.sums("usage_view", keys, grain)

    def outcomes(self, grain=BASE, site=None):
        """{outcome: hits}."""
        found = defaultdict(int)
        for row in self.rows("usage_event", grain):
            if row["category"] == "outcome" and site in (None, row["site"]):
                found[row["event"]] += row["count"]
        return dict(found)

    def bots(self, grain=BASE, site=None):
        """{(kind, name): hits}."""
        found = defaultdict(int)
        for row in self.rows("usage_event", grain):
            is_bot = row["category"].startswith("bot-")
            if is_bot and site in (None, row["site"]):
                found[row["category"][4:], row["event"]] += row["count"]
        return dict(found)

    def events(self, grain=BASE, site=None):
        """{(category, event): count}, without outcomes, bots and sources."""
        found = defaultdict(int)
        for row in self.rows("usage_event", grain):
            is_other = (row["category"] == "outcome"
                        or row["category"].startswith(("bot-", "source-")))
            if not is_other and site in (None, row["site"]):
                found[row["category"], row["event"]] += row["count"]
        return dict(found)

    def sources(self, grain=BASE, site=None):
        """{(kind, name): visits}."""
        found = defaultdict(int)
        for row in self.rows("usage_event", grain):
            is_source = row["category"].startswith("source-")
            if is_source and site in (None, row["site"]):
                found[row["category"][7:], row["event"]] += row["count"]
        return dict(found)

    def hits(self, grain=BASE):
        return sum(self.outcomes(grain).values())

    def marks(self, category="server", site=""):
        """Names of marks by time; of the server's own the first word."""
        rows = [row for row in self.tables["usage_mark"]
                if (row["category"], row["site"]) == (category, site)]
        rows.sort(key=lambda row: (row["time"], row["name"]))
        is_own = category == "server"
        return [row["name"].split(" ")[0] if is_own else row["name"]
                for row in rows]

    def batches(self):
        """{node: number of its last batch}."""
        return {row["node"]: row["batch"] for row in self.tables["usage_node"]}

    # What is true of every database that a flush leaves behind

    def check(self):
        self.check_grains()
        self.check_sums()
        self.check_all_sites()
        self.check_outcomes()
        self.check_texts()
        self.check_marks()
        assert len(self.tables["usage_schema"]) == 1

    def check_grains(self):
        """Each grain says the same; its intervals begin where they must."""
        for table, keys in KEYS.items():
            for value in VALUES_OF.get(table, VALUES):
                base, day, month = (self.sums(table, keys, grain, value)
                                    for grain in GRAINS)
                assert base == day == month, (table, value)
            for row in self.tables[table]:
                start = datetime.fromtimestamp(row["start"], timezone.utc)
                clock = (start.hour, start.minute, start.second)
                if row["grain"] == DAY:
                    assert clock == (0, 0, 0), row
                elif row["grain"] == MONTH:
                    assert (start.day, *clock) == (1, 0, 0, 0), row
                else:
                    assert row["start"] % 600 == 0, row

    def check_sums(self):
        """The summed tables are sums of the first; but who saw several pages
        of a site is one visitor of it."""
        for table in ("usage_total", "usage_page", "usage_client"):
            keys = ("grain", "start", *KEYS[table])
            for value in VALUES_OF.get(table, VALUES):
                for grain in GRAINS:
                    if (table, value) == ("usage_total", "visitors"):
                        continue
                    assert (self.sums(table, keys, grain, value)
                            == self.sums("usage_view", keys, grain, value)), (
                                table, value, grain)

    def check_all_sites(self):
        """What all sites have together are the sums of what each has: pages
        and clients by day and month, both by month."""
        keys = ("grain", "start", "device", "browser", "system", "path")
        for value in VALUES:
            sums = defaultdict(int)
            for part, (table, grains) in enumerate((
                    ("usage_page", (DAY, MONTH)),
                    ("usage_client", (DAY, MONTH)), ("usage_view", (MONTH,)))):
                for row in self.tables[table]:
                    if row["grain"] in grains:
                        key = tuple(row.get(name, "") for name in keys)
                        sums[part, *key] += row.get(value, 0)
            found = {(row["part"], *(row[name] for name in keys)): row[value]
                     for row in self.tables["usage_all"]}
            assert found == sums, value

    def check_outcomes(self):
        """Each view is one, too; but a child may be killed between them."""
        assert self.outcomes().get("view", 0) <= self.views()

    def check_marks(self):
        """Counting goes live once."""
        assert self.marks().count("goLive") <= 1, self.tables["usage_mark"]

    def check_texts(self):
        """Names are text: no control bytes, 255 bytes at most, known words."""
        texts = KEYS | {"usage_mark": ("site", "name", "category")}
        for table, keys in texts.items():
            for row in self.tables[table]:
                for key in keys:
                    text = row[key]
                    assert isinstance(text, str), (table, row)
                    assert not any(ord(c) < 32 or ord(c) == 127
                                   for c in text), (table, row)
                    assert len(text.encode()) <= 255, (table, row)
        assert set(self.outcomes()) <= set(OUTCOMES), self.outcomes()
        assert {kind for kind, _ in self.bots()} <= set(KINDS), self.bots()
