# SPDX-License-Identifier: Apache-2.0
"""Four servers that write to one database at once."""

import pytest

from load import visited
from processes import wait_until
from server import ANY_PATH
from sharing import OTHER, SHARED, sketches, wait_for_salts

NAMES = ("one", "two", "three", "four")


@pytest.mark.each_database("pgsql", "mysql")
def test_four_servers_add_up(serve, engine, tmp_path):
    """To the unit; and a visitor who meets all of them is one."""
    store = None
    servers = []
    for name in NAMES:
        servers.append(serve(
            SHARED + ANY_PATH + f"UsageNode {name}\n", modules=["alias"],
            start=False, store=store))
        store = servers[0].store
    for server in servers:
        server.start()
    with visited(servers, tmp_path) as visitors:
        for server in servers:
            wait_for_salts(server)
        assert servers[3].status("/page/0", agent=OTHER) == 200
        for server in servers:
            assert wait_until(lambda: "batch 2 of" in server.log(),
                              45), server.log()
    answers = [visitor.answers for visitor in visitors]
    for server in servers:
        server.end()
    database = servers[0].database()
    assert database.views() == database.hits() == sum(answers) + 1
    assert sum(database.pages().values()) == sum(answers) + 1
    assert sorted(database.batches()) == sorted(NAMES)
    found = sketches(store)
    assert [len(found[name]) for name in NAMES] == [1, 1, 1, 2]
    assert len(set.union(*found.values())) == 2
