# SPDX-License-Identifier: Apache-2.0
"""What the dashboard gives out beside its page, read by the parsers that others
read it with."""

import csv
import io
import json
import os
import re
import unicodedata

from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client import parser as classic

import place
from pages import Page

LOG = os.path.join(place.TOP, "test", "data", "access.log")


def logged_paths(count):
    """Paths of the first GETs of a real log."""
    with open(LOG, encoding="latin-1") as file:
        found = re.findall(r'"GET (/\S*) HTTP', file.read(count * 500))
    assert len(found) >= count
    return found[:count]


def text_of(server, place, headers=None):
    """The body of a place below the dashboard, which must be there."""
    answer = server.get("/usage-stats" + place, headers=headers or {})
    assert answer.status == 200, (place, answer.status, answer.body[:500])
    return answer.body.decode("utf-8")


def page_of(server, query=""):
    return Page(text_of(server, query))


def json_of(server, query=""):
    """A document; a field that stands twice is a mistake."""
    def pairs(found):
        assert len(dict(found)) == len(found), found
        return dict(found)

    return json.loads(text_of(server, "/json" + query),
                      object_pairs_hook=pairs)


def csv_of(server, table, query=""):
    """Rows as dicts; each line ends in CR LF and has all columns."""
    text = text_of(server, f"/csv?table={table}{query}")
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert {len(row) for row in rows} == {len(rows[0])}, rows
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def samples_of(families):
    """{(name, labels, sorted): value}; each has its type and its help."""
    found = {}
    for family in families:
        assert family.documentation and family.type != "unknown", family
        for sample in family.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            assert key not in found
            found[key] = sample.value
    return found


def samples_in_both(server, headers):
    """What a server says in OpenMetrics, and in the older format."""
    for accepted, parser in (("application/openmetrics-text", openmetrics),
                             ("*/*", classic)):
        text = text_of(server, "/metrics",
                       {**(headers or {}), "Accept": accepted})
        assert text.endswith("# EOF\n")
        yield samples_of(parser.text_string_to_metric_families(text))


def metrics_of(server, headers=None):
    """{(name, labels, sorted): value}, in both formats alike. What waits and
    the age of a flush may change between the two; a flush that comes there, the
    first one, adds metrics."""
    old, new = samples_in_both(server, headers)
    if old.keys() != new.keys():
        old, new = samples_in_both(server, headers)
    assert old.keys() == new.keys()
    return old


def hits_in(metrics, site="site.test"):
    """{outcome: hits} of a site."""
    return {dict(labels)["outcome"]: int(value)
            for (name, labels), value in metrics.items()
            if name == "usage_hits_total" and dict(labels)["site"] == site
            and value}


def columns(line):
    """Columns that a terminal needs for a line."""
    count = 0
    for character in line:
        if unicodedata.category(character) in ("Mn", "Me", "Cf"):
            continue
        wide = unicodedata.east_asian_width(character) in "WF"
        count += 2 if wide else 1
    return count


def sections_of(text):
    """{title: lines} of a page of text, which is 80 columns wide at most."""
    lines = text.split("\n")
    for line in lines:
        assert columns(line) <= 80, line
        assert not any(unicodedata.category(c) == "Cc" for c in line), line
    found = {}
    title = None
    for line, after in zip(lines, lines[1:] + [""]):
        if line and after and set(after) == {"-"}:
            title = line
            found[title] = []
        elif title and line and set(line) != {"-"}:
            found[title].append(line)
    return found


def rows_in(section):
    """{name: number} of lines of a ranking."""
    found = [re.match(r"(.*?)\s+([\d,]+)\s+[\d.]+%", line) for line in section]
    return {match[1]: int(match[2].replace(",", "")) for match in found}


def visible(text):
    """Without a character that could do something."""
    return not any(unicodedata.category(c) in ("Cc", "Zl", "Zp")
                   or c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068"
                           "\u2069\u200e\u200f\u061c" for c in text)


def texts_in(value):
    """All texts of a document, keys too."""
    if isinstance(value, dict):
        for name, its in value.items():
            yield name
            yield from texts_in(its)
    elif isinstance(value, list):
        for its in value:
            yield from texts_in(its)
    elif isinstance(value, str):
        yield value


def is_formula(text):
    return text.startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d"))


def check_all(server, headers=None):
    """Each place, by its parser; returns the document."""
    raw = text_of(server, "/json?limit=10000", headers)
    document = json.loads(raw)
    assert all(map(visible, texts_in(document)))
    page = page_of(server)
    assert page.scripts == 0 and page.handlers == []
    tables = [*document["panels"], "newest", "marks", "servers", "series"]
    for table in tables:
        for row in csv_of(server, table):
            for name, text in row.items():
                assert visible(text), (table, name, text)
                is_number = text.lstrip("-").isdigit()
                assert is_number or not is_formula(text), (table, name, text)
    sections_of(text_of(server, "/text?limit=10000"))
    metrics_of(server)
    return document
