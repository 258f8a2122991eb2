# SPDX-License-Identifier: Apache-2.0
"""Whether page, JSON, CSV, text and metrics say the same, number by number.

What one of them rounds is worked out here from JSON's whole numbers.
"""

import re

from outputs import (csv_of, json_of, metrics_of, page_of, rows_in,
                     sections_of, text_of)
from pages import number

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
            "Sunday")
TABLES = ("totals", "series", "compared", "newest", "marks", "distinct",
          "minutes", "heat")
MINUS, TIMES = "\u2212", "\u00d7"
SHADES = (" \u00b7", "\u2591" * 2, "\u2592" * 2, "\u2593" * 2, "\u2588" * 2)


# Numbers in words

def nearest(part, whole, scale):
    """So many scales of a whole, half of one rounded up."""
    return (2 * scale * part // whole + 1) // 2 if whole > 0 else 0


def tenths(count):
    return f"{count // 10:,}.{count % 10}"


def share(part, whole):
    """To the nearest tenth of a percent; all only if it is all."""
    found = nearest(part, whole, 1000)
    if part > 0 and found == 0:
        return "<0.1%"
    return tenths(found - (found == 1000 and part < whole)) + "%"


def average(total, count):
    found = nearest(total, count, 10)
    return tenths(found) if found < 100 else f"{nearest(total, count, 1):,}"


def duration(seconds):
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s"
    return f"{seconds // 3600:,} h {seconds % 3600 // 60} min"


def change(value, was):
    """Since what it was."""
    if was == 0:
        return "new" if value else ""
    if value == was:
        return "="
    if value >= 10 * was:
        return f"{TIMES}{value // was:,}"
    by = abs(value - was)
    parts, whole = nearest(by, was, 1000), nearest(by, was, 100)
    if value < was and value > 0:
        parts, whole = min(parts, 999), min(whole, 99)
    rate = f"{whole:,}" if parts >= 100 else tenths(parts)
    return f"{'+' if value > was else MINUS}{rate}%"


# What is said

class Said:
    """All of them at one instant, which is one in which JSON says the same
    before and after the others; else they are asked again."""

    def __init__(self, server, query=""):
        more = query.replace("?", "&", 1)
        for _ in range(5):
            self.document = json_of(server, query)
            self.page = page_of(server, query)
            self.sections = sections_of(text_of(server, "/text" + query))
            self.metrics = metrics_of(server)
            self.csv = {table: csv_of(server, table, more) for table in
                        (*TABLES, *self.document["panels"])}
            if json_of(server, query) == self.document:
                return
        raise AssertionError("something is counted all the time")


def panel_rows(document, panel):
    return {row["name"]: row["count"]
            for row in document["panels"][panel]["rows"]}


def page_rows(page, column):
    return {name: numbers[0] for name, numbers in page.rows(column).items()}


def columns_in(lines, heads):
    """{name: {head: text}} of lines under a line of heads, each of which ends
    where its column does."""
    ends = [re.search(rf"{head}(?!\S)", lines[0]).end() for head in heads]
    begin = 20 if heads[0] == "Today" else 25
    return {line[:begin].strip(): {
        head: line[start:end].strip()
        for head, start, end in zip(heads, [begin, *ends], ends)}
        for line in lines[1:]}


def measures(total):
    """What a visit is like, of some totals."""
    visits = max(total["visits"], 1)
    return {"Views a visit": average(total["views"], total["visits"]),
            "Bounce rate": (share(total["bounces"], total["visits"])
                            .replace("<0.1", "0.0")),
            "Visit duration": duration(total["seconds"] // visits)}


def check_tiles(said):
    """Each tile is of JSON's totals, with what it was, today and yesterday."""
    document, tiles = said.document, said.page.tiles
    totals = document["totals"]
    period, compared = totals["period"], totals["compared"]
    one_day = "Visitors" in tiles
    expected = {
        "Visitors" if one_day else "Visitors a day":
            f"{period['visitors']:,}" if one_day
            else average(period["visitors"], period["days"]),
        "Visits": f"{period['visits']:,}", "Views": f"{period['views']:,}",
        **measures(period),
        "Now": f"{sum(document['minutes']['views'][-5:]):,}"}
    assert {name: tile.value for name, tile in tiles.items()} == expected
    for label, tile in tiles.items():
        counter = label.split()[0].lower()
        if label not in ("Visitors", "Visitors a day", "Views"):
            continue
        assert f"{totals['today'][counter]:,} today" in tile.text
        assert f"{totals['yesterday'][counter]:,} yesterday" in tile.text
    if document["query"]["compared"]:
        for label in ("Visits", "Views"):
            was, value = (total[label.lower()] for total in (compared, period))
            assert change(value, was) in tiles[label].text
            assert (f"from {was:,}" in tiles[label].text) == (was > 0)


def check_totals(said):
    """Text and CSV have JSON's totals."""
    totals = said.document["totals"]
    rows = {row["time"]: {name: int(text) for name, text in row.items()
                          if name != "time" and text}
            for row in said.csv["totals"]}
    assert rows == totals
    lines = said.sections["Totals"]
    times = ["Today", "Yesterday", "Period"]
    if said.document["query"]["compared"]:
        times.append("Compared")
    found = columns_in(lines, times)
    hits = found.pop("Hits")
    assert hits["Period"] == f"{totals['period']['hits']:,}"
    for time in times:
        total = totals[time.lower()]
        assert {name: cells[time] for name, cells in found.items()} == {
            "Views": f"{total['views']:,}", "Visits": f"{total['visits']:,}",
            "Visits of one page": f"{total['bounces']:,}",
            "Visitors, by day": f"{total['visitors']:,}",
            **measures(total)}, time


def check_pages(said):
    """Each column of the list of pages."""
    rows = said.document["panels"]["pages"]["rows"]
    whole = said.document["panels"]["pages"]["sum"]
    cells = said.page.cells("page")
    top = said.sections["Top pages"]
    visits = columns_in(said.sections["Visits of these pages"], [
        "Visitors", "Entries", "Exits", "Bounces", "Time"])
    assert [name for name in cells if not name.startswith("and ")] == [
        row["name"] for row in rows] == list(visits)
    assert len(rows) <= len(top)
    for row, line in zip(rows, top):
        views, was = row["views"], row["compared_count"]
        has_time = views > 0 and row["seconds"] > 0
        its = {"Visitors": f"{row['visitors']:,}",
               "Entries": f"{row['visits']:,}", "Exits": f"{row['exits']:,}",
               "Time": duration(row["seconds"] // views) if has_time else ""}
        bounces = share(row["bounces"], row["visits"])
        changed = change(views, was) if was is not None else ""
        found = cells[row["name"]]
        assert (found["Views"], found.get("Change", ""), found["Share"]) == (
            f"{views:,}", changed, share(views, whole))
        assert found["Time a view"] == its["Time"]
        assert found["Bounces"] == (bounces if row["visits"] else "")
        for head in ("Visitors", "Entries", "Exits"):
            assert found[head] == its[head], (row["name"], head)
        assert visits[row["name"]] == {**its, "Bounces": bounces}
        assert re.sub("[\u2580-\u258f]", "", line).split() == [
            row["name"], f"{views:,}", share(views, whole),
            *([changed] if changed else [])]
    counters = [{name: int(text) for name, text in row.items()
                 if text and name not in ("name", "compared_views")}
                for row in said.csv["pages"]]
    for row, its in zip(rows, counters):
        assert its == {name: row[name] for name in its}
    assert [row["name"] for row in said.csv["pages"]][:len(rows)] == [
        row["name"] for row in rows]


def check_panels(said):
    """What else there is in lists and tables."""
    document = said.document
    outcomes = page_rows(said.page, "outcome")
    assert outcomes == panel_rows(document, "outcomes")
    assert outcomes == rows_in(said.sections["What became of each hit"])
    for panel, its in document["panels"].items():
        rows = [(row["name"], row["note"] or "", str(row["count"]))
                for row in its["rows"]]
        if panel != "pages":
            assert rows == [(row["name"], row["note"], row["count"])
                            for row in said.csv[panel]], panel
    for table, part in (("series", "series"), ("compared", "compared_series"),
                        ("newest", "newest"), ("marks", "marks"),
                        ("distinct", "distinct")):
        assert len(said.csv[table]) == len(document[part])
        for row, its in zip(said.csv[table], document[part]):
            for name, text in row.items():
                value = its[name]
                value = int(value) if isinstance(value, bool) else value
                assert text == ("" if value is None else str(value)), name


def check_heat(said):
    """Cell by cell; text has the quarter of the busiest hour's views."""
    heat = said.document["heat"]["views"]
    assert [(int(row["weekday"]), int(row["hour"]), int(row["views"]))
            for row in said.csv["heat"]] == [
                (day + 1, hour, views) for day, its in enumerate(heat)
                for hour, views in enumerate(its)]
    most = max(map(max, heat))
    if most == 0:
        assert "Hours of the week" not in said.sections
        return
    cells = said.page.cells("hour")
    assert list(cells) == list(WEEKDAYS)
    lines = said.sections["Hours of the week"]
    for day, line, its in zip(WEEKDAYS, lines[1:], heat):
        assert cells[day] == {str(hour): str(views)
                              for hour, views in enumerate(its)}, day
        assert line[:4] == day[:3] + " "
        assert [line[4 + 3 * hour:6 + 3 * hour] for hour in range(24)] == [
            SHADES[min(4 * views // most + (views > 0), 4)] for views in its]


def value_in(lines, label):
    """What stands behind a label."""
    found = [line.removeprefix(label).strip() for line in lines
             if line.startswith(label)]
    assert len(found) <= 1
    return found[0] if found else None


def check_hour(said):
    """Each minute, and the busiest."""
    minutes, lines = said.document["minutes"], said.sections["The last hour"]
    views = minutes["views"]
    assert [int(row["views"]) for row in said.csv["minutes"]] == views
    assert [int(row["minutes_ago"]) for row in said.csv["minutes"]] == list(
        range(59, -1, -1))
    assert sum(said.page.rows("five minutes, from").values(), []) == views
    assert value_in(lines, "Views") == f"{sum(views):,}"
    assert value_in(lines, "Busiest minute") == f"{max(views):,}"
    assert minutes["peak_views"] >= max(views)
    assert value_in(lines, "Busiest so far") in (
        None, f"{minutes['peak_views']:,}")
    told = re.search(r"([\d,]+) views; the busiest minute so far had ([\d,]+)",
                     said.page.text)
    assert told is None or [number(text) for text in told.groups()] == [
        sum(views), minutes["peak_views"]]


def check_health(said):
    """How full the table is, and what waits."""
    health = said.document["health"]
    lines = said.sections["The counter itself"]
    fill = tenths(health["fill_permille"]) + "%"
    assert value_in(lines, "Table in use") == fill
    assert re.search(rf"Table in use\s*{fill}", said.page.text)
    assert said.metrics["usage_table_fill_ratio", ()] == (
        health["fill_permille"] / 1000)
    assert value_in(lines, "Views waiting") == f"{health['waiting_views']:,}"
    assert (said.metrics["usage_waiting_views", ()]
            == health["waiting_views"])
    assert said.metrics["usage_batch_number", ()] == (health["batch"] or 0)


def check_agreement(server, query=""):
    """All that they say of one instant: @return JSON's document, metrics."""
    said = Said(server, query)
    for check in (check_tiles, check_totals, check_pages, check_panels,
                  check_heat, check_hour, check_health):
        check(said)
    return said.document, said.metrics
