# SPDX-License-Identifier: Apache-2.0
"""Downloads are counted when their last byte was sent."""

import socket
import struct
import subprocess

import pytest

from backend import address, backend

GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1)"

SIZE = 1000
LARGE = 16 << 20


def offering(serve, config="UsageDownload bin pdf\n", **details):
    """A server with files to download."""
    server = serve(config, **details)
    for name in ("a.bin", "b.bin", "A.BIN", "c.pdf", "d.txt"):
        server.page(name, b"x" * SIZE)
    return server


def downloads(database, site=None):
    return {name: count for (category, name), count
            in database.events(site=site).items() if category == "download"}


def test_files_of_these_extensions_are_counted_by_path(serve):
    server = offering(serve, "UsageDownload iso\nUsageDownload bin\n"
                             "UsagePath ^/v[0-9.]+/ /v/\n")
    server.page("v1.2/tool.bin", b"x")
    for path in ("/a.bin", "/a.bin?from=here", "/A.BIN", "/b.bin", "/c.pdf",
                 "/d.txt", "/a.html", "/v1.2/tool.bin"):
        assert server.status(path) == 200
    assert server.status("/none.bin") == 404
    assert downloads(server.count()) == {"/a.bin": 2, "/A.BIN": 1,
                                         "/b.bin": 1, "/v/tool.bin": 1}


def test_none_is_counted_unless_told(serve):
    server = offering(serve, "")
    server.status("/a.bin")
    assert downloads(server.count()) == {}


RANGES = {
    "bytes=0-4": 0, f"bytes=5-{SIZE - 2}": 0, "bytes=0-": 1, "bytes=500-": 1,
    "bytes=-5": 1, f"bytes=0-{SIZE - 1}": 1, f"bytes=999-{SIZE + 5}": 1,
    "bytes=0-4,900-": 0,
}


@pytest.mark.parametrize("asked", RANGES)
def test_part_is_counted_if_it_is_the_last(serve, asked):
    server = offering(serve)
    assert server.status("/a.bin", headers={"Range": asked}) == 206
    assert downloads(server.count()).get("/a.bin", 0) == RANGES[asked]


def test_what_is_no_download(serve):
    server = offering(serve, "UsageDownload bin html\nUsageOptOut gpc\n"
                             '<Location "/b.bin">\nUsage Off\n</Location>\n')
    tag = server.get("/a.bin").headers["ETag"]
    assert server.status("/a.bin", method="HEAD") == 200
    assert server.status("/a.bin", headers={"If-None-Match": tag}) == 304
    assert server.status("/a.bin", headers={"Range": "bytes=2000-"}) == 416
    assert server.status("/a.bin", method="POST", body=b"") in (200, 405)
    assert server.status("/a.bin", agent=GOOGLEBOT) == 200
    assert server.status("/a.bin", headers={"Sec-GPC": "1"}) == 200
    assert server.status("/a.bin", headers={"Purpose": "prefetch"}) == 200
    assert server.status("/a.html") == 200
    assert server.status("/a.html",
                         headers={"Sec-Fetch-Dest": "empty"}) == 200
    assert server.status("/b.bin") == 200
    assert downloads(server.stop()) == {"/a.bin": 1}


@pytest.mark.each_mpm("event", "prefork")
def test_download_that_breaks_off_is_none(serve):
    server = offering(serve)
    server.page("large.bin", b"x" * LARGE)
    for name, whole in (("large.bin", False), ("large.bin", True)):
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", server.port))
        client.sendall(f"GET /{name} HTTP/1.1\r\nHost: site.test\r\n"
                       "User-Agent: Mozilla/5.0 (X11; Linux x86_64) "
                       "Firefox/128.0\r\nConnection: close\r\n\r\n".encode())
        assert client.recv(100)
        while whole and client.recv(1 << 20):
            pass
        if not whole:  # without a word
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                              struct.pack("ii", 1, 0))
        client.close()
    assert downloads(server.count()) == {"/large.bin": 1}


def test_answer_that_its_source_breaks_off_is_none(serve):
    """And one that a proxied server gives whole is one."""
    with backend() as behind:
        server = serve("UsageDownload bin\nUsageTypes text/plain\n"
                       f"ProxyPass /behind/ http://{address(behind)}/\n",
                       modules=["proxy", "proxy_http"])
        server.expect("AH01110|AH01102")
        server.raw(b"GET /behind/cut/a.bin HTTP/1.1\r\nHost: site.test\r\n"
                   b"User-Agent: Mozilla/5.0 (X11; Linux x86_64) "
                   b"Firefox/128.0\r\nConnection: close\r\n\r\n")
        assert server.status("/behind/b.bin") == 200
        assert downloads(server.count()) == {"/behind/b.bin": 1}


def test_downloads_of_http2(serve):
    server = offering(serve, "UsageDownload bin\nProtocols h2c http/1.1\n",
                      modules=["http2"])
    done = subprocess.run(
        ["h2load", "-n", "20", "-c", "2", "-m", "5", "-H",
         "user-agent: Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0",
         f"http://127.0.0.1:{server.port}/a.bin"], check=True,
        stdout=subprocess.PIPE, text=True)
    assert "20 succeeded" in done.stdout
    assert downloads(server.count()) == {"/a.bin": 20}


def test_virtual_hosts_have_lists_of_their_own(serve):
    server = offering(
        serve, "UsageDownload bin\n"
        "<VirtualHost *>\nServerName a.test\n</VirtualHost>\n"
        "<VirtualHost *>\nServerName b.test\nUsageDownload pdf\n"
        "</VirtualHost>\n"
        "<VirtualHost *>\nServerName c.test\nUsageDownload none\n"
        "</VirtualHost>\n")
    for host in ("a.test", "b.test", "c.test"):
        for path in ("/a.bin", "/c.pdf"):
            assert server.status(path, headers={"Host": host}) == 200
    database = server.count()
    assert downloads(database, "a.test") == {"/a.bin": 1}
    assert downloads(database, "b.test") == {"/c.pdf": 1}
    assert downloads(database, "c.test") == {}


def test_site_has_a_budget_of_files(serve):
    server = offering(serve, "UsageDownload bin\n"
                             'AliasMatch "^/f" "{folder}/site/a.bin"\n',
                      modules=["alias"])
    for number in range(1010):
        server.status(f"/f{number}.bin")
    found = downloads(server.count())
    assert found.pop("*") == 10
    assert len(found) == 1000
