# SPDX-License-Identifier: Apache-2.0
"""Names that mean harm, in each format, judged by what reads it."""

import json

import pytest

from outputs import (check_all, csv_of, is_formula, json_of, metrics_of,
                     text_of, visible)
from server import ANY_PATH, COUNTING

# What a client sends, and the path that is counted.
PATHS = {
    "/%3Cscript%3Ealert(1)%3C/script%3E": "/<script>alert(1)</script>",
    "/%22,%22x%22%0D%0A=1+1": '/","x"%0D%0A=1+1',
    "/%00": None,
    "/\\%22%5C%5C": '/\\"\\\\',
    "/%E2%80%AEgpj.exe": "/%E2%80%AEgpj.exe",
    "/%E2%81%A6x%E2%80%8F": "/%E2%81%A6x%E2%80%8F",
    "/%E2%80%A8line": "/\ufffdline",
    "/%FF%FE%C0%AF": "/%FF%FE%C0%AF",
    "/%1B%5B31m": "/%1B[31m",
    "/%7B%22a%22:1%7D": '/{"a":1}',
    "/'%20--%3B": "/' --;",
    "/" + "%F0%9F%98%80" * 60: "/" + "\U0001f600" * 60,
    "/z" + "%CC%81" * 100: "/z" + "\u0301" * 100,
}

# Events: their names and categories come from applications.
EVENTS = ["=1+1", "+2", "-3", "@SUM(A1)", "\uff1d4", "a,b", 'q"q', "a\nb",
          "\t=x", "<b>", "\u202egpj", "\x1b[31m", "\\", "'", "{", "|x"]

SITES = ["=cmd|' /C calc'!A0", '<img src=x onerror="alert(1)">', 'a\\"b{}',
         "\u202eevil", "\u05d0\u05d1\u05d2", "a,b;c"]


def test_paths(serve):
    server = serve("AllowEncodedSlashes On\n" + ANY_PATH, modules=["alias"])
    expected = {}
    for sent, path in PATHS.items():
        if server.status(sent) == 200:
            expected[path] = 1
    assert len(expected) >= 10
    server.settle()
    document = check_all(server)
    found = {row["name"] for row in document["panels"]["pages"]["rows"]}
    assert len(found) == len(expected)
    by_csv = {row["name"] for row in csv_of(server, "pages")}
    assert by_csv == found
    for path in expected:
        assert path in found or "\ufffd" in path or "%" in path, path
    server.stop()
    server.start()
    check_all(server)


def test_events(serve):
    server = serve("UsageEventEnv On\n" + ANY_PATH + "".join(
        f'SetEnvIf Request_URI "^/e{i}$" "usage-event={quoted(event)}"\n'
        for i, event in enumerate(EVENTS)), modules=["alias", "setenvif"])
    for i in range(len(EVENTS)):
        assert server.status(f"/e{i}") == 200
    server.settle()
    document = check_all(server)
    rows = document["panels"]["events"]["rows"]
    assert sum(row["count"] for row in rows) >= 10
    by_csv = csv_of(server, "events")
    assert len(by_csv) == len(rows)
    for row, its in zip(by_csv, rows):
        mark = "'" if is_formula(its["name"]) else ""
        assert row["name"] == mark + its["name"]
    assert any(row["name"].startswith("'") for row in by_csv)


def quoted(event):
    """An event whose name is a quoted string, within a directive's quotes."""
    text = event.replace("\n", " ").replace("\t", " ").replace("\x1b", "")
    inner = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inner}"'.replace("\\", "\\\\").replace('"', '\\"')


@pytest.mark.parametrize("site", SITES)
def test_sites(serve, site):
    name = site.replace("\\", "\\\\").replace('"', '\\"')
    server = serve(f'UsageSite "{name}"\n', counting=COUNTING)
    server.status("/a.html")
    server.settle()
    document = check_all(server)
    assert len(document["sites"]) == 1
    if visible(site):
        assert document["sites"] == [site]
        labels = [dict(labels) for name, labels in metrics_of(server)
                  if name == "usage_views_total"]
        assert {"site": site} in labels
    newest = csv_of(server, "newest")
    assert newest[0]["site"].lstrip("'") == document["sites"][0].lstrip("'")


def test_marks(serve):
    server = serve("".join(f'UsageMark "{name}"\n' for name in (
        "=1+1", "<script>x</script>", "\u202eevil", "a,b")))
    server.status("/a.html")
    server.stop()
    server.start()
    document = check_all(server)
    names = {mark["name"] for mark in document["marks"]}
    assert {"=1+1", "<script>x</script>", "a,b"} <= names
    assert "'=1+1" in {row["name"] for row in csv_of(server, "marks")}


def test_arguments_are_not_echoed_raw(serve):
    server = serve()
    for place in ("/json", "/text", "/csv?table=pages&x=1"):
        joint = "&" if "?" in place else "?"
        text = text_of(server, f"{place}{joint}site=%3Cscript%3E%22%5C%E2%80%AE")
        assert "\u202e" not in text
        if place == "/json":
            assert json.loads(text)["query"]["site"] == '<script>"\\\ufffd'
    assert json_of(server)["query"]["site"] is None
