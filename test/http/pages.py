# SPDX-License-Identifier: Apache-2.0
"""Reads the dashboard's page as a reader would: tables, links, forms."""

import re

from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link",
        "meta", "source", "track", "wbr"}

NAMES = {"a", "bdi"}

NUMBER = re.compile(r"\d[\d,.\s\u00a0\u202f]*")


def number(text):
    """The first whole number of a text, whatever parts its thousands."""
    found = NUMBER.search(text)
    return int(re.sub(r"\D", "", found[0])) if found else None


class Table:
    def __init__(self):
        self.heads = []
        self.rows = {}
        self.texts = {}


class Tile:
    """One of the page's first numbers: what it says large, and all of it."""

    def __init__(self):
        self.value = ""
        self.text = ""


class Page(HTMLParser):
    """Tables by the head of their first column, in lower case.

    A row's header is its name, with only the isolated part (bdi, or a link) of
    it where it has one, for what stands beside that is an explanation.
    """

    def __init__(self, text):
        super().__init__()
        self.open = []
        self.tables = []
        self.tiles = {}  # by their labels
        self.tile = None
        self.lists = []  # classes of the lists that are open
        self.links = []
        self.next = None  # the way to a list's next rows
        self.nav = None
        self.loads = []
        self.scripts = 0
        self.handlers = []
        self.headings = []
        self.text = ""
        self.cell = None
        self.name = None
        self.row = None
        self.feed(text)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def rows(self, column):
        """{name: [number, share]} of the table whose first column is so
        headed; where it tells a change, the number alone."""
        for table in self.tables:
            if table.heads and table.heads[0].lower() == column:
                if not {"Share", "Change"} & set(table.heads):
                    return table.rows
                kept = [place - 1 for place, head in enumerate(table.heads)
                        if place == 1 or head == "Share"]
                return {name: [values[place] for place in kept
                               if place < len(values)]
                        for name, values in table.rows.items()}
        raise KeyError(f"no table {column}: {[t.heads for t in self.tables]}")

    def cells(self, column):
        """{name: {head: text}} of the table whose first column begins so."""
        for table in self.tables:
            if table.heads and table.heads[0].lower().startswith(column):
                return {name: dict(zip(table.heads[1:], texts))
                        for name, texts in table.texts.items()}
        raise KeyError(f"no table {column}: {[t.heads for t in self.tables]}")

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.handlers += [name for name in values if name.startswith("on")]
        if tag == "script" and "src" not in values:
            self.scripts += 1
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
            if self.nav == "turn" and values.get("rel") == "next":
                self.next = values["href"]
        if tag == "nav":
            self.nav = values.get("class")
        for name in ("src", "srcset", "data", "poster"):
            if name in values:
                self.loads.append(values[name])
        if tag == "link" and not values["href"].startswith("data:"):
            self.loads.append(values["href"])
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.tables.append(Table())
        elif tag == "tr":
            self.row = []
        elif tag in ("th", "td"):
            self.cell, self.name = "", None
        elif tag in NAMES and self.cell is not None:
            self.name = ""
        elif tag in ("h1", "h2"):
            self.headings.append("")
        elif tag == "ul":
            self.lists.append(values.get("class"))
        elif tag == "li" and self.lists[-1:] == ["tiles"]:
            self.tile = Tile()

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (
            f"</{tag}> within {self.open}")
        self.open.pop()
        if tag in ("th", "td") and self.row is not None:
            text = self.cell if self.name is None else self.name
            self.row.append((tag, text.strip()))
            self.cell = self.name = None
        elif tag == "tr" and self.row:
            self.end_row()
        elif tag == "ul":
            self.lists.pop()
        elif tag == "li" and self.tile:
            label = self.tile.text.split(self.tile.value)[0].strip()
            self.tiles[label] = self.tile
            self.tile = None

    def end_row(self):
        table = self.tables[-1]
        if all(tag == "th" for tag, _ in self.row):
            table.heads = [text for _, text in self.row]
        elif "tbody" in self.open:
            name, *values = (text for _, text in self.row)
            table.texts[name] = values
            table.rows[name] = [number(value) for value in values]
        self.row = None

    def handle_data(self, data):
        self.text += data
        if self.tile:
            self.tile.text += data
            if "b" in self.open[-1:]:
                self.tile.value += data
        if self.cell is not None:
            self.cell += data
        if self.name is not None and NAMES & set(self.open):
            self.name += data
        if self.open and self.open[-1] in ("h1", "h2", "bdi") \
                and self.headings and {"h1", "h2"} & set(self.open):
            self.headings[-1] += data
