# SPDX-License-Identifier: Apache-2.0
"""Marks: the server's own, those of the configuration, those that are posted.
Each is in the database once, whatever became of the flushes."""

import sqlite3
import urllib.parse

from contextlib import contextmanager

import pytest

from engines import SECRET, Missing
from pages import Page
from processes import wait_until

POSTING = """
<Location "/usage-stats/mark">
    UsageMarkPost On
</Location>
"""

OWN = {"Sec-Fetch-Site": "same-origin"}

FORM = {"Content-Type": "application/x-www-form-urlencoded"}

HOSTILE = {
    "markup": "<script>alert(1)</script>",
    "quotes": "'\"`); DROP TABLE usage_mark;--",
    "control": "a\x01\r\nb\x1b[31m",
    "turned": "\u202egpj.exe",
    "not UTF-8": b"a\xff\xfe\x80b",
    "long": "\u00e9" * 300,
    "not of ASCII": "\u5e73\u621031\u5e74",
}


def post(server, path="/usage-stats/mark", headers=None, **fields):
    body = urllib.parse.urlencode(fields).encode()
    return server.ask(path, "POST", body=body,
                      headers=FORM | (OWN if headers is None else headers))


def later(server, seconds=2):
    """Marks of one second and name are one mark."""
    server.clock.advance(seconds)


def views(server):
    server.settle()
    return Page(server.get("/usage-stats").body.decode())


# The server's own


def test_start_and_stop(serve):
    server = serve(hurried=True)
    server.status("/a.html")
    assert sorted(server.stop().marks()) == ["goLive", "start"]
    later(server)
    server.start()
    assert sorted(server.stop().marks()) == ["goLive", "start", "start"]


def test_marks_need_no_hit(serve):
    database = serve().stop()
    assert sorted(database.marks()) == ["goLive", "start"]
    assert database.hits() == 0


@pytest.mark.each_mpm
def test_every_kind_of_restart(serve):
    server = serve(hurried=True)
    later(server)
    server.restart()
    later(server)
    server.graceful()
    server.kill()
    later(server)
    server.start()
    database = server.stop()
    assert database.marks()[-1] == "start"
    assert sorted(database.marks()) == ["goLive", "restart", "restart",
                                        "start", "start"]
    assert "configuration" not in database.marks()


def test_configuration_changes(serve):
    """A comment does not, nor does another order of reading the same."""
    server = serve(hurried=True)
    server.replace_in_config("Timeout 10", "# a comment\n\nTimeout   10")
    later(server)
    server.restart()
    server.replace_in_config("Timeout   10", "Timeout 20")
    later(server)
    server.restart()
    server.end()
    assert server.database().marks().count("configuration") == 1
    server.replace_in_config("KeepAliveTimeout 5", "KeepAliveTimeout 6")
    later(server)
    server.start()
    server.kill()
    server.replace_in_config("KeepAliveTimeout 6", "KeepAliveTimeout 5")
    later(server)
    server.start()
    assert server.stop().marks().count("configuration") == 3


def test_nothing_of_the_configuration_is_told(serve):
    server = serve(hurried=True)
    server.end()
    later(server)
    server.configure("Define PASSWORD hunter2\n"
                     "ServerAdmin hunter2@site.test\n")
    server.start()
    rows = server.stop().tables["usage_mark"]
    names = {row["name"] for row in rows}
    assert len(rows) == 4 and "hunter2" not in str(rows)
    assert SECRET not in str(rows)
    assert {name.split(" ")[0] for name in names} == {
        "goLive", "start", "configuration"}


def test_start_tells_its_node(serve):
    rows = serve("UsageNode first:one\n").stop().tables["usage_mark"]
    assert {(row["name"], row["category"], row["site"]) for row in rows} == {
        ("goLive", "server", ""), ("start first:one", "server", "")}


@pytest.mark.each_database
def test_another_version_of_the_module(serve):
    server = serve("UsageNode one\n")
    server.status("/a.html")
    server.end()
    server.store.run("UPDATE usage_node SET version = '0.0.9';")
    server.start()
    server.end()
    server.start()
    rows = [row["name"] for row in server.stop().tables["usage_mark"]
            if row["name"].startswith("version")]
    assert len(rows) == 1 and rows[0].endswith(" one")


@contextmanager
def locked(server):
    """Nobody else can write the database within the block."""
    link = sqlite3.connect(server.database_file, isolation_level=None)
    link.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        link.execute("ROLLBACK")
        link.close()


def test_marks_wait_for_a_database_that_is_away(serve):
    """Over a failed last flush, a stop and a start."""
    server = serve("UsageMark campaign\nUsageFlushTimeout 2s\n" + POSTING,
                   hurried=True)
    server.end()
    later(server)
    server.start()
    later(server)
    assert post(server, name="posted").status == 204
    server.expect("USG0012", "USG0008")
    with locked(server):
        server.end()
    later(server)
    server.start()
    database = server.stop()
    assert database.marks("mark") == ["campaign", "posted"]
    assert sorted(database.marks()) == ["goLive", "start", "start", "start"]


def test_clock_of_the_first_start_is_that_of_going_live(serve):
    """Though the database only comes much later."""
    server = serve("UsageFlushTimeout 2s\n", start=False, hurried=True)
    server.expect("USG0012", "USG0008", "AH00629", "AH00636", "AH00632",
                  "AH00633", "USG0018")
    first = server.clock.now()
    server.configure("UsageFlushTimeout 2s\n")
    server.replace_in_config("/data/usage.db", "/none/usage.db")
    server.start()
    server.end()
    server.replace_in_config("/none/usage.db", "/data/usage.db")
    later(server, 4000)
    server.start()
    rows = server.stop().tables["usage_mark"]
    live = [row["time"] for row in rows if row["name"] == "goLive"]
    assert len(live) == 1 and first <= live[0] < first + 1000


@pytest.mark.each_database
def test_servers_of_one_database_go_live_once(serve):
    first = serve("UsageNode one\nUsageMark release\n")
    second = serve("UsageNode two\nUsageMark release\n", store=first.store)
    first.end()
    database = second.stop()
    assert database.marks("mark") == ["release"]
    assert sorted(database.marks()) == ["goLive", "start", "start"]


# Of the configuration


def test_mark_of_the_configuration_is_put_once(serve):
    """As long as it stands, and when it comes back."""
    server = serve('UsageMark "release 1" deploy\nUsageMark spring\n'
                   '<VirtualHost *>\nServerName other.test\n'
                   'UsageMark "release 1" deploy\n</VirtualHost>\n',
                   hurried=True)
    later(server)
    server.restart()
    server.end()
    database = server.database()
    assert database.marks("deploy") == ["release 1"]
    assert database.marks("deploy", "other.test") == ["release 1"]
    assert database.marks("mark") == ["spring"]
    server.configure("UsageMark summer\n")
    later(server)
    server.start()
    server.configure("UsageMark spring\nUsageMark summer\n")
    later(server)
    server.restart()
    assert server.stop().marks("mark") == ["spring", "summer"]


def test_hosts_without_a_mark_have_none(serve):
    server = serve('UsageMark all\n'
                   '<VirtualHost *>\nServerName one.test\n</VirtualHost>\n'
                   '<VirtualHost *>\nServerName two.test\nUsageBots Count\n'
                   '</VirtualHost>\n')
    rows = server.stop().tables["usage_mark"]
    assert [row["site"] for row in rows if row["name"] == "all"] == [""]


def test_marks_of_thousands_of_hosts(serve):
    hosts = "".join(f"<VirtualHost *>\nServerName s{i}.test\nUsageMark all\n"
                    "</VirtualHost>\n" for i in range(500))
    rows = serve(hosts).stop().tables["usage_mark"]
    assert len([row for row in rows if row["name"] == "all"]) == 500


# Those that are posted


def test_posting_is_off_unless_it_is_on(serve):
    server = serve()
    assert post(server, name="a").status == 405
    assert server.status("/usage-stats/mark") == 404
    assert server.stop().marks("mark") == []


def test_mark_is_posted(serve):
    server = serve(POSTING)
    answer = post(server, name="release 2.0", category="deploy",
                  site="site.test")
    assert answer.status == 204 and answer.body == b""
    assert post(server, name="spring").status == 204
    rows = views(server).text
    assert "release 2.0" in rows and "spring" in rows
    database = server.stop()
    assert database.marks("deploy", "site.test") == ["release 2.0"]
    assert database.marks("mark") == ["spring"]


def test_browser_is_led_back_to_the_page(serve):
    server = serve(POSTING)
    answer = post(server, name="a", headers=OWN | {
        "Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert answer.status == 303
    place = urllib.parse.urljoin("/usage-stats/mark",
                                 answer.headers["Location"])
    assert server.status(place) == 200


def test_require_decides_who_may(serve):
    server = serve('<Location "/usage-stats/mark">\nUsageMarkPost On\n'
                   'Require expr "%{HTTP:X-Admin} == \'yes\'"\n</Location>\n')
    server.expect("AH01630", "AH01626")
    assert post(server, name="no").status == 403
    assert post(server, name="yes",
                headers=OWN | {"X-Admin": "yes"}).status == 204
    assert server.stop().marks("mark") == ["yes"]


@pytest.mark.parametrize("headers, status", [
    ({"Sec-Fetch-Site": "same-origin"}, 204),
    ({"Sec-Fetch-Site": "none"}, 204),
    ({"Sec-Fetch-Site": "same-site"}, 403),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Sec-Fetch-Site": "cross-site", "Origin": "http://site.test",
      "Host": "site.test"}, 403),
    ({"Origin": "http://site.test", "Host": "site.test"}, 204),
    ({"Origin": "https://SITE.test:8443", "Host": "site.test:8443"}, 204),
    ({"Origin": "http://evil.test", "Host": "site.test"}, 403),
    ({"Origin": "http://site.test.evil.test", "Host": "site.test"}, 403),
    ({"Origin": "null", "Host": "site.test"}, 403),
    ({"Origin": "site.test", "Host": "site.test"}, 403),
    ({}, 403),
])
def test_whose_origin_may(serve, headers, status):
    server = serve(POSTING)
    answer = post(server, name="a", headers=headers)
    assert answer.status == status
    assert status == 204 or answer.body.decode().endswith(".\n")
    assert server.stop().marks("mark") == (["a"] if status == 204 else [])


def test_what_is_no_form_of_a_mark(serve):
    server = serve(POSTING)
    assert post(server).status == 400
    assert post(server, name="  \t").status == 400
    assert post(server, name="a", category="server").status == 400
    assert post(server, name="a", category=" server ").status == 400
    assert post(server, name="a", site="none.test").status == 400
    assert post(server, name="a\0b").status == 400
    assert post(server, name="x" * 5000).status == 413
    answer = server.ask("/usage-stats/mark", "POST", body=b"name=a",
                        headers=OWN | {"Content-Type": "text/plain"})
    assert answer.status == 415
    assert server.ask("/usage-stats/mark", "POST", body=b"name=a",
                      headers=OWN).status == 415
    assert server.stop().marks("mark") == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_other_methods_put_nothing(serve, method):
    server = serve(POSTING)
    answer = server.ask("/usage-stats/mark?name=a", method, headers=OWN)
    assert answer.status == 405
    assert "POST" in answer.headers["Allow"]
    assert "GET" not in answer.headers["Allow"]
    assert server.stop().marks("mark") == []


@pytest.mark.each_database
def test_hostile_names_are_safe(serve):
    """In the database, which checks its texts, and on the page."""
    server = serve(POSTING)
    for text in HOSTILE.values():
        assert post(server, name=text, category=text).status == 204
    page = server.get("/usage-stats").body
    database = server.stop()
    posted = [row for row in database.tables["usage_mark"]
              if row["category"] != "server"]
    assert len(posted) == len(HOSTILE)
    server.start()
    for body in (page, server.get("/usage-stats").body):
        text = body.decode("utf-8")
        assert Page(text).scripts == 0
        assert b"<script>alert" not in body and b"&lt;script&gt;" in body
        assert "\u202e" not in text and "\x1b" not in text


def test_full_ring_drops_the_oldest(serve):
    server = serve(POSTING)
    server.expect("USG0082")
    for number in range(40):
        assert post(server, name=f"mark {number}").status == 204
    found = server.stop().marks("mark")
    assert len(found) == 32
    assert set(found) == {f"mark {number}" for number in range(8, 40)}
    assert server.log().count("USG0082") >= 8


@pytest.mark.each_mpm
def test_posted_mark_survives_a_kill(serve):
    server = serve(POSTING)
    assert post(server, name="kept").status == 204
    server.kill()
    server.start()
    assert server.stop().marks("mark") == ["kept"]


def test_page_has_each_mark_once_while_it_is_flushed(serve):
    server = serve("UsageFlushInterval 10s\n" + POSTING, hurried=True)
    server.status("/a.html")
    post(server, name="only")

    def is_flushed():
        try:
            return server.database().marks("mark")
        except Missing:
            return False
    for _ in range(3):
        page = server.get("/usage-stats").body.decode()
        assert page.count("<th scope=\"row\"><bdi>only</bdi></th>") == 1
    server.clock.advance(60)
    assert wait_until(is_flushed, 30)
    for _ in range(3):
        page = server.get("/usage-stats").body.decode()
        assert page.count("<th scope=\"row\"><bdi>only</bdi></th>") == 1
    assert "class=\"flag\"" in page


def test_page_of_a_site_has_its_marks_alone(serve):
    server = serve(POSTING +
                   '<VirtualHost *>\nServerName site.test\n</VirtualHost>\n'
                   '<VirtualHost *>\nServerName two.test\n</VirtualHost>\n')
    for site in ("", "site.test", "two.test"):
        post(server, name=f"of {site or 'all'}.", site=site)
    server.status("/a.html")
    server.settle()
    text = Page(server.get("/usage-stats?site=two.test").body.decode()).text
    assert "of two.test." in text and "of all." in text
    assert "of site.test." not in text
