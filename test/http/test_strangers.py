# SPDX-License-Identifier: Apache-2.0
"""Agents and paths that were never met before cost no memory (a million of
each: make endure)."""

import pytest

import place as places
import strangers
import stream

REQUESTS = 20_000

# Kilobytes that two children may grow by after the first requests: less than
# 64 bytes for each of the rest.
GROWTH = 1024


@pytest.mark.parametrize("make", [strangers.agents, strangers.paths])
def test_strangers_take_no_memory(serve, make):
    server = serve(strangers.CONFIG, modules=("alias",))
    assert stream.send(server, make(4000, seed=1)) == 4000
    before = strangers.cost(server)
    assert stream.send(server, make(REQUESTS, seed=2)) == REQUESTS
    after = strangers.cost(server)
    assert after.children == before.children
    # A sanitizer keeps for a while what httpd gives back.
    assert places.SANITIZE or after.private - before.private < GROWTH
    database = server.count()
    assert database.outcomes() == {"view": REQUESTS + 4000}
    if make is strangers.paths:
        pages = database.pages()
        assert len(pages) == 5001 and pages["/*"] == REQUESTS + 4000 - 5000
