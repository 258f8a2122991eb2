# SPDX-License-Identifier: Apache-2.0
"""Thousands of virtual hosts."""

import re
import time

import place as places
import stream

from pages import Page, number
from server import BROWSER

MODULES = ("alias",)

RULES = r"""
MaxKeepAliveRequests 0
AliasMatch "^/(?!usage-stats)" "{folder}/site/index.html"
UsageExclude "expr=-R '192.0.2.0/24'"
UsageExclude "expr=%{HTTP_COOKIE} =~ /own=1/"
""" + "".join(f"UsagePath ^/part{i}/\\d+ /part{i}/{{id}}\n" for i in range(10))

# Directives that a server has once, and those of each virtual host.
PATTERNS = "".join(f"UsageBotPattern other pattern{i}\n" for i in range(50))
OWN = "UsageStatic page\nUsageBotPattern other probe-of-ours\n"

# Private memory of httpd alone with so many hosts is 31 MB.
HOSTS = 10_000
PRIVATE_MOST = 160 * 1024

# More than the 4096 that can have a place of their own in the segment.
SITES = 6_000


def hosts(count, directives=""):
    return "".join(f"<VirtualHost *>\nServerName s{i}.test\n{directives}"
                   "</VirtualHost>\n" for i in range(count))


def private_kilobytes(pid):
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) for line in file
                    if line.startswith("RssAnon"))


def test_ten_thousand_hosts(serve):
    """They start at once and share what they have in common, each counts
    under its own name and has the server's rules and its own."""
    server = serve(RULES + PATTERNS + hosts(HOSTS, OWN), modules=MODULES,
                   start=False)
    begun = time.monotonic()
    server.start()
    if not places.SANITIZE:
        assert time.monotonic() - begun < 2
        assert private_kilobytes(server.pid) < PRIVATE_MOST
    chosen = (0, 77, 4095, 4096, 9999)
    for number in chosen:
        for path, details in (("/part3/%d" % number, {}),
                              ("/a.page", {}),
                              ("/b", {"agent": BROWSER + " pattern49"}),
                              ("/c", {"agent": BROWSER + " Probe-of-ours"}),
                              ("/d", {"headers": {"Cookie": "own=1"}})):
            headers = {"Host": f"s{number}.test"} | details.pop("headers", {})
            assert server.status(path, headers=headers, **details) == 200
    database = server.count()
    names = {f"s{number}.test" for number in chosen}
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
    server = serve(RULES + hosts(SITES), modules=MODULES)
    sites = [f"s{i}.test" for i in range(SITES)]
    sent = [stream.request(path, host) for path in ("/a", "/b", "/a")
            for host in sites]
    assert stream.send(server, sent) == len(sent)
    server.settle()
    assert last_hour(page_of(server)) == len(sent)
    pages = [page_of(server, site) for site in sites[::100]]
    known = [last_hour(page) for page in pages]
    assert set(known) == {3, None}
    for page in pages:
        assert "/a new visit" in page and "None yet" not in page
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
