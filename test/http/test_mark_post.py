# SPDX-License-Identifier: Apache-2.0
"""Marks that are posted: by whom, in which form, and what becomes of them."""

import urllib.parse

import pytest

from engines import Missing
from pages import Page
from processes import wait_until

POSTING = """
<Location "/usage-stats/mark">
    UsageMarkPost On
</Location>
"""

OWN = {"Sec-Fetch-Site": "same-origin"}

FORM = {"Content-Type": "application/x-www-form-urlencoded"}

HOSTILE = {
    "markup": "<script>alert(1)</script>",
    "quotes": "'\"`); DROP TABLE usage_mark;--",
    "control": "a\x01\r\nb\x1b[31m",
    "turned": "\u202egpj.exe",
    "not UTF-8": b"a\xff\xfe\x80b",
    "long": "\u00e9" * 300,
    "not of ASCII": "\u5e73\u621031\u5e74",
}


def post(server, path="/usage-stats/mark", headers=None, **fields):
    body = urllib.parse.urlencode(fields).encode()
    return server.ask(path, "POST", body=body,
                      headers=FORM | (OWN if headers is None else headers))


def views(server):
    server.settle()
    return Page(server.get("/usage-stats").body.decode())


def test_posting_is_off_unless_it_is_on(serve):
    server = serve()
    assert post(server, name="a").status == 405
    assert server.status("/usage-stats/mark") == 404
    assert server.stop().marks("mark") == []


def test_mark_is_posted(serve):
    server = serve(POSTING)
    answer = post(server, name="release 2.0", category="deploy",
                  site="site.test")
    assert answer.status == 204 and answer.body == b""
    assert post(server, name="spring").status == 204
    rows = views(server).text
    assert "release 2.0" in rows and "spring" in rows
    database = server.stop()
    assert database.marks("deploy", "site.test") == ["release 2.0"]
    assert database.marks("mark") == ["spring"]


def test_browser_is_led_back_to_the_page(serve):
    server = serve(POSTING)
    answer = post(server, name="a", headers=OWN | {
        "Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert answer.status == 303
    place = urllib.parse.urljoin("/usage-stats/mark",
                                 answer.headers["Location"])
    assert server.status(place) == 200


def test_require_decides_who_may(serve):
    server = serve('<Location "/usage-stats/mark">\nUsageMarkPost On\n'
                   'Require expr "%{HTTP:X-Admin} == \'yes\'"\n</Location>\n')
    server.expect("AH01630", "AH01626")
    assert post(server, name="no").status == 403
    assert post(server, name="yes",
                headers=OWN | {"X-Admin": "yes"}).status == 204
    assert server.stop().marks("mark") == ["yes"]


@pytest.mark.parametrize("headers, status", [
    ({"Sec-Fetch-Site": "same-origin"}, 204),
    ({"Sec-Fetch-Site": "none"}, 204),
    ({"Sec-Fetch-Site": "same-site"}, 403),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Sec-Fetch-Site": "cross-site", "Origin": "http://site.test",
      "Host": "site.test"}, 403),
    ({"Origin": "http://site.test", "Host": "site.test"}, 204),
    ({"Origin": "https://SITE.test:8443", "Host": "site.test:8443"}, 204),
    ({"Origin": "http://evil.test", "Host": "site.test"}, 403),
    ({"Origin": "http://site.test.evil.test", "Host": "site.test"}, 403),
    ({"Origin": "null", "Host": "site.test"}, 403),
    ({"Origin": "site.test", "Host": "site.test"}, 403),
    ({}, 403),
])
def test_whose_origin_may(serve, headers, status):
    server = serve(POSTING)
    answer = post(server, name="a", headers=headers)
    assert answer.status == status
    assert status == 204 or answer.body.decode().endswith(".\n")
    assert server.stop().marks("mark") == (["a"] if status == 204 else [])


def test_what_is_no_form_of_a_mark(serve):
    server = serve(POSTING)
    assert post(server).status == 400
    assert post(server, name="  \t").status == 400
    assert post(server, name="a", category="server").status == 400
    assert post(server, name="a", category=" server ").status == 400
    assert post(server, name="a", site="none.test").status == 400
    assert post(server, name="a\0b").status == 400
    assert post(server, name="x" * 5000).status == 413
    answer = server.ask("/usage-stats/mark", "POST", body=b"name=a",
                        headers=OWN | {"Content-Type": "text/plain"})
    assert answer.status == 415
    assert server.ask("/usage-stats/mark", "POST", body=b"name=a",
                      headers=OWN).status == 415
    assert server.stop().marks("mark") == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_other_methods_put_nothing(serve, method):
    server = serve(POSTING)
    answer = server.ask("/usage-stats/mark?name=a", method, headers=OWN)
    assert answer.status == 405
    assert "POST" in answer.headers["Allow"]
    assert "GET" not in answer.headers["Allow"]
    assert server.stop().marks("mark") == []


@pytest.mark.each_database
def test_hostile_names_are_safe(serve):
    """In the database, which checks its texts, and on the page."""
    server = serve(POSTING)
    for text in HOSTILE.values():
        assert post(server, name=text, category=text).status == 204
    page = server.get("/usage-stats").body
    database = server.stop()
    posted = [row for row in database.tables["usage_mark"]
              if row["category"] != "server"]
    assert len(posted) == len(HOSTILE)
    server.start()
    for body in (page, server.get("/usage-stats").body):
        text = body.decode("utf-8")
        assert Page(text).scripts == 0
        assert b"<script>alert" not in body and b"&lt;script&gt;" in body
        assert "\u202e" not in text and "\x1b" not in text


def test_full_ring_drops_the_oldest(serve):
    server = serve(POSTING)
    server.expect("USG0082")
    for number in range(40):
        assert post(server, name=f"mark {number}").status == 204
    found = server.stop().marks("mark")
    assert len(found) == 32
    assert set(found) == {f"mark {number}" for number in range(8, 40)}
    assert server.log().count("USG0082") >= 8


@pytest.mark.each_mpm
def test_posted_mark_survives_a_kill(serve):
    server = serve(POSTING)
    assert post(server, name="kept").status == 204
    server.kill()
    server.start()
    assert server.stop().marks("mark") == ["kept"]


def test_page_has_each_mark_once_while_it_is_flushed(serve):
    server = serve("UsageFlushInterval 10s\n" + POSTING, hurried=True)
    server.status("/a.html")
    post(server, name="only")

    def is_flushed():
        try:
            return server.database().marks("mark")
        except Missing:
            return False
    for _ in range(3):
        page = server.get("/usage-stats").body.decode()
        assert page.count("<th scope=\"row\"><bdi>only</bdi></th>") == 1
    server.clock.advance(60)
    assert wait_until(is_flushed, 30)
    for _ in range(3):
        page = server.get("/usage-stats").body.decode()
        assert page.count("<th scope=\"row\"><bdi>only</bdi></th>") == 1
    assert "class=\"flag\"" in page


def test_page_of_a_site_has_its_marks_alone(serve):
    server = serve(POSTING +
                   '<VirtualHost *>\nServerName site.test\n</VirtualHost>\n'
                   '<VirtualHost *>\nServerName two.test\n</VirtualHost>\n')
    for site in ("", "site.test", "two.test"):
        post(server, name=f"of {site or 'all'}.", site=site)
    server.status("/a.html")
    server.settle()
    text = Page(server.get("/usage-stats?site=two.test").body.decode()).text
    assert "of two.test." in text and "of all." in text
    assert "of site.test." not in text
