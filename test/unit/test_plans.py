#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Each question of the dashboard is answered by walking the part of a table's
key that it is about: SQLite tells its plans, for tables without statistics, as
mod_usage has them."""

import pathlib
import re
import sqlite3

SQL = pathlib.Path(__file__).parent.parent.parent / "sql"

# How a question finds its rows: the columns of the key that it gives.
SPAN = "grain=? AND start>? AND start<?"
PAIRS = "grain=? AND start=? AND site=?"
PAGE = PAIRS + " AND path=?"
PART = "grain=? AND part=? AND "
SPAN_OF_PART = PART + "start>? AND start<?"
CLIENT = PART + "start=? AND device=? AND browser=? AND system=?"
PLANS = {
    "sites": ("usage_event", SPAN),
    "series": ("usage_total", SPAN),
    "pages": ("usage_page", PAIRS),
    "courses": ("usage_page", PAGE),
    "hours": ("usage_total", SPAN),
    "client_series": ("usage_client", PAIRS),
    "client_pages": ("usage_view", PAIRS),
    "page_series": ("usage_view", PAGE),
    "client_courses": ("usage_view", PAGE),
    "changes": ("usage_page", PAIRS),
    "client_changes": ("usage_view", PAIRS),
    "clients": ("usage_client", PAIRS),
    "all_pages": ("usage_all", SPAN_OF_PART),
    "all_changes": ("usage_all", SPAN_OF_PART),
    "all_courses": ("usage_all", CLIENT + " AND path=?"),
    "all_client_series": ("usage_all", SPAN_OF_PART),
    "all_clients": ("usage_all", SPAN_OF_PART),
    "all_client_pages": ("page", CLIENT),
    "all_client_changes": ("page", CLIENT),
    "all_client_courses": ("page", CLIENT + " AND path=?"),
    "all_page_series": ("page", CLIENT + " AND path=?"),
    "all_page_clients": ("page", CLIENT + " AND path=?"),
    "page_clients": ("usage_view", PAGE),
    "count_series": ("usage_event", SPAN),
    "events": ("usage_event", SPAN),
    "visitors": ("usage_seen", "day>? AND day<?"),
    "averages": ("usage_average", "start>? AND start<?"),
    "seen_days": ("usage_seen", "day>? AND day<?"),
    "marks": ("usage_mark", "time>? AND time<?"),
    "categories": ("usage_seen", "day>? AND day<?"),
}

# As large as the servers, or as what a site keeps of its newest views.
SMALL = {"nodes", "recent"}

# A row a month and site.
MONTHS = {"sites": "SCAN usage_average"}


def statements(name):
    """{name: text} of a file's last statement of each name."""
    parts = re.split(r"^-- name: (\w+)\n", (SQL / name).read_text(),
                     flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def main():
    link = sqlite3.connect(":memory:")
    link.executescript((SQL / "schema.sqlite3.sql").read_text())
    questions = statements("dashboard.sql")
    questions |= statements("dashboard.sqlite3.sql")
    assert set(questions) == set(PLANS) | SMALL, (
        set(questions) ^ (set(PLANS) | SMALL))
    for name, (table, columns) in PLANS.items():
        text = questions[name].rsplit(";", 1)[0].replace(
            ":names", ", ".join([":name"] * 10))
        names = set(re.findall(r":(\w+)", text))
        plan = [row[3] for row in link.execute(
            "EXPLAIN QUERY PLAN " + text, dict.fromkeys(names, 1))]
        scans = [step for step in plan
                 if re.match("SCAN (usage_|client|page$)", step)
                 and step != MONTHS.get(name)]
        assert not scans, (name, plan)
        found = [step for step in plan if step.startswith(f"SEARCH {table} ")]
        assert found, (name, plan)
        if table == "page":
            # And they are reached by way of the clients, part by part.
            assert any(step.startswith("SEARCH client ")
                       and f"({SPAN_OF_PART}" in step for step in plan), plan
            assert all(f"({columns}" in step for step in found), (name, plan)
        assert any(f"({columns}" in step for step in found), (name, plan)


if __name__ == "__main__":
    main()
