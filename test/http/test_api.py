# SPDX-License-Identifier: Apache-2.0
"""What other modules count, meet and mark, by mod_usage_api.h: an example of
one does."""

import errno
import os
import subprocess

import pytest

import load
import place
import probe

from engines import Missing
from outputs import json_of
from pages import Page
from processes import wait_until
from test_privacy import finds

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


def seen(database, site=None):
    """{category: things met} of a database's sites, or one."""
    found = {}
    for row in database.tables["usage_seen"]:
        if site in (None, row["site"]):
            found[row["category"]] = (found.get(row["category"], 0)
                                      + row["visitors"])
    return found


def page_of(server, arguments=""):
    return Page(server.get("/usage-stats" + arguments).body.decode())


@pytest.mark.each_database
def test_thing_is_met_once_a_day(serve):
    """Over restarts and a crash; what was met shows at once, and no visitor
    more is one."""
    server = counting(serve, "UsageNode one\n")
    met = [said(server, f"category=customer&id={id}")
           for id in ("a", "b", "a", "%FF%0A<b>", "c" * 300, "c" * 299)]
    assert met == [1, 1, 0, 1, 1, 1]
    assert said(server, "category=tenant&id=a") == 1
    for arguments in ("", "?site=site.test", "?period=day", "?period=12mo"):
        page = page_of(server, arguments)
        assert page.rows("of category")["customer"][:2] == [5, 0]
        assert page.rows("of category")["tenant"][0] == 1
        assert json_of(server, arguments)["totals"]["today"]["visitors"] == 1
    server.restart()
    assert said(server, "category=customer&id=a") == 0
    server.stop()
    server.start()
    assert said(server, "category=customer&id=b") == 0
    assert page_of(server).rows("of category")["customer"] == [5, 0, 50]  # 5.0
    server.kill()
    server.start()
    assert said(server, "category=customer&id=d") == 1
    assert page_of(server).rows("of category")["customer"] == [6, 0, 60]
    assert seen(server.count()) == {"visitor": 1, "customer": 6, "tenant": 1}


@pytest.mark.parametrize("arguments", [
    "category=visitor&id=a", "category=user&id=a", "category=&id=a", "id=a",
    "category=customer&id="])
def test_nobody_else_meets_visitors_and_users(serve, arguments):
    server = counting(serve, "UsageUsers random\n")
    assert said(server, arguments) == -1
    assert seen(server.count()) == {"visitor": 1}


def test_nothing_is_met_where_nothing_is_counted(serve):
    server = counting(serve, "UsageOptOut gpc\n<Location /count/off>\n"
                             "Usage Off\n</Location>\n")
    words = "category=customer&id=a"
    assert said(server, words, headers={"Sec-GPC": "1"}) == 0
    assert server.get("/count/off?" + words).body == b"0"
    assert server.get("/count/off?category=user&id=a").body == b"-1"
    assert said(server, "event=a") == 0
    assert "customer" not in seen(server.stop())


def test_categories_of_things_are_bounded(serve):
    server = counting(serve)
    for number in range(103):
        assert said(server, f"category=c{number}&id=a") == (number < 101)
    assert said(server, "category=c102&id=b") == 1
    assert said(server, "category=c7&id=b") == 1
    met = seen(server.count())
    assert len(met) == 102 and met["c7"] == 2 and met["c99"] == 1
    assert met["*"] == 2


def test_thing_s_id_is_nowhere(serve):
    server = counting(serve, "UsageFlushInterval 10s\nLogLevel usage:debug\n",
                      hurried=True)
    words = {"id": b"zebulon"}
    assert said(server, "", method="POST",
                headers={"Content-Type": FORM},
                body=b"category=customer&id=zebulon") == 1
    server.settle()
    assert finds(server, words) == []
    server.clock.advance(15)
    assert wait_until(lambda: server.store.exists()
                      and "customer" in seen(server.database()), 20)
    assert finds(server, words) == []
    server.kill()
    server.start()
    server.stop()
    assert finds(server, words, with_memory=False) == []


FORM = "application/x-www-form-urlencoded"


@pytest.mark.each_database
def test_marks_are_put_as_by_the_directive(serve):
    """The main server's are of all sites, a virtual host's of its own."""
    server = counting(serve, "<VirtualHost *>\nServerName a.test\n"
                             "</VirtualHost>\n")
    named = {"Host": "a.test"}
    assert said(server, "mark=release", headers=named) == 0
    assert said(server, "mark=sale&category=shop", headers=named) == 0
    assert said(server, "mark=%3Cb%3E%FF", headers=named) == 0
    for wrong in ("mark=", "mark=a&category=server"):
        assert said(server, wrong, headers=named) == errno.EINVAL
    page = page_of(server, "?site=a.test")
    assert "release" in page.text and "<b>%FF" in page.text
    database = server.stop()
    assert sorted(database.marks("mark", "a.test")) == ["<b>%FF", "release"]
    assert database.marks("shop", "a.test") == ["sale"]


def test_main_server_s_mark_is_of_all_sites(serve):
    server = counting(serve)
    assert said(server, "mark=release") == 0
    assert server.stop().marks("mark", "") == ["release"]


def test_header_is_installed_where_httpd_s_are(tmp_path):
    subprocess.run(["make", "-s", "-C", place.BUILD, "install-apiHEADERS",
                    f"DESTDIR={tmp_path}"], check=True,
                   stdout=subprocess.DEVNULL)
    folder = str(tmp_path) + place.apxs("INCLUDEDIR")
    assert os.listdir(folder) == ["mod_usage_api.h"]
