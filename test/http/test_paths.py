# SPDX-License-Identifier: Apache-2.0
"""Whatever httpd makes of a request counts once, under the client's path."""

import pytest

from backend import address, backend


def test_page_itself(serve):
    server = serve()
    assert server.status("/a.html") == 200
    assert server.status("/a.html?with=query") == 200
    database = server.count()
    assert database.pages() == {"/a.html": 2}
    assert database.outcomes() == {"view": 2}


def test_error_document_of_the_site(serve):
    server = serve("ErrorDocument 404 /b.html\n")
    answer = server.get("/missing")
    assert answer.status == 404 and b"One page" in answer.body
    database = server.count()
    assert database.pages() == {}
    assert database.outcomes() == {"error": 1}


def test_error_document_elsewhere(serve):
    server = serve("ErrorDocument 404 http://site.test/b.html\n")
    assert server.status("/missing") == 302
    assert server.count().outcomes() == {"redirect": 1}


def test_error_document_that_is_missing(serve):
    server = serve("ErrorDocument 404 /also-missing\n")
    assert server.status("/missing") == 404
    assert server.count().outcomes() == {"error": 1}


def test_forbidden(serve):
    server = serve("<Location /closed>\nRequire all denied\n</Location>\n")
    server.expect("AH01630")
    assert server.status("/closed/") == 403
    assert server.count().outcomes() == {"error": 1}


def test_directory_index(serve):
    server = serve("DirectoryIndex nothing.html second.html\n")
    server.page("docs/second.html")
    assert server.status("/docs/") == 200
    assert server.status("/docs") == 301
    database = server.count()
    assert database.pages() == {"/docs/": 1}
    assert database.outcomes() == {"view": 1, "redirect": 1}


def test_fallback_resource(serve):
    server = serve("FallbackResource /index.html\n")
    for path in ("/app/one", "/app/two", "/app/one", "/"):
        assert server.status(path) == 200
    assert server.count().pages() == {"/app/one": 2, "/app/two": 1, "/": 1}


FRONT_CONTROLLERS = {
    "passed-through": "RewriteEngine On\n"
                      "RewriteRule ^/shop/ /index.html [PT]\n",
    "in-a-folder": """<Directory "{folder}/site">
        Options FollowSymLinks
        RewriteEngine On
        RewriteCond %{REQUEST_FILENAME} !-f
        RewriteRule . index.html [L]
    </Directory>\n""",
    "from-root": """<Directory "{folder}/site">
        Options FollowSymLinks
        RewriteEngine On
        RewriteBase /
        RewriteRule ^index\\.html$ - [L]
        RewriteCond %{REQUEST_FILENAME} !-f
        RewriteCond %{REQUEST_FILENAME} !-d
        RewriteRule . /index.html?route=$0 [L,QSA]
    </Directory>\n"""}


@pytest.mark.parametrize("rules", FRONT_CONTROLLERS.values(),
                         ids=FRONT_CONTROLLERS)
def test_front_controller(serve, rules):
    server = serve(rules, modules=["rewrite"])
    for path in ("/shop/one", "/shop/two?x=1", "/shop/one"):
        answer = server.get(path)
        assert answer.status == 200 and b"One page" in answer.body
    assert server.status("/a.html") == 200
    assert server.count().pages() == {"/shop/one": 2, "/shop/two": 1,
                                      "/a.html": 1}


def test_rewritten_answers(serve):
    server = serve("RewriteEngine On\n"
                   "RewriteRule ^/moved /a.html [R=301,L]\n"
                   "RewriteRule ^/gone - [G]\n"
                   "RewriteRule ^/closed - [F]\n", modules=["rewrite"])
    statuses = [server.status(path) for path in ("/moved", "/gone", "/closed")]
    assert statuses == [301, 410, 403]
    database = server.count()
    assert database.outcomes() == {"redirect": 1, "error": 2}
    assert database.pages() == {}


def test_negotiated_page(serve):
    server = serve('<Directory "{folder}/site">\nOptions MultiViews\n'
                   "</Directory>\n", modules=["negotiation"])
    server.page("docs.html.en")
    assert server.status("/a") == 200
    assert server.count().pages() == {"/a": 1}


def test_included_parts(serve):
    server = serve('<Directory "{folder}/site">\nOptions Includes\n'
                   "AddOutputFilter INCLUDES .html\n</Directory>\n",
                   modules=["include"])
    server.page("whole.html", '<p><!--#include virtual="/a.html" -->'
                              '<!--#include virtual="/docs/" -->'
                              '<!--#include virtual="/missing.html" -->'
                              '<!--#include file="style.css" -->')
    server.page("docs/index.html")
    server.expect("AH01465|unable to include")
    answer = server.get("/whole.html")
    assert answer.status == 200 and answer.body.count(b"One page") == 3
    database = server.count()
    assert database.pages() == {"/whole.html": 1}
    assert database.outcomes() == {"view": 1}


@pytest.mark.parametrize("quick", ["On", "Off"])
def test_cached_pages(serve, quick):
    server = serve(f"""
        CacheRoot "{{folder}}/data/cache"
        CacheEnable disk /
        CacheQuickHandler {quick}
        CacheHeader On
        Header set Cache-Control "max-age=600"
        """, modules=["cache", "cache_disk", "headers"], start=False)
    server.make_folder("data/cache")
    server.page("caf\u00e9 one.html")
    server.start()
    coded = "/caf%C3%A9%20one.html"
    for _ in range(3):
        for path in ("/a.html", coded, "/style.css"):
            assert server.status(path) == 200
    answer = server.get(coded)
    assert answer.headers["X-Cache"].startswith("HIT"), answer.headers
    fresh = server.get(coded, headers={"If-None-Match":
                                       answer.headers["ETag"]})
    assert fresh.status == 304
    assert server.status(coded, method="HEAD") == 200
    database = server.count()
    assert database.pages() == {"/a.html": 3, "/caf\u00e9 one.html": 5}
    assert database.outcomes() == {"view": 8, "asset": 3, "method": 1}


@pytest.mark.parametrize("quick", ["On", "Off"])
def test_cached_path_is_normal(serve, quick):
    server = serve(f"""
        CacheRoot "{{folder}}/data/cache"
        CacheEnable disk /
        CacheQuickHandler {quick}
        Header set Cache-Control "max-age=600"
        UsageExclude /inner
        """, modules=["cache", "cache_disk", "headers"], start=False)
    server.make_folder("data/cache")
    server.page("inner/a.html")
    server.start()
    for path in ("//a.html", "/x/../a.html", "/%61.html", "/./a.html",
                 "/x/../inner/a.html", "//inner/a.html", "/%69nner/a.html",
                 "/inner//a.html", "/%2e/a.html"):
        for _ in range(2):
            assert server.status(path) == 200, path
    database = server.count()
    assert database.pages() == {"/a.html": 10}
    assert database.outcomes() == {"view": 10, "excluded": 8}


PROXY = """
ProxyPass "/plain/" "http://{address}/"
ProxyPass "/coded/" "http://{address}/" {how}
"""


@pytest.mark.parametrize("how", ["nocanon", "mapping=encoded"])
def test_proxied(serve, how):
    with backend() as behind:
        server = serve(PROXY.format(address=address(behind), how=how),
                       modules=["proxy", "proxy_http"])
        for path in ("/plain/a%20b", "/coded/a%20b", "/coded/caf%C3%A9"):
            assert server.status(path) == 200
        for status in (301, 404, 500, 503):
            assert server.status(f"/plain/status/{status}") == status
        assert server.status("/plain/type/application/json") == 200
        assert server.status("/plain/x", method="POST", body=b"1=2") == 200
        assert server.status("/plain/x", method="HEAD") == 200
        assert server.status("/plain/x", headers={"If-None-Match":
                                                  '"behind"'}) == 304
        for part in ("0-9", "10-19"):
            assert server.status("/plain/y", headers={
                "Range": "bytes=" + part}) == 206
    database = server.count()
    assert database.pages() == {"/plain/a b": 1, "/coded/a b": 1,
                                "/coded/caf\u00e9": 1, "/plain/x": 1,
                                "/plain/y": 1}
    assert database.outcomes() == {"view": 5, "redirect": 1, "error": 1,
                                   "failure": 2, "type": 1, "method": 2,
                                   "partial": 1}


def test_proxy_without_a_server_behind(serve):
    with backend() as behind:
        where = address(behind)
    server = serve(PROXY.format(address=where, how=""),
                   modules=["proxy", "proxy_http"])
    server.expect("AH00957", "AH01114", r"AH00959")
    assert server.status("/plain/x") == 503
    assert server.count().outcomes() == {"failure": 1}


def test_hosts_and_their_settings(serve):
    server = serve("""
        <VirtualHost 127.0.0.1:{port}>
            ServerName one.test
            ServerAlias other.test
        </VirtualHost>
        <VirtualHost 127.0.0.1:{port}>
            ServerName two.test
            UsageSite Second
            <Location /private>
                Usage Off
            </Location>
        </VirtualHost>
        <VirtualHost 127.0.0.1:{port}>
            ServerName quiet.test
            Usage Off
        </VirtualHost>
        <VirtualHost 127.0.0.1:{port}>
            ServerName three.test
        </VirtualHost>
        """)
    for host in ("one.test", "other.test", "OTHER.test", "unknown.test",
                 "two.test", "quiet.test", "three.test"):
        assert server.status("/a.html", headers={"Host": host}) == 200
    assert server.status("/private", headers={"Host": "two.test"}) == 404
    database = server.stop()
    assert database.sums("usage_total", ("site",)) == {"one.test": 4,
                                                       "three.test": 1,
                                                       "Second": 1}
    assert database.hits() == 6
