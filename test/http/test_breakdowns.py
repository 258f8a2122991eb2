# SPDX-License-Identifier: Apache-2.0
"""What visits are broken down by, and hits by status and what was missing."""

import itertools
import os

from collections import Counter

import pytest

import mmdb

FIREFOX = ("Mozilla/5.0 (X11; Linux x86_64; rv:{}.0) Gecko/20100101 "
           "Firefox/{}.0")
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1)"

# Each client is at an address of its own, which it names.
PROXIED = ("RemoteIPHeader X-From\nRemoteIPInternalProxy 127.0.0.1\n"
           "UsageAddressMask 32 128\n")


class Clients:
    """Sends views, each of a new visitor unless its address is given."""

    def __init__(self, serve, config):
        self.server = serve(PROXIED + config, modules=["remoteip"])
        self.numbers = itertools.count(1)

    def view(self, path="/a.html", address=None, **headers):
        number = next(self.numbers)
        address = address or f"10.0.{number // 250}.{number % 250 + 1}"
        fields = {name.replace("_", "-"): value
                  for name, value in headers.items()}
        return self.server.status(path, headers={"X-From": address, **fields})

    def events(self):
        return self.server.count().events()


SOURCES = {
    "https://www.google.de/search": ("search", "Google"),
    "https://chatgpt.com/": ("ai", "ChatGPT"),
    "https://t.co/x": ("social", "X"),
    "https://mail.google.com/": ("mail", "Gmail"),
    "https://blog.example/secret/page?token=1": ("site",
                                                 "blog.example"),
    "http://192.0.2.9/": ("site", "(an address)"),
    "https://site.test/b.html": ("direct", "(own pages)"),
    "https://WWW.alias.test:444/": ("direct", "(own pages)"),
    "nonsense": ("direct", "(direct)"),
    None: ("direct", "(direct)"),
}


def test_sources_are_those_of_visits(serve):
    """Counted without a word in the configuration."""
    clients = Clients(serve, "<VirtualHost *>\nServerName site.test\n"
                             "ServerAlias alias.test\n</VirtualHost>\n")
    expected = Counter()
    for turn, (referrer, source) in enumerate(SOURCES.items()):
        for _ in range(turn + 1):
            more = {} if referrer is None else {"Referer": referrer}
            assert clients.view(**more) == 200
            expected[source] += 1
    # Goes on with a visit, from elsewhere: no other source.
    for referrer in ("https://www.google.de/", "https://t.co/"):
        clients.view(address="10.9.9.9", Referer=referrer)
        clients.server.settle()
    expected["search", "Google"] += 1
    database = clients.server.count()
    assert database.sources() == expected
    visits = sum(database.sums("usage_total", ("site",),
                               value="visits").values())
    assert sum(expected.values()) == visits


def test_no_source_where_it_is_not_wanted(serve):
    clients = Clients(serve, "UsageBreakdown none\n")
    clients.view(Referer="https://blog.example/")
    assert clients.server.count().sources() == {}


def test_virtual_hosts_choose_their_own(serve):
    clients = Clients(
        serve, "UsageBreakdown language\n"
               "<VirtualHost *>\nServerName site.test\n</VirtualHost>\n"
               "<VirtualHost *>\nServerName b.test\n"
               "UsageBreakdown source\n</VirtualHost>\n")
    clients.view(Host="site.test", Accept_Language="de")
    clients.view(Host="b.test", Accept_Language="de")
    database = clients.server.count()
    assert database.events() == {("language", "de"): 1}
    assert database.sources() == {("direct", "(direct)"): 1}


def test_languages(serve):
    clients = Clients(serve, "UsageBreakdown language\n")
    for accept in ("de-CH,de;q=0.9,en;q=0.8", "DE", "en", "*", "<script>"):
        clients.view(Accept_Language=accept)
    clients.view()
    assert clients.events() == {("language", "de"): 2, ("language", "en"): 1,
                                ("language", "(none)"): 3}


def test_versions(serve):
    server = serve("UsageBreakdown version\n")
    for version in (127, 128):
        agent = FIREFOX.format(version, version)
        server.status("/a.html", agent=agent)
        server.status("/b.html", agent=agent)
    assert server.count().events() == {
        ("browser-version", "Firefox 127"): 1,
        ("browser-version", "Firefox 128"): 1,
        ("system-version", "Linux"): 2}


def test_campaigns(serve):
    clients = Clients(serve, "UsageBreakdown campaign\n")
    clients.view("/a.html?utm_source=news&utm_medium=e+mail"
                 "&utm_campaign=spring%21&ref=a&secret=word")
    clients.view("/a.html?ref=%0a%ff")
    clients.view("/a.html?other=1")
    assert clients.events() == {
        ("campaign-source", "news"): 1, ("campaign-medium", "e mail"): 1,
        ("campaign-name", "spring!"): 1, ("campaign-ref", "a"): 1,
        ("campaign-ref", "%FF"): 1}


COUNTRIES = {"192.0.2.0/24": "DE", "198.51.100.0/25": "JP",
             "2001:db8::/32": "FR"}


@pytest.mark.parametrize("width", [24, 28, 32])
def test_countries_are_told_by_the_whole_address(serve, width):
    """Though only a part of it tells visitors."""
    server = serve("", start=False, modules=["remoteip"])
    file = mmdb.write(os.path.join(server.folder, "c.mmdb"), COUNTRIES,
                      width)
    server.configure(PROXIED.replace("32 128", "8 8")
                     + f'UsageGeoDB "{file}"\nUsageBreakdown country\n')
    server.start()
    addresses = {"192.0.2.77": "DE", "198.51.100.1": "JP",
                 "198.51.100.200": "(unknown)", "2001:db8::7": "FR",
                 "2001:db9::7": "(unknown)", "::ffff:192.0.2.1": "DE"}
    for turn, address in enumerate(addresses):
        agent = FIREFOX.format(turn + 90, turn + 90)
        server.status("/a.html", agent=agent, headers={"X-From": address})
    expected = Counter(("country", code) for code in addresses.values())
    assert server.count().events() == expected


def test_status_of_every_hit(serve):
    server = serve("UsageBreakdown status\nUsageOptOut gpc\n"
                   "Redirect /there /a.html\n"
                   "ErrorDocument 404 /b.html\n", modules=["alias"])
    for path in ("/a.html", "/style.css", "/none", "/none.css", "/there",
                 "/usage-stats"):
        server.status(path)
    server.status("/a.html", agent=GOOGLEBOT)
    server.ask("/a.html", "POST", body=b"")
    server.raw(b"nonsense\r\n\r\n")
    server.status("/a.html", headers={"Sec-GPC": "1"})
    events = server.count().events()
    assert sum(events.values()) == 8
    assert events == {("status", "200"): 4, ("status", "404"): 2,
                      ("status", "302"): 1, ("status", "400"): 1}


def test_what_was_not_found_and_who_links_there(serve):
    clients = Clients(serve, "UsageBreakdown not-found\nUsageOptOut gpc\n"
                             "<VirtualHost *>\nServerName site.test\n"
                             "</VirtualHost>\n")
    for _ in range(2):
        clients.view("/gone", Referer="https://www.blog.example/a?secret=1")
    clients.view("/gone%0A")
    clients.view("/gone.png", Referer="http://site.test/a.html")
    clients.view("/gone", Referer="http://192.0.2.5/")
    clients.view("/gone", Sec_GPC="1")
    clients.view("/a.html", Referer="https://blog.example/")
    clients.server.status("/gone", agent=GOOGLEBOT)
    assert clients.events() == {
        ("not-found", "blog.example /gone"): 2,
        ("not-found", "- /gone%0A"): 1,
        ("not-found", "site.test /gone.png"): 1,
        ("not-found", "- /gone"): 1}


@pytest.mark.parametrize("kind", ["truncated", "none", "folder"])
def test_bad_database_of_countries_is_refused(serve, kind):
    server = serve("", start=False)
    file = os.path.join(server.folder, "c.mmdb")
    if kind == "folder":
        os.mkdir(file)
    elif kind == "truncated":
        mmdb.write(file, COUNTRIES)
        os.truncate(file, 60)
    server.configure(f'UsageGeoDB "{file}"\n')
    is_good, said = server.check()
    assert not is_good and "UsageGeoDB" in said and "MaxMind" in said


def test_countries_need_their_database(serve):
    is_good, said = serve("UsageBreakdown country\n", start=False).check()
    assert not is_good and "UsageGeoDB" in said
