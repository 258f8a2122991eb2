# SPDX-License-Identifier: Apache-2.0
"""What other modules count, by mod_usage_api.h: an example of one does."""

import errno
import os
import subprocess

import pytest

import load
import place
import probe

from engines import Missing
from processes import wait_until

HANDLER = '<Location "/count">\nSetHandler usage-example\n</Location>\n'

MOST = 1_000_000


def counting(serve, config="", modules=(), **details):
    """A server with the example, whose handler is at /count."""
    return serve(HANDLER + config,
                 modules=[*modules, probe.build("mod_usage_example")],
                 **details)


def said(server, arguments, **details):
    """The status that the module got."""
    return int(server.get("/count?" + arguments, **details).body)


def counted(database, site=None):
    """What was counted but for the module's own count of requests."""
    return {key: count for key, count in database.events(site=site).items()
            if key != ("example", "request")}


def requests(database):
    return database.events().get(("example", "request"), 0)


EVENTS = {
    "event=signup": {("event", "signup"): 1},
    "event=signup&category=account&count=3": {("account", "signup"): 3},
    "event=a&category=": {("event", "a"): 1},
    "event=": {("event", "#"): 1},
    "category=account": {("account", "#"): 1},
    "event=a&count=0": {},
    f"event=a&count={MOST}": {("event", "a"): MOST},
    "event=" + "x" * 300: {("event", "x" * 255): 1},
}


@pytest.mark.parametrize("arguments", EVENTS, ids=lambda text: text[:40])
def test_event_is_counted(serve, arguments):
    server = counting(serve)
    assert said(server, arguments) == 0
    assert counted(server.count()) == EVENTS[arguments]


@pytest.mark.parametrize("arguments", [
    "event=a&count=-1", f"event=a&count={MOST + 1}",
    "event=view&category=outcome", "event=a&category=bot-search",
    "event=a&category=country&count=0"])
def test_what_is_wrong_is_said_and_not_counted(serve, arguments):
    server = counting(serve)
    assert said(server, arguments) == errno.EINVAL
    assert counted(server.count()) == {}


def test_nothing_is_counted_where_usage_is_off(serve):
    server = counting(serve, '<Location "/count/off">\nUsage Off\n'
                             '</Location>\n')
    answer = server.get("/count/off?event=a")
    assert answer.body == b"0"
    answer = server.get("/count/off?event=a&count=-1")
    assert int(answer.body) == errno.EINVAL
    assert said(server, "event=b") == 0
    assert counted(server.stop()) == {("event", "b"): 1}


def test_server_that_is_off_counts_nothing_before_a_flush(serve):
    """But what a request of a place that is on counts."""
    server = counting(serve, 'Usage Off\n<Location "/count">\nUsage On\n'
                             '</Location>\n')
    assert said(server, "event=a") == 0
    assert server.stop().events() == {("event", "a"): 1}


def test_example_loads_without_mod_usage(serve):
    server = counting(serve, usage=False)
    assert server.get("/count?event=a").body == b"nobody counts"
    server.stop()


def test_who_opted_out_is_counted_for_no_module(serve):
    server = counting(serve, "UsageOptOut gpc\n")
    assert said(server, "event=a", headers={"Sec-GPC": "1"}) == 0
    assert said(server, "event=b", headers={"DNT": "1"}) == 0
    assert said(server, "event=c", agent="Googlebot/2.1") == 0
    assert counted(server.count()) == {("event", "b"): 1, ("event", "c"): 1}


def test_subrequest_and_redirect_count_for_what_the_client_sent(serve):
    """The included and the other path are off, what was asked for is on."""
    server = counting(
        serve,
        'Options +Includes\nAddOutputFilter INCLUDES .shtml\n'
        'AddType text/html .shtml\n'
        'ErrorDocument 404 /count?event=lost\n'
        '<Location "/count">\nUsage Off\n</Location>\n'
        '<VirtualHost *>\nServerName a.test\n</VirtualHost>\n'
        '<VirtualHost *>\nServerName b.test\n</VirtualHost>\n',
        modules=["include"])
    server.page("with.shtml",
                '<!--#include virtual="/count?event=included" -->')
    for host in ("a.test", "b.test", "b.test"):
        answer = server.get("/with.shtml", headers={"Host": host})
        assert answer.body == b"0"
    assert server.status("/none", headers={"Host": "b.test"}) == 404
    assert said(server, "event=off") == 0
    database = server.stop()
    assert counted(database, "a.test") == {("event", "included"): 1}
    assert counted(database, "b.test") == {("event", "included"): 2,
                                           ("event", "lost"): 1}


@pytest.mark.each_mpm("event", "prefork")
def test_what_was_cached_goes_out_with_each_flush(serve):
    server = counting(serve, "UsageFlushInterval 10s\n", hurried=True)

    def written():
        try:
            return requests(server.database())
        except Missing:
            return 0

    for number in (3, 6):
        for _ in range(3):
            assert server.status("/a.html") == 200
        server.settle()
        server.clock.advance(10)
        assert wait_until(lambda number=number: written() == number, 25)
    server.graceful()
    assert server.status("/a.html") == 200
    server.restart()
    assert server.status("/a.html") == 200
    assert requests(server.count()) == server.hits() == 8


@pytest.mark.each_mpm("event", "prefork")
def test_what_was_cached_survives_restarts_under_load(serve):
    """Children of several configurations cache, flushers come and go."""
    server = counting(serve, "UsageFlushInterval 10s\n"
                             "<IfModule !mpm_prefork_module>\n"
                             "ServerLimit 32\nMaxRequestWorkers 512\n"
                             "</IfModule>\n", hurried=True)

    def step():
        server.clock.advance(10)
        server.graceful()

    load.ask_while(server, "/a.html", 20_000, step, 0.7, "--h1", "-c", "4")
    server.settle()
    database = server.count()
    assert requests(database) == server.hits() == database.hits()


def test_header_is_installed_where_httpd_s_are(tmp_path):
    subprocess.run(["make", "-s", "-C", place.BUILD, "install-apiHEADERS",
                    f"DESTDIR={tmp_path}"], check=True,
                   stdout=subprocess.DEVNULL)
    folder = str(tmp_path) + place.apxs("INCLUDEDIR")
    assert os.listdir(folder) == ["mod_usage_api.h"]
