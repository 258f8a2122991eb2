# SPDX-License-Identifier: Apache-2.0
"""Three servers, each on a database server of its own: one cluster."""

import os
import signal

import pytest

import place
import probe

from cluster import Cluster
from load import visited
from processes import wait_until
from server import ANY_PATH
from sharing import DAY, NOON, OTHER, SHARED, sketches, wait_for_salts

NAMES = ("one", "two", "three")

TABLES = ("usage_view", "usage_total", "usage_page", "usage_client",
          "usage_event",
          "usage_seen", "usage_average", "usage_recent", "usage_salt",
          "usage_node", "usage_lease", "usage_schema")

# Of a database that is away.
AWAY = ("USG0012", "AH00629", "AH00630", "AH00632", "AH00633", "AH00636",
        "AH00639", "AH02655")

@pytest.fixture(scope="module")
def cluster():
    made = Cluster()
    yield made
    made.stop()


@pytest.fixture
def servers(serve, cluster):
    """A server on each node of the cluster, with a clock. The tables are made
    first: MariaDB can hang where two nodes make a view at once."""
    stores = cluster.stores()
    with open(os.path.join(place.TOP, "sql", "schema.mysql.sql")) as file:
        stores[0].run(file.read())
    made = []
    for name, store in zip(NAMES, stores):
        server = serve(SHARED + ANY_PATH + f"UsageNode {name}\n",
                       modules=["alias"], start=False, store=store)
        server.clock = probe.Clock(server, NOON)
        made.append(server)
    return [server.start() for server in made]


def rows_of(store):
    """All that a node holds, in no order of its own."""
    return {table: sorted(map(repr, rows))
            for table, rows in store.read(TABLES).items()}


def flushes(server):
    """How many flushes of a server have succeeded."""
    return server.log().count("USG0016")


def wait_for_flushes(*servers):
    """Until each of these servers has flushed once more."""
    before = [flushes(server) for server in servers]
    for server, count in zip(servers, before):
        assert wait_until(lambda: flushes(server) > count, 45), server.log()


def closed_days(store):
    return [(row["site"], row["visitors"])
            for row in store.read(["usage_seen"])["usage_seen"]
            if row["node"] == ""]


def test_a_node_is_killed_and_comes_back(servers, cluster, tmp_path):
    """No request is slower for it, and no count is lost or doubled."""
    first, second, third = servers
    victim = cluster.nodes[1]
    second.expect(*AWAY)
    with visited(servers, tmp_path) as visitors:
        for server in servers:
            wait_for_salts(server)
        victim.kill()
        assert third.status("/page/0", agent=OTHER) == 200
        wait_for_flushes(first, third)
        assert wait_until(lambda: "USG0012" in second.log(), 45), second.log()
        victim.recover()
        assert wait_until(lambda: "USG0015" in second.log(), 45), second.log()
    assert all(visitor.slowest < 2 for visitor in visitors)
    answers = 1 + sum(visitor.answers for visitor in visitors)
    for server in servers:
        server.end()

    assert all(node.status("wsrep_causal_reads") for node in cluster.nodes)
    assert [server.database().views() for server in servers] == [answers] * 3
    assert first.database().hits() == answers
    assert len(set.union(*sketches(first.store).values())) == 2
    held = [rows_of(server.store) for server in servers]
    assert held[0] == held[1] == held[2]

    for server in servers:
        server.clock.set(NOON + DAY + 5400)
        server.start()
        assert server.status("/page/0") == 200
    assert wait_until(lambda: closed_days(first.store), 60, 0.5)
    for server in servers:
        server.end()
    assert [closed_days(server.store)
            for server in servers] == [[("site.test", 2)]] * 3


GATE = ("CREATE TABLE gate (id INT PRIMARY KEY); INSERT INTO gate VALUES (1); "
        "CREATE TRIGGER slow AFTER INSERT ON usage_mark FOR EACH ROW "
        "SELECT id INTO @gate FROM gate FOR UPDATE;")


def test_first_flushes_that_meet_go_live_once(serve, cluster):
    """One is held, between its marks and its commit, until the other is done."""
    stores = cluster.stores()
    with open(os.path.join(place.TOP, "sql", "schema.mysql.sql")) as file:
        stores[0].run(file.read())
    stores[0].run(GATE)
    first, second = (serve(f"UsageNode {name}\nUsageMark release\n",
                           start=False, store=store)
                     for name, store in zip(NAMES[:2], stores))
    for number, server in enumerate((first, second)):
        server.clock = probe.Clock(server, NOON + 100 * number)
        server.start()
    with stores[1].session() as session:
        assert session.ask("BEGIN; SELECT 'held' FROM gate FOR UPDATE;\n"
                           ) == "held"
        os.kill(second.pid, signal.SIGTERM)
        assert wait_until(lambda: stores[1].run(
            "SELECT trx_id FROM information_schema.innodb_trx "
            "WHERE trx_state = 'LOCK WAIT'"), 20, 0.2), second.log()
        first.end()
        assert session.ask("ROLLBACK; SELECT 'done';\n") == "done"
        assert second.wait_exit() == 0
    for server in (first, second):
        database = server.database()
        assert sorted(database.marks()) == ["goLive", "start", "start"]
        assert database.marks("mark") == ["release"]
