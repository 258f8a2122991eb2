# SPDX-License-Identifier: Apache-2.0
"""Thousands of virtual hosts."""

import re

import pytest

import place as places
import stream

from hosts import (ANSWERS, MODULES, OWN, PATTERNS, RULES, hosts,
                   private_kilobytes, segment_bytes, start)
from pages import Page, number
from server import BROWSER

HOSTS = 10_000

# Kilobytes; httpd alone with so many hosts has 31 MB.
PRIVATE_MOST = 160 * 1024

# More than the 4096 that can have a place of their own in the segment.
SITES = 6_000


@pytest.mark.alone
def test_ten_thousand_hosts(serve):
    """They start at once and share what they have in common, each counts
    under its own name and has the server's rules and its own."""
    server = serve(ANSWERS + RULES + PATTERNS + hosts(HOSTS, OWN),
                   modules=MODULES, start=False)
    seconds = start(server)
    if not places.SANITIZE:
        assert seconds < 2
        assert private_kilobytes(server.pid) < PRIVATE_MOST
    assert segment_bytes(server.pid) <= 64 << 20
    chosen = (0, 77, 4095, 4096, 9999)
    for i in chosen:
        for path, details in ((f"/part3/{i}", {}),
                              ("/a.page", {}),
                              ("/b", {"agent": BROWSER + " pattern49"}),
                              ("/c", {"agent": BROWSER + " Probe-of-ours"}),
                              ("/d", {"headers": {"Cookie": "own=1"}})):
            headers = {"Host": f"s{i}.test"} | details.pop("headers", {})
            assert server.status(path, headers=headers, **details) == 200
    database = server.count()
    names = {f"s{i}.test" for i in chosen}
    assert database.sums("usage_page", ("site", "path")) == {
        (name, "/part3/{id}"): 1 for name in names}
    for name in names:
        assert database.outcomes(site=name) == {
            "view": 1, "asset": 1, "bot": 2, "excluded": 1}


def page_of(server, site=""):
    page = server.get(f"/usage-stats?site={site}").body.decode()
    return Page(page).text


def last_hour(text):
    """Views of the last hour; None where the page doesn't know."""
    if "Not known of this site" in text:
        return None
    return number(re.search(r"([\d,. ]+)views; the busiest", text)[1])


def test_more_sites_than_places(serve):
    """Each is counted right; those without a place say what isn't known."""
    server = serve(ANSWERS + RULES + hosts(SITES), modules=MODULES)
    sites = [f"s{i}.test" for i in range(SITES)]
    sent = [stream.request(path, host) for path in ("/a", "/b", "/a")
            for host in sites]
    assert stream.send(server, sent) == len(sent)
    server.settle()
    assert last_hour(page_of(server)) == len(sent)
    pages = [page_of(server, site) for site in sites[::300]]
    known = [last_hour(page) for page in pages]
    assert set(known) == {3, None}
    for page in pages:
        assert " new visit" in page and "None yet" not in page
    database = server.count()
    assert database.sums("usage_page", ("site", "path")) == {
        (site, path): views for site in sites
        for path, views in (("/a", 2), ("/b", 1))}
    assert database.sums("usage_total", ("site",), value="visitors") == {
        site: 1 for site in sites}
    assert {row["site"]: row["visitors"]
            for row in database.tables["usage_seen"]} == {
        site: 1 for site in sites}
    assert {row["site"] for row in database.tables["usage_recent"]} > set(
        sites[::100])
