# SPDX-License-Identifier: Apache-2.0
"""Lines of the error log are counted by their patterns, wherever they come
from, and nothing of them is kept."""

import socket
import subprocess

import pytest

import processes

DENIED = '<Location ~ "^/closed">\nRequire all denied\n</Location>\n'


def lines(database, site=None):
    """{(category, name): lines}."""
    return database.events(site=site)


def deny(server, *paths, **details):
    """Have lines logged that say so."""
    server.expect("AH01630")
    for path in paths:
        assert server.status("/closed" + path, **details) == 403


def test_lines_are_counted_by_what_they_contain(serve):
    server = serve(DENIED + 'UsageLogEvent "~wp-(login|admin)" probe probes\n'
                            'UsageLogEvent "denied by server" denied\n'
                            'UsageLogEvent "no such thing" never\n')
    deny(server, "-a", "-b", "-wp-login.php", "-wp-admin")
    assert server.status("/a.html") == 200
    database = server.count()
    assert lines(database) == {("probes", "probe"): 2, ("log", "denied"): 2}
    assert "wp-login" not in str(database.tables)


def test_line_counts_once_by_the_first_that_fits(serve):
    server = serve(DENIED + 'UsageLogEvent closed first\n'
                            'UsageLogEvent closed second\n'
                            'UsageLogEvent denied third\n')
    deny(server, "-a", "-b")
    assert lines(server.count()) == {("log", "first"): 2}


def test_line_that_is_not_logged_is_not_counted(serve):
    server = serve("UsageLogEvent exist lost\n")
    assert server.status("/none") == 404
    assert lines(server.count()) == {}
    server.replace_in_config("LogLevel warn", "LogLevel info")
    server.start()
    assert server.status("/none") == 404
    assert lines(server.count()) == {("log", "lost"): 1}


def test_line_counts_for_its_virtual_host(serve):
    """Which has the server's patterns behind its own."""
    server = serve(
        DENIED + "UsageLogEvent closed plain\n"
        "<VirtualHost *>\nServerName a.test\n</VirtualHost>\n"
        "<VirtualHost *>\nServerName b.test\nUsageLogEvent closed-b own\n"
        "</VirtualHost>\n"
        "<VirtualHost *>\nServerName c.test\nUsage Off\n</VirtualHost>\n")
    for host in ("a.test", "b.test", "c.test"):
        deny(server, "-a", "-b", headers={"Host": host})
    database = server.stop()
    assert lines(database, "a.test") == {("log", "plain"): 2}
    assert lines(database, "b.test") == {("log", "plain"): 1,
                                         ("log", "own"): 1}
    assert lines(database, "c.test") == {}


@pytest.mark.everywhere
def test_lines_of_the_parent_are_counted(serve):
    """Over restarts, down to its last; and those of children beside them."""
    server = serve(DENIED + 'UsageLogEvent "normal operations" ready server\n'
                            'UsageLogEvent "caught SIGTERM" end server\n'
                            'UsageLogEvent closed denied\n')
    deny(server, "-a")
    server.settle()
    server.graceful()
    assert processes.wait_until(
        lambda: server.log().count("normal operations") == 2, 20)
    deny(server, "-b")
    server.restart()
    deny(server, "-c")
    assert lines(server.count()) == {
        ("server", "ready"): 3, ("server", "end"): 1, ("log", "denied"): 3}


def test_failed_handshakes(serve, tmp_path):
    """Of a client that speaks no TLS, and of one that speaks plain HTTP."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
                    "-subj", "/CN=tls.test", "-keyout", tmp_path / "key.pem",
                    "-out", tmp_path / "cert.pem", "-days", "2"], check=True,
                   stderr=subprocess.DEVNULL)
    port = processes.free_port()
    server = serve(
        "LogLevel warn ssl:info\n"
        f"Listen 127.0.0.1:{port}\n"
        f"<VirtualHost *:{port}>\nServerName tls.test\nSSLEngine On\n"
        f"SSLCertificateFile {tmp_path}/cert.pem\n"
        f"SSLCertificateKeyFile {tmp_path}/key.pem\n"
        'UsageLogEvent "HTTP spoken on HTTPS port" "plain HTTP" tls\n'
        'UsageLogEvent "~SSL library error 1 in handshake" failed tls\n'
        "</VirtualHost>\n", modules=["ssl"])
    server.expect("AH01873|AH01882|AH01906")  # of a test's certificate
    for words in (b"no TLS at all, but words\r\n" * 20,
                  b"GET / HTTP/1.1\r\nHost: tls.test\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", port), 10) as client:
            client.sendall(words)
            try:
                while client.recv(65536):
                    pass
            except ConnectionResetError:
                pass
    assert server.status("/a.html") == 200
    database = server.stop()
    processes.release_port(port)
    found = lines(database, "tls.test")
    assert found["tls", "plain HTTP"] == 1
    assert found["tls", "failed"] >= 1
