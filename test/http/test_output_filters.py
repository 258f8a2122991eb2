# SPDX-License-Identifier: Apache-2.0
"""What JSON, CSV and text say where a filter makes something unknown."""

import re

import pytest

from outputs import csv_of, json_of, sections_of, text_of
from test_outputs import CONFIG, panel_rows, visit


@pytest.mark.parametrize("only", ["f=device:desktop", "f=count:source-site"])
def test_what_a_filter_makes_unknown_is_nowhere(serve, only):
    """What isn't told apart by client would be everyone's."""
    server = serve(CONFIG, modules=["alias"])
    visit(server)
    document = json_of(server, "?" + only)
    assert document["known"]["visitors"] is False
    assert document["totals"]["today"] is None
    assert document["totals"]["yesterday"] is None
    assert {row["visitors"] for row in document["panels"]["pages"]["rows"]} \
        <= {0}
    sections = sections_of(text_of(server, "/text?" + only))
    totals = {line[:20].strip(): line[20:].split()
              for line in sections["Totals"]}
    assert totals["Visitors, by day"] == []
    assert len(totals["Views"]) == len(["Period", "Compared"])
    is_filter = only == "f=device:desktop"
    assert document["known"]["names"] is not is_filter
    for panel in ("outcomes", "sources", "languages", "bots"):
        is_empty = panel_rows(document, panel) == {}
        assert is_empty == is_filter, panel
        assert (csv_of(server, panel, "&" + only) == []) == is_filter
    rows = {row["time"]: row for row in csv_of(server, "totals", "&" + only)}
    assert set(rows) == {"period", "compared"}
    period = document["totals"]["period"]
    assert (int(rows["period"]["hits"]), int(rows["period"]["views"])) == (
        period["hits"], period["views"])
    assert period["hits"] == server.hits()
    page = text_of(server, "?" + only)
    assert (re.search(r"All views from [-\d]+ to [-\d]+, whatever the filters",
                      page) is not None) == is_filter
    assert ("are of all views." in page) == is_filter
    assert ("Sources" in sections) != is_filter
    assert ("Bots" in sections) != is_filter
