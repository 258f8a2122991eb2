# SPDX-License-Identifier: Apache-2.0
"""The page of several servers that write to one database."""

import re

import pytest

from pages import number
from processes import wait_until
from server import BROWSER
from test_salt import LOCAL, SHARED, wait_for_salts

OTHER = BROWSER.replace("128", "127")

FLUSHED = 30  # seconds within which a flush must have come


def three(serve, config):
    """Three servers of one database, with names that tell them apart."""
    made = []
    for name in ("first", "second", "third"):
        store = made[0].store if made else None
        made.append(serve(f"{config}UsageNode {name}\n", start=False,
                          store=store))
    return [server.start() for server in made]


def end(servers):
    """All of them: the database goes with the first one's folder."""
    for server in servers:
        if server.pid is not None:
            server.end()


def tile(server, label, arguments=""):
    """The number of a tile on a server's page."""
    text = server.get("/usage-stats" + arguments).body.decode()
    return number(re.search(rf"<dt>{label}<.*?<b>(.*?)</b>", text)[1])


def tiles(servers, label, arguments=""):
    return [tile(server, label, arguments) for server in servers]


def flushed(store):
    """How many visitors the servers have written, each on its own."""
    if not store.exists():
        return 0
    rows = store.read(["usage_seen"])["usage_seen"]
    return sum(row["visitors"] for row in rows)


@pytest.mark.each_database
def test_a_visitor_of_three_servers_is_one_on_every_page(serve):
    servers = three(serve, SHARED)
    for server in servers:
        wait_for_salts(server)
    for server in servers:
        assert server.status("/a.html") == 200
    assert wait_until(lambda: flushed(servers[0].store) == 3, FLUSHED)
    for arguments in ("", "?period=day", "?period=all", "?site=site.test"):
        assert tiles(servers, "Visitors today", arguments) == [1, 1, 1]
        assert tiles(servers, "Views today", arguments) == [3, 3, 3]
    for agent in (BROWSER, OTHER):  # the first of them comes back
        assert servers[1].status("/b.html", agent=agent) == 200
    servers[1].settle()  # no flush has written the second
    assert tile(servers[1], "Visitors today") == 2
    end(servers)


def test_without_a_shared_salt_each_server_has_its_own(serve):
    servers = three(serve, LOCAL)
    for server in servers:
        assert server.status("/a.html") == 200
    assert wait_until(
        lambda: tiles(servers, "Visitors today") == [3, 3, 3], FLUSHED)
    end(servers)


def test_a_day_that_is_closed_has_its_number(serve):
    """So has one whose servers keep sketches of it still."""
    server = serve("UsageNode first\n")
    assert server.status("/a.html") == 200
    server.end()
    day = server.store.read(["usage_seen"])["usage_seen"][0]["day"]
    row = "INSERT INTO usage_seen SELECT {0}, site, category, '{1}', {2}, " \
          "sketch FROM usage_seen WHERE node = 'first';"
    server.store.run(
        row.format(day, "second", 1)
        + row.format(day - 86400, "second", 1)
        + row.format(day - 2 * 86400, "", 40)
        + "INSERT INTO usage_average SELECT 0, site, 'visitor', 50, 10 "
          "FROM usage_seen WHERE node = 'first'")
    server.start()
    page = server.get("/usage-stats").body.decode()
    assert "1 yesterday, 14 on an average day" in page
    rows = re.findall(r"<td class=.number.>[\d,]+</td>"
                      r"<td class=.number.>([\d,]+)</td>", page)
    assert rows[-3:] == ["40", "1", "1"] and set(rows[:-3]) == {"0"}
    page = server.get("/usage-stats?period=all").body.decode()
    assert "Visitors a day" in page
