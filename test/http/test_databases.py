# SPDX-License-Identifier: Apache-2.0
"""The same on SQLite, PostgreSQL and MariaDB: counts, pages, locks, errors."""

import http.client
import os
import re
import signal
import time

from collections import Counter

import pytest

import engines
import place

from outputs import json_of
from processes import wait_until
from server import ANY_PATH, BROWSER, Server

PHONE = ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) "
         "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
         "Mobile/15E148 Safari/604.1")

SITES = ANY_PATH + r"""
MaxKeepAliveRequests 0
DBDMin 0
UsageNode only
UsageFlushInterval 1h
UsageBreakdown source language version campaign status not-found
UsageEventEnv On
SetEnvIf Request_URI "^/(\d+)$" "usage-event=$1; category=numbers"
SetEnvIf Request_URI "^/([a-z]+)$" "usage-event=$1; category=WORDS, count=2"
SetEnvIf Request_URI "^/(?i:a).html( *)" "usage-event=\"$1\"; category=\"a \""
<VirtualHost 127.0.0.1:{port}>
    ServerName main.test
</VirtualHost>
<VirtualHost 127.0.0.1:{port}>
    ServerName other.test
</VirtualHost>
"""

# Names that a careless schema takes for one another, or refuses: of case, of
# spaces at the end, of accents, beyond 16 bits, with an SQL text's characters.
PATHS = ["/", "/a.html", "/A.html", "/a.html%20", "/a.html%20%20", "/caf%C3%A9",
         "/cafe", "/cafe%CC%81", "/%F0%9F%98%80", "/%25s/%25lld", "/'%22%60;--",
         "/%5C", "/:site", "/%FF%FE", "/" + "%E2%82%AC" * 84]

UNWRITTEN = ("USG0012",)
HANDED_ON = ("USG0008",)
OF_MOD_DBD = ("AH00629", "AH00630", "AH00632", "AH00633", "AH00636",
              "AH00639")


# More names of a category than a page asks a database for.
NUMBERS = [f"/{number}" for number in range(150)] + ["/77"]

REFERRERS = ("https://www.google.com/", "https://caf\u00e9.example/",
             "https://Blog.example/a", "https://blog.example./b", None)


def requests():
    """(path, host, agent) of all kinds of hits, for two sites."""
    for path in NUMBERS:
        yield path, "main.test", BROWSER
    for host in ("main.test", "other.test"):
        yield "/caf%C3%A9", host, BROWSER
    for turn, path in enumerate(PATHS * 2):
        host = "other.test" if turn % 3 else "main.test"
        for agent in (BROWSER, PHONE):
            yield path, host, agent
    for path in ("/style.css", "/favicon.ico", "/api/x"):
        yield path, "main.test", BROWSER
    for agent in ("curl/8.5.0", "Googlebot/2.1", "curl/7.0"):
        yield "/a.html", "main.test", agent


def traffic(server):
    """Requests on one connection: each is counted before the next."""
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    for turn, (path, host, agent) in enumerate(requests()):
        referrer = REFERRERS[turn % len(REFERRERS)]
        headers = {"Host": host, "Accept-Language": ("de", "EN", "x")[turn % 3],
                   "User-Agent": agent}
        if referrer is not None:
            headers["Referer"] = referrer.encode()
        client.request("GET", path, headers=headers)
        answer = client.getresponse()
        answer.read()
        assert answer.status == 200, path
    client.close()
    server.settle()


def page_of(server, arguments):
    """A page, without what time and the machine have to do with it."""
    text = server.get("/usage-stats" + arguments).body.decode()
    return START.sub("(start)", re.sub(r"\d+ s ago|\d+ ms\b", "(time)", text))


# What the machine's speed and the day's key make.
NOT_THE_SAME = ("millis", "last_flush", "sketch")

# The servers start one after the other.
START = re.compile(r'[\d-]{10} [\d:]{5}(?=(?:: |</td><th scope="row"><bdi>)'
                   r'(?:goLive|start)\b)')


def rows_of(database):
    """All rows, without what is never the same."""
    return {table: sorted(tuple((key, value) for key, value
                                in sorted(row.items())
                                if key not in NOT_THE_SAME
                                and (table, key) != ("usage_mark", "time"))
                          for row in rows)
            for table, rows in database.tables.items()}


def test_the_same_traffic_gives_the_same_pages(serve):
    """To the byte, live and from the database, by an hour, a day, a site."""
    now = int(time.time()) // 3600 * 3600 + 600
    servers = [serve(SITES, modules=["alias", "setenvif"], hurried=True,
                     now=now, engine=engines.engine(name))
               for name in engines.NAMES]
    for server in servers:
        server.clock.stop(now + 10)
        traffic(server)
    for turn, looked in enumerate((now + 60, now + 560)):
        for arguments in ("", "?period=all", "?site=other.test&period=day",
                          "?period=7d&sort=gain", "?sort=loss&f=device:mobile",
                          "?period=12mo&f=device:mobile",
                          "?period=12mo&sort=loss&f=browser:Firefox",
                          "?period=12mo&f=page:/caf%C3%A9"):
            shown = []
            for server in servers:
                server.clock.stop(looked)
                shown.append(page_of(server, arguments))
            assert "/caf\N{LATIN SMALL LETTER E WITH ACUTE}" in shown[0]
            assert "site=other.test" in arguments or "f=" in arguments or \
                " more</a>" in shown[0].split('id="events-title"')[1]
            for page in shown[1:]:
                assert page == shown[0], (turn, arguments)
        for server in servers:
            server.clock.set(looked)
        databases = [server.count() for server in servers]
        for database in databases[1:]:
            assert rows_of(database) == rows_of(databases[0])
        assert set(databases[0].pages()) >= {"/a.html ", "/A.html", "/cafe"}
        for server in servers:
            server.start()
        for server in servers:
            server.clock.stop(now + 500)
            server.status("/later")


def sums_of(documents):
    """What pages' rows, and clients', come to: {(panel, name): views}."""
    sums = Counter()
    for document in documents:
        for panel in ("pages", "devices", "browsers", "systems"):
            for row in document["panels"][panel]["rows"]:
                sums[panel, row["name"]] += row["count"]
    return sums


@pytest.mark.parametrize("asked", [
    "f=device:mobile", "f=browser:Firefox", "f=page:/a.html",
    "f=page:/a.html&f=device:mobile", "f=device:desktop&sort=loss", "f=system:x",
    "sort=gain"])
def test_months_of_all_sites_are_those_of_each(written, asked):
    """All sites have rows of their own; each site has what it had."""
    query = f"?period=12mo&limit=500&{asked}"
    each = [json_of(written, f"{query}&site={site}")
            for site in ("main.test", "other.test")]
    whole = sums_of([json_of(written, query)])
    assert whole == sums_of(each)
    assert bool(whole) == ("system:x" not in asked)


@pytest.fixture(scope="module")
def written(request):
    """A server whose counts are all in its database."""
    server = Server(place.Place(), SITES, modules=["alias", "setenvif"])
    request.addfinalizer(server.remove)
    request.addfinalizer(server.close)
    server.start()
    traffic(server)
    server.stop()
    return server.start()


def with_tables(serve, config=""):
    """A server whose database a first flush has made, with one view."""
    server = serve(config + "UsageFlushTimeout 20s\n")
    assert server.status("/a.html") == 200
    assert server.count().views() == 1
    return server


# What is done to a database, what undoes it, and what the log says then.
TROUBLES = {
    "newer": ("UPDATE usage_schema SET version = 99",
              "UPDATE usage_schema SET version = 1", ("version 99", "of 1")),
    "table-away": ("ALTER TABLE usage_total RENAME TO elsewhere",
                   "ALTER TABLE elsewhere RENAME TO usage_total",
                   ("usage_total", "a database of its own")),
}

OF_SERVERS = {
    "pgsql-rights": (
        f"REVOKE INSERT ON usage_total FROM {engines.USER}",
        f"GRANT INSERT ON usage_total TO {engines.USER}",
        ("permission denied", "grant SELECT, INSERT, UPDATE, DELETE")),
    "pgsql-read-only": (
        f"ALTER ROLE {engines.USER} SET default_transaction_read_only = on",
        f"ALTER ROLE {engines.USER} RESET default_transaction_read_only",
        ("read-only", "takes writes")),
    "mysql-rights": (
        f"REVOKE INSERT ON {{name}}.* FROM {engines.USER}@'127.0.0.1'",
        f"GRANT INSERT ON {{name}}.* TO {engines.USER}@'127.0.0.1'",
        ("denied", "grant SELECT, INSERT, UPDATE, DELETE")),
    "mysql-read-only": ("SET GLOBAL read_only = 1", "SET GLOBAL read_only = 0",
                        ("read-only", "takes writes")),
}


def said_of_flushes(server):
    """The lines that tell of a flush that failed."""
    return [line for line in server.log().splitlines() if "USG0012" in line]


def check_trouble(server, trouble):
    """A flush that fails says why, where and what to do."""
    break_it, mend_it, words = trouble
    name = getattr(server.store, "name", "")
    before = len(said_of_flushes(server))
    server.start()
    assert server.status("/b.html") == 200
    server.store.run(break_it.replace("{name}", name))
    if "usage_total" in words:
        page = server.get("/usage-stats").body.decode()
        assert "live numbers only" in server.log() and "usage_total" in page
    server.end()
    server.store.run(mend_it.replace("{name}", name))
    lines = said_of_flushes(server)[before:]
    assert len(lines) == 1, server.log()
    for word in (server.store.title, name or server.database_file, *words):
        assert word in lines[0], lines[0]
    server.start()
    server.end()


@pytest.mark.each_database
def test_trouble_is_told_in_one_line(serve, engine):
    """And nothing is lost by it."""
    server = with_tables(serve)
    server.expect(*UNWRITTEN, *HANDED_ON)
    troubles = [*TROUBLES.values(),
                *(trouble for name, trouble in OF_SERVERS.items()
                  if name.startswith(engine.name))]
    for trouble in troubles:
        check_trouble(server, trouble)
    assert server.database().pages() == {"/a.html": 1,
                                         "/b.html": len(troubles)}


@pytest.mark.each_database("pgsql", "mysql")
def test_tables_made_by_hand_need_few_rights(serve, engine):
    """The files of sql/ are good for psql and mariadb, too; first there is
    neither a table nor the right to make one."""
    server = serve(ANY_PATH, modules=["alias"], start=False)
    server.expect(*UNWRITTEN, *HANDED_ON)
    engine.allow_rows_only(server.store.name)
    server.start()
    for path in ("/a.html", "/a.html%20", "/A.html"):
        assert server.status(path) == 200
    assert server.get("/usage-stats").status == 200
    assert server.stop() is None
    assert "create tables, or make them" in said_of_flushes(server)[0]
    with open(os.path.join(place.TOP, "sql",
                           f"schema.{engine.name}.sql")) as file:
        server.store.run(file.read())
    engine.allow_rows_only(server.store.name)
    server.start()
    assert server.status("/a.html") == 200
    assert server.count().pages() == {"/a.html": 2, "/a.html ": 1,
                                      "/A.html": 1}
    assert len(server.store.run("SELECT day FROM usage_daily").split()) == 3


@pytest.mark.each_database("pgsql", "mysql")
def test_a_wrong_password_is_told_and_never_said(serve, engine):
    server = serve("UsageFlushTimeout 2s\n", start=False)
    server.expect(*UNWRITTEN, *HANDED_ON, *OF_MOD_DBD)
    server.replace_in_config(engines.SECRET, engines.SECRET + "-wrong")
    server.start()
    assert server.status("/a.html") == 200
    page = server.get("/usage-stats")
    assert page.status == 200
    server.end()
    lines = said_of_flushes(server)
    assert len(lines) == 1 and "no connection" in lines[0]
    flusher = re.search(r"\[pid \d+", lines[0])[0]
    of_flusher = [line for line in server.log().splitlines()
                  if flusher in line and "[dbd:" in line]
    assert 1 <= len(of_flusher) <= 5, of_flusher
    assert f"{server.store.name} on 127.0.0.1:{engine.port}" in lines[0]
    assert engines.SECRET not in server.log() + page.body.decode()
    server.replace_in_config(engines.SECRET + "-wrong", engines.SECRET)
    server.start()
    assert server.count().views() == 1


@pytest.mark.each_database("pgsql", "mysql")
def test_a_database_that_goes_and_comes_back(serve, engine):
    """Connections of before are made anew; what was counted is written."""
    server = with_tables(serve)
    server.expect(*UNWRITTEN, *HANDED_ON, *OF_MOD_DBD)
    server.start()
    for turn in range(3):
        assert server.status("/a.html") == 200
        page = server.get("/usage-stats").body.decode()
        assert "database" not in page.split("<footer")[0], page
        engine.end()
        engine.start()
    engine.end()
    assert server.status("/a.html") == 200
    page = server.get("/usage-stats").body.decode()
    server.end()
    engine.start()
    server.start()
    assert server.count().views() == 5


# Another program locks what the flusher comes to last, waits until the flusher
# waits for it, then wants what the flusher has locked: a deadlock. The flusher
# is its victim, as it notices first, or has done less.
DEADLOCKS = {
    "pgsql": (
        "SET deadlock_timeout = '30s'; BEGIN; "
        "UPDATE usage_event SET count = count; SELECT 'ready';\n",
        "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
        "UPDATE usage_total SET views = views; COMMIT; SELECT 'done';\n"),
    "mysql": (
        "CREATE TABLE heavy (a INT) ENGINE = InnoDB; BEGIN; "
        "INSERT INTO heavy SELECT seq FROM seq_1_to_20000; "
        "SELECT 'ready' FROM usage_event LIMIT 1 FOR UPDATE;\n",
        "SELECT trx_id FROM information_schema.innodb_trx "
        "WHERE trx_state = 'LOCK WAIT'",
        "UPDATE usage_total SET views = views + 1; ROLLBACK; "
        "SELECT 'done';\n"),
}


@pytest.mark.each_database("pgsql", "mysql")
def test_a_deadlock_is_tried_again(serve, engine):
    server = with_tables(serve)
    server.start()
    assert server.status("/a.html") == 200
    server.settle()
    lock, is_waiting, want = DEADLOCKS[engine.name]
    with server.store.session() as session:
        assert session.ask(lock) == "ready"
        os.kill(server.pid, signal.SIGTERM)
        # MariaDB looks at its transactions anew every 0.1 s, if not asked then.
        assert wait_until(lambda: server.store.run(is_waiting) != "done", 10,
                          0.2), server.log()
        assert session.ask(want) == "done"
        assert server.wait_exit() == 0
    assert re.search("USG0030.* deadlock", server.log(), re.I)
    assert server.database().pages() == {"/a.html": 2}


@pytest.mark.each_database("pgsql", "mysql")
def test_a_flush_waits_for_a_lock_and_is_tried_again(serve, engine):
    """The database's patience is 5 s, the flusher's its deadline."""
    server = with_tables(serve)
    server.start()
    assert server.status("/a.html") == 200
    server.settle()
    lock, is_waiting, _ = DEADLOCKS[engine.name]
    with server.store.session() as session:
        assert session.ask(lock) == "ready"
        os.kill(server.pid, signal.SIGTERM)
        assert wait_until(lambda: "USG0030" in server.log(), 15), server.log()
        assert session.ask("ROLLBACK; SELECT 'done';\n") == "done"
        assert server.wait_exit() == 0
    assert server.database().pages() == {"/a.html": 2}
