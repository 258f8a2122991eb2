# SPDX-License-Identifier: Apache-2.0
"""The page of several servers that write to one database."""

import re
import time

import pytest

import probe

from pages import Page, number
from processes import wait_until
from server import BROWSER
from test_salt import LOCAL, SHARED, wait_for_salts

OTHER = BROWSER.replace("128", "127")

FLUSHED = 30  # seconds within which a flush must have come


NAMES = ["first", "second", "third"]


def three_made(serve, config):
    """Three servers of one database, with names that tell them apart."""
    made = []
    for name in NAMES:
        store = made[0].store if made else None
        made.append(serve(f"{config}UsageNode {name}\n", start=False,
                          store=store))
    return made


def three(serve, config):
    return [server.start() for server in three_made(serve, config)]


def listed(server, arguments=""):
    """{server: what the page says of it}, and None if it has no list."""
    text = server.get("/usage-stats" + arguments).body.decode()
    panel = re.search(r'<section id="nodes".*?</section>', text, re.S)
    if panel is None:
        return None
    rows = re.findall(r"<tr.*?<bdi>(.*?)</bdi>(.*?)</tr>", panel[0], re.S)
    return {name: " ".join(re.sub(r"<.*?>", " ", rest).split())
            for name, rest in rows}


def end(servers):
    """All of them: the database goes with the first one's folder."""
    for server in servers:
        if server.pid is not None:
            server.end()


def tile(server, label, arguments=""):
    """Today's number of a tile on a server's page."""
    text = server.get("/usage-stats" + arguments).body.decode()
    return number(re.search(rf"<span>{label}\b.*?([\d,]+) today", text)[1])


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
        assert tiles(servers, "Visitors", arguments) == [1, 1, 1]
        assert tiles(servers, "Views", arguments) == [3, 3, 3]
    for server in servers:
        assert sorted(listed(server)) == NAMES
        assert listed(server, "?site=site.test") is None
    for agent in (BROWSER, OTHER):  # the first of them comes back
        assert servers[1].status("/b.html", agent=agent) == 200
    servers[1].settle()  # no flush has written the second
    assert tile(servers[1], "Visitors") == 2
    end(servers)


def test_without_a_shared_salt_each_server_has_its_own(serve):
    servers = three(serve, LOCAL)
    for server in servers:
        assert server.status("/a.html") == 200
    assert wait_until(
        lambda: tiles(servers, "Visitors") == [3, 3, 3], FLUSHED)
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
    assert "<b>14</b>" in page and "1 today, 1 yesterday" in page
    rows = re.findall(r'<th scope="row">\d{4}-[^<]*</th><td>[\d,]+</td>'
                      r"<td>([\d,]+)</td>", page)
    assert rows[-3:] == ["40", "1", "1"] and set(rows[:-3]) == {"0"}
    page = server.get("/usage-stats?period=all").body.decode()
    assert "Visitors a day" in page


def listed_as(server, names):
    """The list, once it is of these."""
    said = listed(server)
    return said if list(said) == names else None


def test_a_server_that_stops_is_marked_after_a_while(serve):
    """One that has nothing to write is not."""
    servers = three_made(serve, LOCAL)
    begin = int(time.time())
    clocks = [probe.Clock(server, begin) for server in servers]
    for server in servers:
        server.start()
        assert server.status("/a.html") == 200
    store = servers[0].store
    assert wait_until(lambda: flushed(store) == 3, FLUSHED)
    said = listed(servers[0])
    assert list(said) == NAMES
    assert "shows this page" in said["first"]
    assert said["second"].endswith("on time"), said
    assert "Has not flushed" not in str(said)
    servers[2].end()
    for clock in clocks[:2]:
        clock.set(begin + 1200)
    assert wait_until(lambda: listed(servers[0])["second"].endswith("on time"),
                      FLUSHED), listed(servers[0])
    for server in servers[:2]:
        # Each child keeps for a moment what the database said.
        said = wait_until(lambda server=server: listed_as(
            server, ["third", "first", "second"]), FLUSHED)
        assert said, listed(server)
        assert "Has not flushed for " in said["third"]
        assert "min late" in said["third"]
        assert "Has not flushed" not in said["first"] + said["second"]
    end(servers)


def test_one_server_has_no_list_but_who_deletes(serve):
    server = serve("UsageNode first\n")
    assert server.status("/a.html") == 200
    server.end()
    server.start()
    page = Page(server.get("/usage-stats").body.decode())
    assert "The servers" not in page.headings
    assert re.search("Old rows deleted\\s*not yet", page.text)
    server.store.run("INSERT INTO usage_lease VALUES "
                     f"('keep', 'second', 0, {int(time.time()) - 630}, 0)")
    page = Page(server.get("/usage-stats?site=site.test").body.decode())
    assert re.search("Old rows deleted\\s*1[01] min ago by second", page.text)


def test_trouble_here_tells_nothing_of_others(serve):
    server = serve("UsageNode first\n")
    assert server.status("/a.html") == 200
    server.end()
    server.store.run("INSERT INTO usage_node SELECT 'second', 1, last_flush, "
                     "version FROM usage_node")
    server.start()
    assert sorted(listed(server)) == ["first", "second"]
    server.store.run("ALTER TABLE usage_total RENAME TO elsewhere")
    page = server.get("/usage-stats?period=7d").body.decode()
    assert "Live numbers only" in page
    assert "The servers" not in page and "Old rows deleted" not in page
    server.store.run("ALTER TABLE elsewhere RENAME TO usage_total")
