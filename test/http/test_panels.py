# SPDX-License-Identifier: Apache-2.0
"""Breakdowns and events on the page: what the database has, live or written."""

import os
import re

import mmdb

from outputs import csv_of, json_of, text_of
from pages import Page

AGENT = ("Mozilla/5.0 (X11; Linux x86_64; rv:{0}.0) Gecko/20100101 "
         "Firefox/{0}.0")
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1)"

# All that there is; each client names the address that it is at.
CONFIG = """
RemoteIPHeader X-From
RemoteIPInternalProxy 127.0.0.1
UsageAddressMask 32 128
UsageGeoDB "{file}"
UsageBreakdown source country language version campaign status not-found
UsageEventEnv On
SetEnvIf Request_URI "^/a" "usage-event=opened; category=letters"
SetEnvIf Request_URI "^/b" "usage-event=opened; count=3"
"""

REFERRERS = ("https://www.google.de/search", "https://chatgpt.com/",
             "https://t.co/x", "https://mail.google.com/",
             "https://blog.example/secret", None)

# The panels' first heads, and what of usage_event they show.
PANELS = {"source": "source-", "country": "country", "language": "language",
          "browser version": "browser-version",
          "system version": "system-version", "campaign": "campaign-",
          "status": "status", "bot": "bot-"}
KINDS = {"kind of source": "source-", "kind of bot": "bot-"}


def page_of(server, query=""):
    server.settle()
    answer = server.get("/usage-stats" + query)
    assert answer.status == 200
    return answer.body.decode()


def full_server(serve):
    server = serve("", start=False, modules=["remoteip", "setenvif"])
    file = mmdb.write(os.path.join(server.folder, "c.mmdb"),
                      {"10.0.0.0/16": "DE", "10.1.0.0/16": "JP"})
    server.configure(CONFIG.replace("{file}", file))
    server.start()
    return server


def traffic(server):
    """Forty visitors, of whom each tells something else."""
    for turn in range(40):
        headers = {"X-From": f"10.{turn % 3}.0.{turn + 1}",
                   "Accept-Language": ("de", "fr-CH", "xy")[turn % 3]}
        referrer = REFERRERS[turn % len(REFERRERS)]
        if referrer:
            headers["Referer"] = referrer
        path = ("/a.html", "/b.html", "/gone", "/lost%20%3Cb%3E")[turn % 4]
        if turn % 5 == 0:
            path += f"?utm_source=news&ref=r{turn}"
        server.get(path, agent=AGENT.format(100 + turn % 14), headers=headers)
    for _ in range(3):
        server.get("/a.html", agent=GOOGLEBOT)


def counts(database, category):
    """{name: count} of a category, or of all that begin so."""
    found = {}
    for row in database.rows("usage_event"):
        is_one = row["category"] == category
        if is_one or (category[-1] == "-"
                      and row["category"].startswith(category)):
            found[row["event"]] = found.get(row["event"], 0) + row["count"]
    return found


def assert_shows(rows, expected):
    """Ten names at most, and what the others come to."""
    names = {name: row[0] for name, row in rows.items()
             if not re.fullmatch(r"and \d+ more", name)}
    rest = sum(row[0] for row in rows.values()) - sum(names.values())
    assert len(names) == min(10, len(expected))
    assert names.items() <= expected.items()
    assert min(names.values()) >= max(
        [count for name, count in expected.items() if name not in names],
        default=0)
    assert rest == sum(expected.values()) - sum(names.values())


def assert_page_is_database(page, database):
    for head, category in PANELS.items():
        expected = counts(database, category)
        assert expected, category
        assert_shows(page.rows(head), expected)
    for head, prefix in KINDS.items():
        expected = {}
        for row in database.rows("usage_event"):
            if row["category"].startswith(prefix):
                kind = row["category"][len(prefix):]
                kind = "AI" if kind == "ai" else kind
                expected[kind] = expected.get(kind, 0) + row["count"]
        assert_shows(page.rows(head), expected)
    assert {name: row[0] for name, row in page.rows("category").items()} == {
        name: sum(counts(database, name).values())
        for name in ("letters", "event")}


def test_page_has_what_the_database_has(serve):
    """Live, then written, then half and half."""
    server = full_server(serve)
    traffic(server)
    live = page_of(server)
    database = server.count()
    assert_page_is_database(Page(live), database)
    server.start()
    assert_page_is_database(Page(page_of(server)), database)
    traffic(server)
    both = page_of(server, "?period=day")
    assert_page_is_database(Page(both), server.count())


# As the page is read, from the top.
ORDER = ["tiles", "chart", "pages", "sources", "source-kinds", "campaigns",
         "countries", "languages", "devices", "browsers", "systems",
         "browser-versions", "system-versions", "heat", "events",
         "event-categories", "not-found", "bots", "bot-kinds", "statuses",
         "outcomes", "newest", "hour", "marks", "health"]


def test_the_page_has_its_order(serve):
    server = full_server(serve)
    traffic(server)
    server.stop()  # and write the marks
    server.start()
    text = page_of(server)
    head, _, rest = text.partition("</header>")
    parts = [head.index(part) for part in (
        "<h1>", "period=7d", 'class="choice compare"')]
    assert parts == sorted(parts) and "<section" not in head
    assert re.findall(r'<(?:section id|ul class)="(?!choice)([\w-]+)"',
                      rest) == ORDER
    head = page_of(server, "?f=device:desktop").partition("</header>")[0]
    assert 'class="filters"' in head


def test_names_are_told_with_what_they_mean(serve):
    server = full_server(serve)
    traffic(server)
    page = page_of(server)
    flag = "\N{REGIONAL INDICATOR SYMBOL LETTER D}" \
        "\N{REGIONAL INDICATOR SYMBOL LETTER E}"
    for text in ('>DE</a> <small>Germany', f'{flag}</span> <a href=',
                 '>fr</a> <small>French', '>404</a> <small>Not Found',
                 '>ChatGPT</a> <small>AI</small>',
                 '>opened</a> <small>letters</small>',
                 '>opened</a> <small>event</small>',
                 '>news</a> <small>source</small>',
                 "/gone</bdi> <small>linked from <bdi>blog.example</bdi>",
                 '/lost &lt;b&gt;</bdi></th>'):
        assert text in page, text
    assert "secret" not in page
    assert "Not counted here" not in page


CATEGORIES = [f"kind-{i:02}" for i in range(35)]


def test_more_kinds_than_a_list_shows(serve):
    """All are listed, page by page, and by who asks for many rows or few."""
    server = serve("".join(f"UsageEvent one {name}\n" for name in CATEGORIES))
    server.status("/a.html")
    server.settle()
    first = page_of(server)
    assert [name for name in Page(first).rows("category")] == [
        *CATEGORIES[:20], "and 15 more"]
    assert list(Page(page_of(server, "?limit=2")).rows("category")) == [
        *CATEGORIES[:2], "and 33 more"]
    assert list(Page(page_of(server, "?panel=event-categories")).rows(
        "category")) == CATEGORIES
    found, query = [], "?panel=event-categories&limit=15"
    while query:
        page = Page(page_of(server, query))
        found += page.rows("category")
        query = page.next
    assert found == CATEGORIES
    assert [row["name"] for row in csv_of(server, "event-categories")] \
        == CATEGORIES
    for limit, listed in (("", 20), ("?limit=1", 1), ("?limit=35", 35)):
        panel = json_of(server, limit)["panels"]["event-categories"]
        assert len(panel["rows"]) == listed
        assert panel["distinct"] == 35


def test_beyond_the_last_rows(serve):
    """What is said is true, and leads back, of a list alone and of all."""
    server = serve("UsageEvent one\nUsageEvent two\n")
    for path in ("/a.html", "/b.html"):
        server.status(path)
    server.settle()
    for panel, count in (("pages", 2), ("events", 2), ("devices", 1),
                         ("event-categories", 1), ("not-found", 0)):
        for limit in ("", "&limit=1"):
            page = Page(page_of(server, f"?panel={panel}&page=4{limit}"))
            text = text_of(server, f"/text?panel={panel}&page=4{limit}")
            told = f"This list has no more rows than {count}."
            assert (told in page.text) == (told in text) == (count > 0)
            assert ("No page was viewed" in page.text + text) is False
            assert not re.search(r"\d to \d+ of", page.text)
            assert page.next is None
            assert count == 0 or f"?panel={panel}{limit}" in page.links
    assert "No page was viewed" not in page_of(server, "?page=4")
    rest = server.get("/usage-stats?page=4").body.decode().split(
        "Not counted here")[1]
    assert "UsageEvent" not in rest
    assert "UsageBreakdown country" in rest


def missing_of(server, query=""):
    return re.findall(r"<code>(Usage[^<]*)</code>",
                      page_of(server, query).split("Not counted here:")[1])


def test_what_is_not_counted_is_named(serve):
    server = serve("", start=False)
    server.configure(f"""
        <VirtualHost 127.0.0.1:{server.port}>
            ServerName one.test
            UsageBreakdown language status
        </VirtualHost>
        <VirtualHost 127.0.0.1:{server.port}>
            ServerName two.test
            UsageBreakdown none
        </VirtualHost>""")
    server.start()
    for host in ("one.test", "two.test"):
        server.status("/a.html", headers={"Host": host})
    every = [f"UsageBreakdown {word}" for word in (
        "source", "campaign", "country", "language", "version")]
    every += ["UsageEvent", "UsageBreakdown not-found", "UsageBreakdown status"]
    assert missing_of(server, "?site=two.test") == every
    assert missing_of(server, "?site=one.test") == [
        line for line in every if line.split()[-1] not in ("language",
                                                           "status")]
    page = Page(page_of(server, "?site=one.test"))
    assert page.rows("language") == {"(none)": [1, 1000]}


def test_what_was_counted_is_shown_when_it_is_off(serve):
    server = serve("UsageBreakdown language\n")
    server.status("/a.html", headers={"Accept-Language": "de"})
    server.stop()
    server.replace_in_config("UsageBreakdown language", "UsageBreakdown none")
    server.start()
    page = page_of(server)
    assert Page(page).rows("language") == {"de": [1, 1000]}
    assert "UsageBreakdown source" in page
    assert "UsageBreakdown language" not in page
