# SPDX-License-Identifier: Apache-2.0
"""Directives: what is good, and what is said of what is not."""

import os
import shutil
import sqlite3

import pytest

from server import COUNTING, StartFailure

GOOD = [
    "Usage On", "Usage Off", "<Location /x>\nUsage Off\n</Location>",
    "UsageSite blog", 'UsageSite "The blog"', "UsageSite caf\u00e9",
    "UsageExclude /private", "UsageExclude /a/ /b /c/",
    "<Location /x>\nUsageExclude /x/y\n</Location>",
    "UsageStatic jar", "UsageStatic JAR deb rpm",
    "UsageDownload zip", "UsageDownload iso GZ",
    "<VirtualHost *>\nUsageDownload none\n</VirtualHost>",
    "UsageTypes text/html", "UsageTypes text/html text/markdown",
    "UsageBots Exclude", "UsageBots count",
    "UsageUsers off", "UsageUsers Random", "UsageUsers stored",
    "UsageBreakdown none", "UsageBreakdown source language STATUS",
    "<VirtualHost *>\nUsageBreakdown not-found\n</VirtualHost>",
    "UsageEvent signup", "UsageEvent signup account",
    "UsageEvent signup account \"expr=%{REQUEST_STATUS} == 201\"",
    "UsageEvent signup \"expr=%{REQUEST_STATUS} == 201\"",
    "UsageEvent %{env:plan} \"plans of %{HTTP_HOST}\"",
    "<Location /x>\nUsageEvent a\nUsageEventHeader On\n</Location>",
    "UsageEventEnv On", "UsageEventHeader Off",
    "UsageLogEvent AH02008 failed", "UsageLogEvent ~AH0[12] odd tls",
    "<VirtualHost *>\nUsageLogEvent a b\n</VirtualHost>",
    "UsageMark release", 'UsageMark "release 2.0" deploy',
    "<VirtualHost *>\nUsageMark caf\u00e9\n</VirtualHost>",
    "<Location /usage-stats/mark>\nUsageMarkPost On\n</Location>",
    "UsageInterval 10m", "UsageInterval 1h", "UsageInterval 6h",
    "UsageInterval 1d", "UsageFlushInterval 10s", "UsageFlushInterval 5m",
    "UsageFlushTimeout 5s", "UsageTable 1024", "UsageTable 100000",
    "UsageNode first", "UsageNode first:one",
    "UsageTimezone UTC", "UsageTimezone Europe/Berlin",
    "<VirtualHost *>\nUsageTimezone Asia/Kolkata\n</VirtualHost>",
    "UsageRetain base 7d", "UsageRetain Day 90", "UsageRetain month 1200mo",
    "UsageRetain events 1mo", "UsageRetain base 1d\nUsageRetain day 36600d",
]

# A line, and words that the message must have beside the directive's name.
BAD = [
    ("Usage Maybe", "On", "Off"),
    ("UsageSite", "argument"),
    ('UsageSite ""', "takes one argument"),
    ("UsageSite " + "x" * 256, "255"),
    ("UsageSite a\x01b", "control"),
    ("UsageSite \udcff", "UTF-8"),
    ("<Location /x>\nUsageSite a\n</Location>", "not allowed in <Location>"),
    ("UsageExclude", "argument"),
    ("UsageExclude private", "/"),
    ("UsageStatic .jar", "without its dot"),
    ("UsageStatic a/b", "extension"),
    ("UsageDownload", "argument"),
    ("UsageDownload .zip", "without its dot"),
    ("UsageDownload +zip", "extension"),
    ("UsageDownload " + "x" * 33, "32"),
    ("<Location /x>\nUsageDownload zip\n</Location>", "not allowed"),
    ("UsageTypes", "media type"),
    ("UsageTypes html", "media type"),
    ("UsageTypes text/*", "media type"),
    ("UsageTypes text/html;charset=utf-8", "without parameters"),
    ("UsageBots Maybe", "Exclude", "Count"),
    ("UsageUsers", "argument"),
    ("UsageUsers some", "random", "stored"),
    ("UsageBreakdown", "none"),
    ("UsageBreakdown browser", "version", "none"),
    ("<Location /x>\nUsageBreakdown source\n</Location>", "not allowed"),
    ("UsageGeoDB", "argument"),
    ("UsageGeoDB /none.mmdb", "MaxMind"),
    ("UsageEvent", "argument"),
    ("UsageEvent a b c", "expr="),
    ("UsageEvent a \"expr=true\" b", "category"),
    ("UsageEvent a b \"expr=%{nonsense\"", "expression"),
    ("UsageEvent %{nonsense:x}", "expression"),
    ("UsageEvent a outcome", "module's own"),
    ("UsageEvent a bot-search", "another"),
    ("UsageEventHeader Maybe", "On", "Off"),
    ("UsageEventEnv", "On"),
    ("UsageLogEvent AH02008", "two or three arguments"),
    ('UsageLogEvent "" a', "two or three arguments"),
    ("UsageLogEvent ~( a", "regular expression"),
    ("UsageLogEvent a b outcome", "module's own"),
    ("<Location /x>\nUsageLogEvent a b\n</Location>", "not allowed"),
    ("UsageMark", "arguments"),
    ("UsageMark a b c", "arguments"),
    ('UsageMark ""', "arguments"),
    ("UsageMark " + "x" * 256, "255 bytes"),
    ("UsageMark a\x01b", "control"),
    ("UsageMark a \udcff", "UTF-8"),
    ("UsageMark a server", "module's own", "another"),
    ("<Location /x>\nUsageMark a\n</Location>", "not allowed"),
    ("<Location /x>\nUsageMarkPost Maybe\n</Location>", "On", "Off"),
    ("UsageMarkPost On", "not allowed"),
    ("UsageInterval 9m", "10m", "1d"),
    ("UsageInterval 2d", "10m", "1d"),
    ("UsageInterval 7h", "even part of a day"),
    ("UsageInterval soon", "10m"),
    ("UsageInterval -1h", "10m"),
    ("UsageFlushInterval 9s", "10s"),
    ("UsageFlushInterval 1", "10s"),
    ("UsageFlushInterval 99999999999999999999s", "10s"),
    ("UsageFlushInterval 5 m", "argument"),
    ("UsageFlushTimeout 0", "1s"),
    ("UsageTable 1000", "1024"),
    ("UsageTable 10000000000", "1024"),
    ("UsageTable many", "1024"),
    ("UsageTable 4096x", "1024"),
    ("UsageRetain base", "two arguments"),
    ("UsageRetain week 4", "base, day, month", "events"),
    ("UsageRetain base 0d", "1d", "3660d"),
    ("UsageRetain base 1mo", "1d", "3660d"),
    ("UsageRetain day 36601d", "1d", "36600d"),
    ("UsageRetain month 24d", "1mo", "1200mo"),
    ("UsageRetain month -1mo", "1mo", "1200mo"),
    ("UsageRetain events 1201", "1mo", "1200mo"),
    ("UsageRetain events mo", "1mo", "1200mo"),
    ("UsageRetain day 99999999999999999999d", "1d", "36600d"),
    ("UsageNode", "argument"),
    ("UsageTimezone", "argument"),
    ("UsageTimezone Europe/Atlantis", "Europe/Atlantis", "zoneinfo",
     "such as Europe/Berlin", "UTC"),
    ("UsageTimezone europe/berlin", "no time zone 'europe/berlin'"),
    ("UsageTimezone Europe", "no time zone 'Europe'"),
    ("UsageTimezone tzdata.zi", "no time zone"),
    ("UsageTimezone ../zoneinfo/Europe/Berlin", "no time zone"),
    ("UsageTimezone /usr/share/zoneinfo/Europe/Berlin", "no time zone"),
    ("UsageTimezone CET-1CEST,M3.5.0,M10.5.0/3", "no time zone"),
    ("<Location /x>\nUsageTimezone UTC\n</Location>",
     "not allowed in <Location>"),
    ('UsageNode ""', "takes one argument"),
] + [
    (f"<VirtualHost 127.0.0.1:1>\n{name} {value}\n</VirtualHost>",
     "cannot occur within <VirtualHost>")
    for name, value in [("UsageInterval", "1h"), ("UsageFlushInterval", "1m"),
                        ("UsageFlushTimeout", "9s"), ("UsageTable", "4096"),
                        ("UsageRetain", "day 9d"), ("UsageNode", "n")]]


@pytest.mark.parametrize("line", GOOD)
def test_good_values(serve, line):
    is_good, said = serve(line + "\n", start=False).check()
    assert is_good, said


@pytest.mark.parametrize("line, words", [(bad[0], bad[1:]) for bad in BAD],
                         ids=[repr(bad[0])[:60] for bad in BAD])
def test_bad_values(serve, line, words):
    is_good, said = serve(line + "\n", start=False).check()
    name = [word for word in line.split() if word.startswith("Usage")][0]
    assert not is_good
    for word in (name, "line", *words):
        assert word in said, said


LACKING = {
    "module": (COUNTING, ("dbd",), ("Usage On", "mod_dbd", "LoadModule")),
    "driver": ("Usage On\n", (), ("Usage On", "DBDriver", "DBDParams")),
    # mod_dbd itself says so, of the line of its directive.
    "other-driver": (COUNTING.replace("{driver}", "oracle"), (),
                     ("Syntax error on line", "driver", "oracle")),
    "parameters": ("Usage On\nDBDriver sqlite3\n", (), ("DBDParams",)),
}


@pytest.mark.parametrize("counting, without, words", LACKING.values(),
                         ids=LACKING)
def test_no_database(serve, counting, without, words):
    if without:
        counting = "\n".join(line for line in counting.splitlines()
                             if "DBD" not in line) + "\n"
    server = serve(counting=counting, without=without, start=False)
    is_good, said = server.check()
    assert not is_good
    for word in words:
        assert word in said, said
    with pytest.raises(StartFailure) as failure:
        server.start()
    server.expect("USG0017", "AH00014|AH00016|configuration failed", "DBD")
    for word in words:
        assert word in str(failure.value)


def test_no_rules_of_time_zones(serve):
    server = serve("UsageTimezone Europe/Berlin\n", start=False)
    server.environment["TZDIR"] = "/nowhere/zoneinfo"
    is_good, said = server.check()
    assert not is_good
    for word in ("UsageTimezone", "/nowhere/zoneinfo", "install", "tzdata",
                 "UTC", "line"):
        assert word in said, said
    with pytest.raises(StartFailure):
        server.start()
    server.replace_in_config("Europe/Berlin", "UTC")
    server.start()
    server.stop()


def test_off_needs_no_database(serve):
    server = serve(counting="Usage Off\n", without=["dbd"])
    assert server.status("/a.html") == 200
    server.stop()


def test_loaded_but_not_used(serve):
    server = serve(counting="", without=["dbd"])
    assert server.status("/a.html") == 200
    server.restart()
    assert server.status("/a.html") == 200
    server.stop()
    assert not os.path.exists(server.database_file)


def test_persistence_is_not_needed(serve):
    server = serve("DBDPersist Off\n")
    assert server.status("/a.html") == 200
    server.settle()
    assert b"/a.html" in server.get("/usage-stats").body
    assert server.count().pages() == {"/a.html": 1}


def forbid(path, folder=False):
    """Take the right to write from the server's user."""
    if os.geteuid() == 0:
        os.chown(path, 0, 0)
    os.chmod(path, 0o555 if folder else 0o444)


def allow(server, path, folder=False):
    server.give(path)
    os.chmod(path, 0o755 if folder else 0o644)


def all_is_written_after(server, mend):
    """What was counted meanwhile is there once the trouble is over."""
    for _ in range(3):
        assert server.status("/a.html") == 200
    server.settle()
    assert b"/a.html" in server.get("/usage-stats").body
    mend()
    assert server.status("/b.html") == 200
    assert server.count().pages() == {"/a.html": 3, "/b.html": 1}


@pytest.mark.everywhere
def test_folder_that_the_server_cannot_write(serve):
    server = serve(start=False)
    server.expect("USG0018", "DBD|dbd")
    folder = os.path.dirname(server.database_file)
    forbid(folder, folder=True)
    server.start()
    for word in ("DBDParams", folder, "chown", "USG0018"):
        assert word in server.log()
    all_is_written_after(server, lambda: allow(server, folder, folder=True))


@pytest.mark.everywhere
def test_database_of_another_user(serve):
    server = serve(start=False)
    server.expect("USG0019", "DBD|dbd")
    sqlite3.connect(server.database_file).execute("CREATE TABLE own (a)")
    forbid(server.database_file)
    server.start()
    for word in ("DBDParams", server.database_file, "chown", "USG0019"):
        assert word in server.log()
    all_is_written_after(server,
                         lambda: allow(server, server.database_file))


def test_stop_before_the_rights_are_mended(serve):
    server = serve(start=False)
    server.expect("USG0008", "USG0012", "USG0018", "DBD|dbd")
    folder = os.path.dirname(server.database_file)
    forbid(folder, folder=True)
    server.start()
    assert server.status("/a.html") == 200
    assert server.stop() is None
    assert "USG0012" in server.log()
    server.start()
    all_is_written_after_two = [server.status("/a.html") for _ in range(2)]
    assert all_is_written_after_two == [200, 200]
    server.stop()
    allow(server, folder, folder=True)
    server.start()
    assert server.status("/b.html") == 200
    assert server.count().pages() == {"/a.html": 3, "/b.html": 1}


def test_database_that_is_none(serve):
    server = serve(start=False)
    server.expect("USG0012", "DBD|dbd")
    with open(server.database_file, "w") as file:
        file.write("This is no database, but a text. " * 100)
    server.give(server.database_file)
    server.start()
    all_is_written_after(server, lambda: os.unlink(server.database_file))


def test_database_of_a_later_version(serve):
    server = serve()
    assert server.status("/a.html") == 200
    server.stop()
    shutil.copy(server.database_file, server.folder + "/kept.db")
    link = sqlite3.connect(server.database_file)
    with link:
        link.execute("UPDATE usage_schema SET version = version + 1")
    link.close()
    server.expect("USG0012", "USG0008")
    server.start()
    assert server.status("/a.html") == 200
    assert server.stop().views() == 1
    assert "version" in server.log()
    shutil.copy(server.folder + "/kept.db", server.database_file)
    server.give(server.database_file)
    server.start()
    assert server.status("/a.html") == 200
    assert server.count().views() == 3


def test_settings_of_what_is_counted(serve):
    server = serve("""
        UsageExclude /private /half/
        UsageStatic bin2
        UsageTypes text/plain text/html
        UsageBots Count
        AddType text/plain .log
        AddType text/html .bin2
        <Location /other>
            UsageExclude /other/inner
        </Location>
        """)
    for name in ("private/a.html", "privateer.html", "half/a.html", "c.log",
                 "d.bin2", "e.xhtml", "other/a.html", "other/inner/a.html"):
        server.page(name)
        assert server.status("/" + name) == 200
    assert server.status("/private") == 301
    assert server.status("/half") == 301
    assert server.status("/a.html", agent="Googlebot/2.1") == 200
    database = server.count()
    assert database.pages() == {"/privateer.html": 1, "/c.log": 1,
                                "/other/a.html": 1, "/a.html": 1}
    assert database.outcomes() == {"view": 4, "excluded": 4, "asset": 1,
                                   "type": 1, "redirect": 1}


@pytest.mark.parametrize("interval, seconds", [("10m", 600), ("1d", 86400)])
def test_base_interval(serve, interval, seconds):
    server = serve(f"UsageInterval {interval}\n")
    assert server.status("/a.html") == 200
    rows = server.count().rows("usage_total")
    assert rows and all(row["start"] % seconds == 0 for row in rows)


def test_name_of_the_node(serve):
    server = serve("UsageNode first\n")
    assert server.status("/a.html") == 200
    assert server.count().batches() == {"first": 1}
