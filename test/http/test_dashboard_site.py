# SPDX-License-Identifier: Apache-2.0
"""Whose numbers a dashboard shows: one site's, or all."""

import os
import re

import pytest

import place as places

from outputs import hits_in, json_of, metrics_of, page_of, text_of
from server import COUNTING

DEFAULT = COUNTING.replace("UsageDashboard all\n", "")
ONE, TWO = {"Host": "one.test"}, {"Host": "two.test"}

HOSTS = """
<VirtualHost *>
    ServerName one.test
    {one}
</VirtualHost>
<VirtualHost *>
    ServerName two.test
    {two}
</VirtualHost>
"""


def two_hosts(serve, one="", two="", counting=DEFAULT, more=""):
    server = serve(more + HOSTS.replace("{one}", one).replace("{two}", two),
                   counting=counting)
    for headers, times in ((ONE, 2), (TWO, 3)):
        for _ in range(times):
            server.get("/a.html", headers=headers)
    server.settle()
    return server


def document_of(server, headers, query=""):
    answer = server.get("/usage-stats/json" + query, headers=headers)
    assert answer.status == 200
    return answer.body.decode()


def test_a_virtual_host_shows_itself(serve):
    server = two_hosts(serve)
    for headers, own, other in ((ONE, "one.test", "two.test"),
                                (TWO, "two.test", "one.test")):
        for place in ("", "/json", "/text", "/csv?table=newest", "/metrics",
                      f"?site={own}", f"/json?site={own}", "/json?site="):
            text = text_of(server, place, headers)
            assert other not in text, place
            assert "<select" not in text
        for place in ("?site=", "/json?site=", "/text?site=",
                      "/csv?table=pages&site=", "/json?site=x&site="):
            answer = server.get(f"/usage-stats{place}{other}", headers=headers)
            assert answer.status == 403, place
            assert b"UsageDashboard" in answer.body
            assert other.encode() not in answer.body
    assert '"views": 2' in document_of(server, ONE)
    metrics = metrics_of(server, TWO)
    assert hits_in(metrics, "two.test") == {"view": 3}
    assert not [name for name, labels in metrics
                if dict(labels).get("site") != "two.test"]


def test_the_main_server_shows_all(serve):
    server = serve("")
    server.status("/a.html")
    server.settle()
    assert json_of(server)["query"]["site"] is None
    assert "All sites" in page_of(server).text


@pytest.mark.parametrize("where", ["server", "host"])
def test_all_can_be_shown_by_a_host(serve, where):
    says = "UsageDashboard all\n"
    server = (two_hosts(serve, more=says) if where == "server"
              else two_hosts(serve, one=says))
    text = document_of(server, ONE)
    assert "two.test" in text and '"views": 5' in text
    assert '"views": 3' in document_of(server, ONE, "?site=two.test")
    answer = server.get("/usage-stats?site=one.test", headers=TWO)
    assert answer.status == (200 if where == "server" else 403)


def test_the_main_server_can_show_itself(serve):
    server = serve("UsageDashboard site\n", counting=DEFAULT)
    server.status("/a.html")
    server.settle()
    assert json_of(server)["query"]["site"] == "site.test"
    assert server.status("/usage-stats?site=other.test") == 403


def test_a_word_that_is_none(serve):
    server = serve("UsageDashboard some\n", start=False, counting=DEFAULT)
    is_good, said = server.check()
    assert not is_good
    assert "UsageDashboard: 'some' is neither site nor all" in said


@pytest.mark.each_database
def test_sites_of_any_time_can_be_chosen(serve):
    """Those that had hits on days that are closed, and robots alone today."""
    server = serve("UsageDashboard all\n"
                   + HOSTS.replace("{one}", "").replace("{two}", ""),
                   counting=DEFAULT)
    server.get("/a.html", headers=ONE)
    server.get("/a.html", headers={**TWO, "User-Agent": "Googlebot/2.1"})
    server.stop()
    server.store.run("INSERT INTO usage_average VALUES "
                     "(1577836800, 'old.test', 'visitor', 0, 1), "
                     "(1577836800, 'one.test', 'visitor', 7, 2), "
                     "(1577836800, 'one.test', 'users', 1, 1)")
    server.start()
    sites = ["old.test", "one.test", "two.test"]
    assert json_of(server)["sites"] == sites
    options = re.findall(r'<option value="(.+?)"', text_of(server, ""))
    assert options[:len(sites)] == sites


def test_no_place_counts_itself(serve):
    server = serve()
    for place in ("/json", "/json?shape=summary", "/csv?table=pages", "/csv",
                  "/text", "/metrics", "/style.css", "/json?site=%00"):
        for method in ("GET", "HEAD"):
            server.ask("/usage-stats" + place, method=method)
    assert server.status("/a.html") == 200
    assert server.stop().outcomes() == {"view": 1}


def test_the_shipped_configuration(serve):
    """It counts, and shows its page to this machine alone."""
    shipped = os.path.join(places.BUILD, "mod_usage", "mod_usage.conf")
    with open(shipped) as file:
        text = file.read()
    assert "mod_usage.so" in text and "/var/lib/mod_usage/usage.db" in text
    text = text.replace("/var/lib/mod_usage/usage.db", "{params}")
    server = serve(text + "RemoteIPHeader X-Forwarded-For\n", counting="",
                   modules=["authz_host", "remoteip"])
    server.expect("AH01630")
    assert server.status("/a.html") == 200
    server.settle()
    for path in ("", "/json", "/csv?table=pages", "/text", "/metrics",
                 "/style.css"):
        assert server.status("/usage-stats" + path) == 200
        answer = server.get("/usage-stats" + path,
                            headers={"X-Forwarded-For": "192.0.2.7"})
        assert answer.status == 403 and b"a.html" not in answer.body
    assert json_of(server)["totals"]["period"]["views"] == 1
    assert server.stop().outcomes() == {"view": 1}
