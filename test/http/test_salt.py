# SPDX-License-Identifier: Apache-2.0
"""UsageSalt: who is one visitor on several servers, and what the database knows
of the key.
"""

import os

import pytest

import engines

from processes import wait_until
from sharing import (DAY, LOCAL, MIDNIGHT, NOON, OTHER, SHARED, WINDOW, salts,
                     sketches, wait_for_salts)

def two(serve, config, now=None):
    """Two servers of one database, which have their salts."""
    first = serve(config, hurried=True, now=now)
    return [first, serve(config, hurried=True, now=now, store=first.store)]


def meet(servers):
    """One visitor meets each of two servers, another one the second."""
    for server in servers:
        assert server.status("/a.html") == 200
    assert servers[1].status("/a.html", agent=OTHER) == 200
    for server in servers:
        server.end()
    found = sketches(servers[0].store)
    assert sorted(len(its) for its in found.values()) == [1, 2]
    return set.union(*found.values())


@pytest.mark.each_database()
def test_a_visitor_of_two_servers_is_one(serve):
    servers = two(serve, SHARED)
    for server in servers:
        wait_for_salts(server)
    assert len(meet(servers)) == 2
    assert len(salts(servers[0].store)) == 3


def test_salts_stay_here_unless_told_otherwise(serve):
    """So that he is two; and nothing of a salt is in the database."""
    servers = two(serve, LOCAL)
    assert len(meet(servers)) == 3
    assert salts(servers[0].store) == {}


@pytest.mark.each_database("pgsql")
def test_salts_are_deleted_one_window_past_their_day(serve):
    servers = two(serve, SHARED, NOON)
    store = servers[0].store
    today = MIDNIGHT - DAY

    def at(time, days):
        for server in servers:
            server.clock.set(time)
        expected = {0, *(today + day * DAY for day in days)}
        assert wait_until(lambda: set(salts(store)) == expected,
                          15), salts(store)

    at(NOON, (0, 1))
    for server in servers:
        wait_for_salts(server)
    before = salts(store)
    at(MIDNIGHT + WINDOW - 60, (0, 1, 2))
    at(MIDNIGHT + WINDOW, (1, 2))
    after = salts(store)
    assert before[MIDNIGHT] == after[MIDNIGHT]
    assert len(set(before.values()) | set(after.values())) == 4
    at(MIDNIGHT + 300 * DAY, (301, 302))
    for server in servers:  # the first one's database goes with it
        server.end()


@pytest.mark.parametrize("with_state", (True, False))
def test_restart_keeps_hashes(serve, with_state):
    """A server that lost its memory finds the key again."""
    server = serve(SHARED, hurried=True)
    for turn in range(2):
        if turn == 0 or not with_state:
            wait_for_salts(server, turn + 1)
        assert server.status("/a.html") == 200
        server.end()
        known = salts(server.store)
        if turn == 0:
            before = known
            if not with_state:
                os.unlink(os.path.join(server.folder, "run",
                                       "mod_usage-state"))
            server.start()
    assert known == before
    assert [len(its) for its in sketches(server.store).values()] == [1]


def test_graceful_restart_that_changes_it(serve):
    """Visitors are met anew, by keys that the other way never had."""
    server = serve(LOCAL, hurried=True)
    assert server.status("/a.html") == 200
    server.settle()
    server.replace_in_config(LOCAL, SHARED)
    server.graceful()
    wait_for_salts(server)
    assert server.status("/a.html") == 200
    server.settle()
    assert len(salts(server.store)) == 3
    server.replace_in_config("UsageSalt shared", "UsageSalt local")
    server.restart()
    assert server.status("/a.html") == 200
    server.end()
    assert [len(its) for its in sketches(server.store).values()] == [3]


def test_servers_that_share_no_more_delete_them(serve):
    """When they write."""
    server = serve(SHARED, hurried=True, now=NOON)
    wait_for_salts(server)
    server.end()
    assert len(salts(server.store)) == 3
    server.replace_in_config("UsageSalt shared", "UsageSalt local")
    server.clock.set(MIDNIGHT + DAY + WINDOW)
    server.start()
    assert server.status("/a.html") == 200
    server.end()
    assert set(salts(server.store)) == {0}


def test_one_process_shares_none(serve):
    server = serve(SHARED, start=False).start("-X")
    assert server.status("/a.html") == 200
    database = server.count()
    assert salts(server.store) == {}
    assert sum(row["visitors"] for row in database.rows("usage_total")) == 1


def test_a_database_that_is_away_costs_visitors_only(serve):
    engine = engines.engine("pgsql")
    server = serve(SHARED + "UsageFlushTimeout 1s\n", engine=engine,
                   start=False, hurried=True)
    server.expect("USG0012", "AH00629", "AH00630", "AH00632", "AH00633",
                  "AH00636", "AH00639", "AH02655")
    engine.end()
    try:
        server.start()
        assert server.status("/a.html") == 200
        assert wait_until(lambda: "USG0012" in server.log(), 15)
    finally:
        engine.start()
    server.clock.advance(10)
    wait_for_salts(server)
    assert server.status("/a.html") == 200
    database = server.count()
    assert database.views() == 2
    assert sum(row["visitors"] for row in database.rows("usage_total")) == 1


@pytest.mark.parametrize("value", ("both", "sharedly"))
def test_what_it_takes(serve, value):
    server = serve(f'UsageSalt "{value}"\n', start=False)
    good, said = server.check()
    assert not good and "neither local nor shared" in said
