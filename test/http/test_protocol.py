# SPDX-License-Identifier: Apache-2.0
"""Whatever a client does with HTTP, each of its requests counts once.

Where httpd could read no path, the status alone tells the outcome; where it
read the path but gave up before the agent, the agent is empty: a bot's.
"""

import socket
import struct
import subprocess

import pytest

from backend import address, backend
from processes import wait_until
from server import BROWSER

AGENT = f"User-Agent: {BROWSER}\r\n".encode()
HOST = b"Host: site.test\r\n"


def request(line, *headers, close=True):
    end = b"Connection: close\r\n" if close else b""
    return (line + b" HTTP/1.1\r\n" + AGENT + HOST
            + b"".join(h + b"\r\n" for h in headers) + end + b"\r\n")


@pytest.mark.parametrize("method, status", [
    ("HEAD", 200), ("POST", 405), ("PUT", 405), ("DELETE", 405),
    ("OPTIONS", 200), ("TRACE", 200), ("PATCH", 405), ("BREW", 501)])
def test_methods(serve, method, status):
    server = serve()
    server.expect("AH00135")
    assert server.status("/a.html", method=method) in (status, 200)
    database = server.count()
    assert database.outcomes() == {"method": 1}
    assert database.pages() == {}


def test_options_of_the_server(serve):
    server = serve()
    assert b" 200 " in server.raw(request(b"OPTIONS *"))
    assert server.count().outcomes() == {"method": 1}


def test_not_modified(serve):
    server = serve()
    tag = server.get("/a.html").headers["ETag"]
    style = server.get("/style.css").headers["ETag"]
    date = server.get("/b.html").headers["Last-Modified"]
    for path, name, value in [("/a.html", "If-None-Match", tag),
                              ("/style.css", "If-None-Match", style),
                              ("/b.html", "If-Modified-Since", date)]:
        assert server.status(path, headers={name: value}) == 304
    database = server.count()
    assert database.pages() == {"/a.html": 2, "/b.html": 2}
    assert database.outcomes() == {"view": 4, "asset": 2}


@pytest.mark.parametrize("ranges, status, outcome", [
    ("0-9", 206, "view"), ("0-", 206, "view"), ("10-19", 206, "partial"),
    ("-5", 206, "partial"), ("0-3,10-12", 206, "view"),
    ("5-6,10-12", 206, "partial"), ("99999-", 416, "error"),
    ("nonsense", 200, "view")])
def test_ranges(serve, ranges, status, outcome):
    server = serve()
    assert server.status("/a.html", headers={"Range": f"bytes={ranges}"}) \
        == status
    assert server.count().outcomes() == {outcome: 1}


def test_range_of_an_asset(serve):
    server = serve()
    server.page("movie.bin", b"x" * 100)
    assert server.status("/movie.bin", headers={"Range": "bytes=0-1"}) == 206
    assert server.count().outcomes() == {"type": 1}


def test_compressed(serve):
    server = serve("SetOutputFilter DEFLATE\n", modules=["filter", "deflate"])
    server.page("long.html", "<p>much the same</p>" * 5000)
    answer = server.get("/long.html", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    database = server.count()
    assert database.pages() == {"/long.html": 1}
    assert database.sums("usage_page", ("path",), value="bytes") == {
        "/long.html": len(answer.body)}


def test_old_protocols(serve):
    server = serve()
    server.raw(b"GET /a.html\r\n\r\n")
    server.raw(b"GET /a.html HTTP/1.0\r\n" + AGENT + b"\r\n")
    assert server.count().outcomes() == {"bot": 1, "view": 1}


def test_kept_alive_and_pipelined(serve):
    server = serve()
    paths = [b"/a.html", b"/b.html", b"/style.css", b"/missing"] * 5
    answer = server.raw(b"".join(
        request(b"GET " + path, close=n == len(paths))
        for n, path in enumerate(paths, 1)))
    assert answer.count(b"HTTP/1.1 ") == 20
    database = server.count()
    assert database.pages() == {"/a.html": 5, "/b.html": 5}
    assert database.outcomes() == {"view": 10, "asset": 5, "error": 5}


def test_absolute_target(serve):
    server = serve()
    assert b" 200 " in server.raw(request(b"GET http://site.test/a.html?x"))
    assert server.count().pages() == {"/a.html": 1}


UNREADABLE = {
    "word": (b"GARBAGE\r\n\r\n", 400, "error"),
    "unknown-method": (b"BREW /pot HTTP/1.0\r\n\r\n", 501, "method"),
    "two-spaces": (b"GET /a b HTTP/1.1\r\n" + HOST + AGENT + b"\r\n", 400,
                   "bot"),
    "unknown-version": (b"GET /a HTTP/9.9\r\n" + AGENT + b"\r\n", 400,
                        "error"),
    "relative": (b"GET a.html HTTP/1.0\r\n" + AGENT + b"\r\n", 400, "bot"),
    "no-host": (b"GET /a.html HTTP/1.1\r\n" + AGENT + b"\r\n", 400, "error"),
    "bad-header": (request(b"GET /a.html", b"Bad Header: 1"), 400, "error"),
    "bad-escape": (request(b"GET /%zz"), 400, "error"),
    "zero-byte": (request(b"GET /%00"), 404, "error"),
    "above-root": (request(b"GET /../x"), 400, "error"),
    "coded-slash": (request(b"GET /a%2Fb"), 404, "error"),
    "long-target": (request(b"GET /" + b"a" * 9000), 414, "error"),
    "long-header": (request(b"GET /a.html", b"X: " + b"a" * 9000), 400,
                    "error"),
    "http2-preface": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "method"),
    "tls": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400,
            "error")}


@pytest.mark.parametrize("data, status, outcome", UNREADABLE.values(),
                         ids=UNREADABLE)
def test_unreadable_request(serve, data, status, outcome):
    server = serve("LogLevel core:crit\n")
    answer = server.raw(data)
    assert f" {status} ".encode() in answer.split(b"\r\n")[0], answer
    database = server.count()
    assert database.hits() == 1
    assert database.pages() == {}
    assert database.outcomes() == {outcome: 1}


@pytest.mark.parametrize("start", [
    b"GET /a.html HT", b"GET /a.html HTTP/1.1\r\nHost: site.te",
    b"GET /a.html HTTP/1.1\r\nHost: site.test\r\n"])
def test_request_that_never_ends(serve, start):
    server = serve("RequestReadTimeout header=1\n", modules=["reqtimeout"])
    answer = server.raw(start)
    assert answer == b"" or b" 408 " in answer.split(b"\r\n")[0]
    assert server.count().pages() == {}


def test_connections_without_a_request(serve):
    server = serve("RequestReadTimeout header=1\n", modules=["reqtimeout"])
    server.connect().close()
    with server.connect() as silent:
        silent.shutdown(socket.SHUT_WR)
        assert silent.recv(1000) == b""
    assert server.status("/a.html") == 200
    assert server.count().outcomes() == {"view": 1}


def leave(connection):
    """Close a connection at once, with a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                          struct.pack("ii", 1, 0))
    connection.close()


def wait_for_log(server, lines):
    assert wait_until(lambda: server.hits() == lines, 10), "nothing logged"


@pytest.mark.everywhere
def test_client_leaves_a_large_page(serve):
    server = serve()
    server.page("large.html", b"x" * (32 << 20))
    connection = server.connect()
    connection.sendall(request(b"GET /large.html"))
    assert connection.recv(1000)
    leave(connection)
    wait_for_log(server, 1)
    database = server.count()
    assert database.outcomes() == {"view": 1}
    assert database.pages() == {"/large.html": 1}


def test_client_leaves_a_proxied_page(serve):
    with backend() as behind:
        server = serve(f'ProxyPass "/" "http://{address(behind)}/"\n',
                       modules=["proxy", "proxy_http"])
        for wanted in (1000, 1 << 20):
            connection = server.connect()
            connection.sendall(request(b"GET /slow"))
            while wanted > 0:
                wanted -= len(connection.recv(min(wanted, 65536)))
            leave(connection)
        wait_for_log(server, 2)
    database = server.count()
    assert database.outcomes() == {"view": 2}
    assert database.pages() == {"/slow": 2}


def test_client_leaves_before_the_answer(serve):
    with backend() as behind:
        server = serve(f'ProxyPass "/" "http://{address(behind)}/"\n',
                       modules=["proxy", "proxy_http"])
        connection = server.connect()
        connection.sendall(request(b"GET /slow"))
        leave(connection)
        wait_for_log(server, 1)
    assert server.count().outcomes() == {"view": 1}


def test_server_behind_leaves(serve):
    with backend() as behind:
        server = serve(f'ProxyPass "/" "http://{address(behind)}/"\n',
                       modules=["proxy", "proxy_http"])
        server.expect("AH01110")
        assert b" 200 " in server.raw(request(b"GET /cut"))
        wait_for_log(server, 1)
    assert server.count().outcomes() == {"view": 1}


SCRIPT = """#!/bin/sh
printf 'Content-Type: text/html\\n\\n'
head -c 300000 /dev/zero
sleep 1
head -c 300000 /dev/zero
"""


@pytest.mark.each_mpm
def test_client_leaves_a_script(serve, place):
    kind = "cgi" if place.mpm == "prefork" else "cgid"
    server = serve("""
        <Directory "{folder}/site/run">
            Options ExecCGI
            SetHandler cgi-script
        </Directory>
        """, modules=[kind], start=False)
    with open(server.page("run/slow", SCRIPT)) as script:
        subprocess.run(["chmod", "755", script.name], check=True)
    server.start()
    connection = server.connect()
    connection.sendall(request(b"GET /run/slow"))
    assert connection.recv(1000)
    leave(connection)
    wait_for_log(server, 1)
    assert server.count().outcomes() == {"view": 1}


@pytest.mark.each_mpm("event", "worker")  # all that mod_http2 runs on
def test_http2(serve):
    server = serve("Protocols h2c http/1.1\n", modules=["http2"])
    url = f"http://127.0.0.1:{server.port}"
    for path, status in [("a.html", 200), ("b.html", 200), ("style.css", 200),
                         ("missing", 404), ("a.html?query", 200)]:
        done = subprocess.run(
            ["curl", "--http2-prior-knowledge", "-sS", "-A", BROWSER, "-w",
             "%{http_version} %{http_code}", "-o", "/dev/null",
             f"{url}/{path}"], check=True, text=True, stdout=subprocess.PIPE)
        assert done.stdout == f"2 {status}"
    done = subprocess.run(
        ["h2load", "-n", "500", "-c", "2", "-m", "20", "-H",
         f"user-agent: {BROWSER}", f"{url}/b.html"],
        check=True, text=True, stdout=subprocess.PIPE)
    assert "500 succeeded" in done.stdout
    database = server.count()
    assert database.pages() == {"/a.html": 2, "/b.html": 501}
    assert database.outcomes() == {"view": 503, "asset": 1, "error": 1}
