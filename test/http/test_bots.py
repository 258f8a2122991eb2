# SPDX-License-Identifier: Apache-2.0
"""Bots by kind and name, in the database and on the page."""

import os
import re
import sqlite3

from collections import Counter

import agents
import place as places

from engines import Missing
from pages import Page
from processes import wait_until
from server import BROWSER

CRAWLERS = os.path.join(places.TOP, "test", "data", "agents", "crawlers.tsv")

GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1)"


def page_of(server, query=""):
    server.settle()
    answer = server.get("/usage-stats" + query)
    assert answer.status == 200
    return Page(answer.body.decode())


def shown_bots(server, query=""):
    """{name: hits} of the page's panel of bots."""
    rows = page_of(server, query).rows("bot")
    return {name: numbers[0] for name, numbers in rows.items()}


def written(server):
    """What the database has of bots by now."""
    try:
        return server.database().bots()
    except Missing:
        return {}


def asked_as_in_readme(server):
    """The answer to README's own query."""
    with open(os.path.join(places.TOP, "README.md")) as file:
        query, = re.findall(r"```sql\n(.*?bot-%.*?)```", file.read(), re.S)
    link = sqlite3.connect(server.database_file)
    try:
        return link.execute(query).fetchall()
    finally:
        link.close()


def some_crawlers(count):
    with open(CRAWLERS, encoding="latin-1", newline="\n") as file:
        lines = [line.split("\t")[0] for line in file]
    return lines[::len(lines) // count]


def test_bots_over_flushes_restarts_and_a_crash(serve):
    server = serve("UsageFlushInterval 10s\n", hurried=True)
    sent = Counter()
    crawlers = some_crawlers(60)

    def send(step):
        for turn, agent in enumerate(crawlers[::step]):
            for _ in range(1 + turn % 3):
                assert server.status("/a.html", agent=agent) == 200
                sent[agent.encode("latin-1")] += 1
    send(1)
    server.clock.advance(10)
    assert wait_until(lambda: written(server), 30)
    send(2)
    server.graceful()
    send(3)
    server.restart()
    send(1)
    server.kill()
    server.start()
    send(2)
    server.stop()
    server.start()
    send(3)
    known = agents.bots(sent)
    expected = Counter()
    for agent, hits in sent.items():
        if agent in known:
            expected[known[agent]] += hits
    kinds = Counter()
    for (kind, _), hits in expected.items():
        kinds[kind] += hits
    rows = page_of(server).rows("kind of bot")
    assert {kind: row[0] for kind, row in rows.items()} == dict(kinds)
    database = server.count()
    for grain in (0, 1, 2):
        assert database.bots(grain) == dict(expected)
        assert database.outcomes(grain)["bot"] == sum(expected.values())
    assert len(expected) > 40


def test_only_what_is_for_a_page_is_counted(serve):
    server = serve()
    for path, method in [("/a.html", "GET"), ("/nothing", "GET"),
                         ("/style.css", "GET"), ("/api/x", "GET"),
                         ("/a.html", "HEAD")]:
        server.get(path, method=method, agent=GOOGLEBOT)
    server.get("/a.html", agent=BROWSER)
    database = server.count()
    assert database.bots() == {("search", "Googlebot"): 2}
    assert asked_as_in_readme(server) == [("search", "Googlebot", 2)]
    assert database.outcomes() == {"view": 1, "bot": 2, "asset": 1,
                                   "excluded": 1, "method": 1}


def test_views_of_bots_are_counted_by_name_too(serve):
    server = serve("UsageBots Count\nUsageBotPattern seo OurProbe\n")
    for agent in (GOOGLEBOT, GOOGLEBOT, BROWSER, BROWSER + " ourprobe"):
        assert server.status("/a.html", agent=agent) == 200
    assert server.status("/nothing", agent=GOOGLEBOT) == 404
    assert shown_bots(server) == {"Googlebot": 2, "OurProbe": 1}
    database = server.count()
    assert database.outcomes() == {"view": 4, "error": 1}
    assert database.pages() == {"/a.html": 4}
    assert database.bots() == {("search", "Googlebot"): 2,
                               ("seo", "OurProbe"): 1}


# A pattern, and the name that it is counted under.
HOSTILE = [
    ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ("'\";DROP TABLE usage_event;--", "'\";DROP TABLE usage_event;--"),
    ("%s%s%n%%", "%s%s%n%%"),
    ("/*", "/*"),
    ("one two  three", "one two  three"),
    ("tab\there", "tab%09here"),
    ("caf\u00e9", "caf\u00e9"),
    ("right\u202eleft", "right%E2%80%AEleft"),
    ("\udcff\udcfe", "%FF%FE"),
    ("x\udcc3", "x%C3"),
    ("w" * 80, "w" * 80),
]


def as_sent(text):
    """How http.client sends these very bytes."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


def test_hostile_patterns(serve):
    lines = ["UsageBotPattern seo \"%s\"" % text.replace('"', '\\"')
             for text, _ in HOSTILE]
    server = serve("\n".join(lines) + "\n")
    for turn, (text, _) in enumerate(HOSTILE):
        for _ in range(len(HOSTILE) - turn):
            agent = BROWSER + " " + as_sent(text)
            assert server.status("/a.html", agent=agent) == 200, text
    expected = {name: len(HOSTILE) - turn
                for turn, (_, name) in enumerate(HOSTILE)}
    page = page_of(server)
    assert page.scripts == 0
    shown = {name: row[0] for name, row in page.rows("bot").items()}
    assert "<script>alert(1)</script>" in shown
    assert shown == {**dict(list(expected.items())[:10]), "and 1 more": 1}
    database = server.count()
    assert database.bots() == {("seo", name): hits
                               for name, hits in expected.items()}


def test_sites_know_nothing_of_each_others_patterns(serve):
    server = serve("", start=False)
    port = server.port
    server.configure(f"""
        UsageBotPattern monitor OurProbe
        <VirtualHost 127.0.0.1:{port}>
            ServerName one.test
            UsageBotPattern seo first second
            UsageBotPattern feed third
        </VirtualHost>
        <VirtualHost 127.0.0.1:{port}>
            ServerName two.test
            UsageBotPattern library third
        </VirtualHost>""")
    server.start()
    for host in ("one.test", "two.test"):
        for word in ("first", "second", "third", "ourprobe"):
            assert server.status("/a.html", agent=f"{BROWSER} {word}",
                                 headers={"Host": host}) == 200
    assert shown_bots(server, "?site=one.test") == {
        "first": 1, "second": 1, "third": 1, "OurProbe": 1}
    assert shown_bots(server, "?site=two.test&period=day") == {
        "third": 1, "OurProbe": 1}
    assert page_of(server).rows("kind of bot") == {
        "seo": [2, 333], "monitor": [2, 333], "feed": [1, 167],
        "library": [1, 167]}
    database = server.count()
    assert database.bots(site="one.test") == {
        ("seo", "first"): 1, ("seo", "second"): 1, ("feed", "third"): 1,
        ("monitor", "OurProbe"): 1}
    assert database.bots(site="two.test") == {
        ("library", "third"): 1, ("monitor", "OurProbe"): 1}
