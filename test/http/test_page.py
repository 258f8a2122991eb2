# SPDX-License-Identifier: Apache-2.0
"""The dashboard as a client sees it."""

import os
import re

from urllib.parse import urljoin

import pytest

from pages import Page, number
from server import ANY_PATH

PERIODS = ("day", "7d", "30d", "90d", "month", "12mo", "all")


def page_of(server, query=""):
    server.settle()
    answer = server.get("/usage-stats" + query)
    assert answer.status == 200
    return Page(answer.body.decode("utf-8"))


def test_headers(serve):
    server = serve()
    server.status("/a.html")
    answer = server.get("/usage-stats")
    assert answer.status == 200
    headers = answer.headers
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "private, no-cache"
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = [part.strip() for part in
              headers["Content-Security-Policy"].split(";")]
    assert "default-src 'none'" in policy
    assert not [part for part in policy if "unsafe" in part or "*" in part
                or "http" in part]
    assert "Set-Cookie" not in headers
    head = server.ask("/usage-stats", method="HEAD")
    assert head.status == 200 and head.body == b""
    for name in ("Content-Type", "Cache-Control", "Content-Security-Policy",
                 "X-Content-Type-Options"):
        assert head.headers[name] == headers[name]


def test_vary_of_others_is_kept(serve):
    """A rule that goes by another header says so, too."""
    server = serve("""
        RewriteEngine On
        RewriteCond %{HTTP:X-Group} ^a
        RewriteRule ^ - [E=group:a]
        """, modules=["rewrite"])
    for place, own in (("", ["Accept-Language"]), ("/json", []),
                       ("?period=x", ["Accept-Language"]),
                       ("/metrics", ["Accept"])):
        answer = server.get("/usage-stats" + place, headers={"X-Group": "a"})
        assert sorted(re.split(", *", answer.headers["Vary"])) == sorted(
            own + ["X-Group"]), place
        assert server.get("/usage-stats" + place).headers.get("Vary") == (
            own[0] if own else None), place


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH",
                                    "PROPFIND"])
@pytest.mark.parametrize("path", ["/usage-stats", "/usage-stats/style.css"])
def test_other_methods(serve, method, path):
    answer = serve().ask(path, method=method, body=b"a=b")
    assert answer.status == 405
    allowed = {word.strip() for word in answer.headers["Allow"].split(",")}
    assert {"GET", "HEAD"} <= allowed <= {"GET", "HEAD", "OPTIONS", "TRACE"}


def test_stylesheet(serve):
    server = serve()
    for asked in ("/usage-stats", "/usage-stats/", "/usage-stats?period=7d"):
        page = Page(server.get(asked).body.decode())
        assert len(page.loads) == 2
        style = server.get(urljoin(asked, page.loads[0]))
        assert style.status == 200
        assert style.headers["Content-Type"].startswith("text/css")
        assert style.headers["X-Content-Type-Options"] == "nosniff"
        assert b"prefers-color-scheme" in style.body
        assert b"http" not in style.body and b"@import" not in style.body


def test_what_a_page_loads_is_kept_for_long(serve):
    """By the address that the page gives; by no other, for it is another
    file's: an older page's, or nobody's."""
    server = serve()
    for load in Page(server.get("/usage-stats").body.decode()).loads:
        address = urljoin("/usage-stats", load)
        bare, _, version = address.partition("?v=")
        assert re.fullmatch("[0-9a-f]{16}", version), address
        answer = server.get(address)
        assert answer.headers["Cache-Control"] == (
            "public, max-age=31536000, immutable")
        assert "Set-Cookie" not in answer.headers
        other = "?v=" + version[::-1]
        for query in ("", "?", "?v=", other, other + "&w=" + version,
                      "?v=" + version[:-1], "?v=%00"):
            same = server.get(bare + query)
            assert same.status == 200 and same.body == answer.body
            assert same.headers["Cache-Control"] == "max-age=300", query
        again = server.get(address, headers={
            "If-None-Match": answer.headers["ETag"]})
        assert again.status == 304 and again.body == b""
        assert "immutable" in again.headers["Cache-Control"]


PLACES = {
    "location": ('<Location "/stats">', "/stats"),
    "deep-location": ('<Location "/deep/er/stats">', "/deep/er/stats"),
    "slash-at-end": ('<Location "/deep/stats/">', "/deep/stats/"),
    "folder-there": ('<Location "/docs/stats">', "/docs/stats"),
    "match": ('<LocationMatch "^/st.ts(/|$)">', "/stats"),
    "deep-match": ('<LocationMatch "^/d[^/]*/er/stats">', "/deep/er/stats"),
    "match-below": ('<LocationMatch "^/docs/stats/">', "/docs/stats/"),
    "file": ('<Directory "{folder}/site/docs">\n<Files "page.html">',
             "/docs/page.html"),
}


@pytest.mark.parametrize("section, path", PLACES.values(), ids=PLACES)
def test_other_places(serve, section, path):
    opened = [line.split()[0][1:] for line in section.splitlines()]
    server = serve(section + "\nSetHandler usage-stats\n"
                   + "".join(f"</{name}>\n" for name in reversed(opened)))
    check_place(server, path)


def test_place_by_extension(serve):
    server = serve("AddHandler usage-stats .usage")
    server.page("docs/our.usage")
    check_place(server, "/docs/our.usage")


def check_place(server, path):
    server.page("docs/page.html")
    assert server.status("/a.html") == 200
    server.settle()
    answer = server.get(path)
    assert answer.status == 200
    page = Page(answer.body.decode())
    assert page.rows("page") == {"/a.html": [1, 1000]}
    style = server.get(urljoin(path, page.loads[0]))
    assert (style.status, style.headers["Content-Type"][:8]) == (200,
                                                                 "text/css")
    assert server.status(path.rstrip("/") + "/nothing") == 404
    assert server.stop().outcomes() == {"view": 1}


@pytest.mark.parametrize("path", ["/nothing", "/style.css/x", "/style.cs",
                                  "/style.css.map", "/../x/usage-stats/none",
                                  "/%2e%2e/usage-stats/none", "/json/x"])
def test_unknown_places(serve, path):
    assert serve().status("/usage-stats" + path) == 404


def test_every_period(serve):
    server = serve()
    server.status("/a.html")
    page = page_of(server)
    for period in PERIODS:
        assert period == "30d" or any(f"period={period}" in link
                                      for link in page.links), period
        shown = page_of(server, f"?period={period}")
        assert shown.rows("page") == {"/a.html": [1, 1000]}
        assert shown.rows("outcome") == {"view": [1, 1000]}


@pytest.mark.parametrize("period, draws", [
    ("period=day&interval=day", r"M0 0h1"),
    ("period=7d", r"M0 20l1 0( 1 0){4} 1-20")])
def test_a_course_is_seen(serve, period, draws):
    """One of a single interval, too."""
    server = serve()
    server.status("/a.html")
    server.settle()
    text = server.get("/usage-stats?" + period).body.decode()
    drawn = re.findall(r'<svg class="spark".*?<path d="(.*?)"', text)
    assert len(drawn) == 1 and re.fullmatch(draws, drawn[0]), drawn


@pytest.mark.parametrize("query", [
    "period=tomorrow", "period=7D", "period=%3Cscript%3Ealert(1)%3C/script%3E",
    "period=%FF", "period=" + "7" * 3000, "period=7d&period=x",
    "site=%00", "site=%0A", "site=%FF", "site=" + "x" * 256])
def test_bad_arguments(serve, query):
    answer = serve().get("/usage-stats?" + query)
    assert answer.status == 400
    text = answer.body.decode("utf-8")
    page = Page(text)
    assert page.scripts == 0 and "alert(1)</script>" not in text
    assert "." in page.text and len(page.text.split()) >= 5
    assert answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("query", ["", "period=", "unknown=1", "&&==&", "%zz",
                                   "site=nobody.test", "site=&period=7d"])
def test_arguments_that_do_no_harm(serve, query):
    server = serve()
    status = server.status("/usage-stats?" + query)
    assert status == (400 if query == "period=" else 200)


HOSTILE = ["/%3Cscript%3Ealert(1)%3C/script%3E", "/%22onload=%22x",
           "/%3C/table%3E%3Ch1%3Ex", "/&amp;%26lt;", "/'%20onclick='x",
           "/%3C!--", "/%E2%80%AEevil", "/javascript:alert(1)", "/%FF%FE",
           "/%0A%0D", "/%7B%7B7*7%7D%7D", "/%25s%25n", "/" + "w" * 250]


def test_hostile_names_on_the_page(serve):
    server = serve(ANY_PATH, modules=["alias"])
    for path in HOSTILE:
        assert server.status(path) == 200
    for query in ("", "?site=%3Cscript%3Ealert(2)%3C/script%3E",
                  "?site=%22%3E%3Cimg%20src=x%3E"):
        page = page_of(server, query)
        assert page.scripts == 0 and page.handlers == []
        assert len(page.loads) == 2
        assert all(link.startswith(("?", "#", "usage-stats/json",
                                    "usage-stats/text",
                                    "usage-stats/csv"))
                   for link in page.links)
    rows = page_of(server).rows("page")
    for name in ("/<script>alert(1)</script>", '/"onload="x',
                 "/</table><h1>x", "/%FF%FE", "/%0A%0D"):
        assert rows[name][0] == 1


def test_hostile_hosts_on_the_page(serve):
    server = serve("""
        <VirtualHost 127.0.0.1:{port}>
            ServerName one.test
            UsageSite "<b>\\"one\\"</b> & 'co'"
        </VirtualHost>
        """)
    server.status("/a.html")
    page = page_of(server)
    assert page.rows("page") == {"/a.html": [1, 1000]}
    assert "<b>" in page.text


def test_the_dashboard_does_not_count_itself(serve):
    server = serve("""
        <Location "/closed/stats">
            SetHandler usage-stats
            Require all denied
        </Location>
        <Location "/open/stats">
            SetHandler usage-stats
        </Location>
        """)
    server.expect("AH01630")
    for path in ("/usage-stats", "/usage-stats/", "/usage-stats/style.css",
                 "/usage-stats/none", "/usage-stats?period=x",
                 "/usage-stats?period=7d", "/open/stats",
                 "/open/stats/style.css", "/closed/stats"):
        for method in ("GET", "HEAD", "POST"):
            for agent in ("Firefox/128.0", "Googlebot/2.1"):
                server.ask(path, method=method, agent=agent)
    assert server.status("/a.html") == 200
    database = server.stop()
    assert database.outcomes() == {"view": 1}
    assert database.pages() == {"/a.html": 1}


def test_live_and_written_numbers_add_up(serve):
    server = serve()
    for times in (1, 2, 3):
        server.status("/a.html")
        page = page_of(server)
        assert page.rows("page") == {"/a.html": [times, 1000]}
        assert page.rows("outcome") == {"view": [times, 1000]}
        server.stop()
        server.start()
        assert page_of(server).rows("page") == {"/a.html": [times, 1000]}
    server.kill()
    server.start()
    assert page_of(server).rows("page") == {"/a.html": [3, 1000]}


def test_live_numbers_without_a_database(serve):
    server = serve(start=False)
    folder = os.path.dirname(server.database_file)
    server.expect("USG", "DBD|dbd")
    with open(server.database_file, "w") as file:
        file.write("no database " * 200)
    server.give(server.database_file)
    server.start()
    server.status("/a.html")
    page = page_of(server)
    assert page.rows("page") == {"/a.html": [1, 1000]}
    assert "Live numbers only" in page.text
    for _ in range(3):
        server.status("/b.html")
    for sort in ("views", "loss", "gain"):
        rows = page_of(server, "?sort=" + sort).rows("page")
        assert list(rows) == ["/b.html", "/a.html"]  # what they were is unknown
    os.unlink(server.database_file)
    assert os.listdir(folder) == []
    assert list(page_of(server).rows("page")) == ["/b.html", "/a.html"]
    server.stop()


def test_sites(serve):
    server = serve("""
        <VirtualHost 127.0.0.1:{port}>
            ServerName one.test
        </VirtualHost>
        <VirtualHost 127.0.0.1:{port}>
            ServerName two.test
        </VirtualHost>
        """)
    for host, times in (("one.test", 2), ("two.test", 3)):
        for _ in range(times):
            server.get("/a.html", headers={"Host": host})
    server.stop()
    server.start()
    for query, views in (("", 5), ("?site=one.test", 2),
                         ("?site=two.test&period=day", 3)):
        page = page_of(server, query)
        assert page.rows("page") == {"/a.html": [views, 1000]}
        for site in ("one.test", "two.test"):
            assert site in page.text
    assert "Nothing was counted" in page_of(server, "?site=three.test").text


def test_before_anything_was_counted(serve):
    assert "Nothing has been counted yet" in page_of(serve()).text


def test_thousands_are_readable(serve):
    assert number("1,866 views") == number("1\u00a0866") == 1866


def test_nothing_to_show_when_off(serve):
    server = serve(counting="""
        Usage Off
        <Location /usage-stats>
            SetHandler usage-stats
        </Location>
        """)
    server.expect("USG0021")
    assert server.status("/usage-stats") == 404
    assert "Usage On" in server.log()
    server.stop()
