# SPDX-License-Identifier: Apache-2.0
"""Marks: the server's own, and those of the configuration. Each is in the
database once, whatever became of the flushes."""

import sqlite3

from contextlib import contextmanager

import pytest

from engines import SECRET
from test_mark_post import POSTING, post


def later(server, seconds=2):
    """Marks of one second and name are one mark."""
    server.clock.advance(seconds)


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
