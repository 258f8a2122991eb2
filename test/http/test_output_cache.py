# SPDX-License-Identifier: Apache-2.0
"""Many who look at once ask the database little, and nothing is hidden."""

import time

from concurrent.futures import ThreadPoolExecutor

import pytest

import probe
from outputs import json_of, page_of
from processes import children, wait_until

REQUESTS = 100
SECONDS = 3  # that answers are kept


def asking(serve, config=""):
    server = serve("UsageFlushInterval 1h\n" + config, start=False)
    questions = probe.Questions(server)
    server.start()
    return server, questions


@pytest.mark.each_mpm
def test_a_hundred_at_once_ask_little(serve):
    server, questions = asking(serve)
    server.status("/a.html")
    server.stop()
    server.start()
    before = questions.count()
    page_of(server)
    one = questions.count() - before
    assert one > 5

    def look(number):
        place = ("", "/json", "/text", "/csv?table=pages&limit=10")[number % 4]
        answer = server.get("/usage-stats" + place)
        return answer.status == 200 and b"/a.html" in answer.body

    begun = time.monotonic()
    with ThreadPoolExecutor(20) as pool:
        assert all(pool.map(look, range(REQUESTS)))
    turns = (time.monotonic() - begun) // SECONDS + 2
    asked = questions.count() - before - one
    assert asked <= one * turns * len(children(server.pid)), (asked, one)
    assert asked < one * REQUESTS / 2


def test_no_hit_is_hidden(serve):
    server, questions = asking(serve)
    for views in range(1, 40):
        server.status("/a.html")
        server.settle()
        assert json_of(server)["totals"]["period"]["views"] == views
    assert questions.count() > 0


def test_what_others_flushed_shows_in_time(serve):
    server, _ = asking(serve)
    other = serve(store=server.store)
    other.status("/b.html")
    page_of(server)
    other.stop()

    def views():
        return json_of(server)["totals"]["period"]["views"]

    assert wait_until(lambda: views() == 1, 30)


def test_a_site_has_its_own(serve):
    server, _ = asking(serve, """
        <VirtualHost *>
            ServerName one.test
        </VirtualHost>
        <VirtualHost *>
            ServerName two.test
        </VirtualHost>
        """)
    for host, times in (("one.test", 1), ("two.test", 2)):
        for _ in range(times):
            server.get("/a.html", headers={"Host": host})
    server.settle()
    for query, views in (("", 3), ("?site=one.test", 1), ("?site=two.test", 2),
                         ("?site=none.test", 0), ("?period=day", 3)):
        for _ in range(2):
            assert json_of(server, query)["totals"]["period"]["views"] == views
