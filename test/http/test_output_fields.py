# SPDX-License-Identifier: Apache-2.0
"""The README tells of each field of the JSON document, and of no other; of each
metric likewise, and each table of CSV."""

import os
import re
import subprocess

import place as places
from outputs import csv_of, json_of, metrics_of, text_of
from test_users import ask, guarded

VALUES = ("views", "visitors", "visits", "returning_visits", "bounces",
          "exits", "seconds", "bytes", "milliseconds")


def section(title):
    """The names in backticks that begin the rows of a section's tables."""
    with open(os.path.join(places.TOP, "README.md"), encoding="utf-8") as file:
        text = file.read()
    part = re.search(rf"^### `{title}`\n(.*?)(?=^##)", text, re.M | re.S)[1]
    cells = re.findall(r"^\| (`[^|]*?) \|", part, re.M)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def fields(value, path=""):
    """The names of all that a document has, without those of _iso twins; of
    the counters, which always come together, the names alone."""
    if isinstance(value, list):
        for its in value:
            yield from fields(its, path + "[]")
        if not value or not isinstance(value[0], (dict, list)):
            yield path + "[]"
    elif isinstance(value, dict) and value:
        together = all(name in value for name in VALUES)
        for name, its in value.items():
            if name.endswith("_iso") and name[:-4] in value:
                continue
            if together and name in VALUES:
                yield name
            else:
                yield from fields(its, f"{path}.{name}" if path else name)
    else:
        yield path


def normal(name):
    """A panel's id is any."""
    return re.sub(r"^panels\.[a-z-]+", "panels.ID", name)


def document_with_everything(serve):
    server = guarded(serve, "UsageUsers random\nUsageEvent signup\n")
    other = serve(store=server.store)
    other.status("/b.html")
    other.stop()
    assert ask(server, "anna") == 200
    server.stop()
    server.start()
    assert ask(server, "anna") == 200
    server.settle()
    return server


def test_json(serve):
    server = document_with_everything(serve)
    document = json_of(server)
    assert document["version"] == 1
    found = {normal(name) for name in fields(document)}
    told = section("/json")
    assert len(told) > 60
    # A list that has nothing, and what is null, may have fields elsewhere.
    bare = {name for name in found - told
            if any(its.startswith(name + ".") for its in told)}
    assert found - told - bare == set()
    bare = {name for name in bare
            if not any(its.startswith(name + ".") for its in found)}
    assert {name for name in told - found
            if not any(name.startswith(its + ".") for its in bare)
            and name[:-2] not in found} == set()
    assert len(bare) <= 2, bare


# As Prometheus asks.
OPEN = {"Accept": "application/openmetrics-text;version=1.0.0;q=0.5,"
                  "text/plain;version=0.0.4;q=0.2,*/*;q=0.1"}


def test_metrics(serve):
    server = document_with_everything(serve)
    metrics_of(server)
    text = text_of(server, "/metrics", OPEN)
    assert set(re.findall(r"^# TYPE (\S+)", text, re.M)) == section("/metrics")


def test_promtool_has_no_complaint(serve):
    """It exits with 0 of what it only frowns at, too."""
    server = document_with_everything(serve)
    done = subprocess.run(["promtool", "check", "metrics"],
                          input=text_of(server, "/metrics"), text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert (done.returncode, done.stdout) == (0, "")


def test_metrics_are_in_the_format_that_is_accepted(serve):
    server = serve()
    for headers, accepted, hits in ((OPEN, "application/openmetrics-text",
                                     "# TYPE usage_hits counter\n"),
                                    ({}, "text/plain; version=0.0.4",
                                     "# TYPE usage_hits_total counter\n")):
        answer = server.get("/usage-stats/metrics", headers=headers)
        assert answer.headers["Content-Type"].startswith(accepted)
        assert answer.headers["Vary"] == "Accept"
        assert hits in answer.body.decode()


def test_csv(serve):
    server = document_with_everything(serve)
    told = section("/csv")
    answer = server.get("/usage-stats/csv")
    tables = answer.body.decode().split(": ")[1].rstrip(".\n").split(", ")
    panels = set(json_of(server)["panels"])
    assert told - {"ID"} == set(tables) - panels
    assert panels < set(tables)
    for table in tables:
        csv_of(server, table)
