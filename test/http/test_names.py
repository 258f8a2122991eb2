# SPDX-License-Identifier: Apache-2.0
"""What names can do: agents, paths and hosts that mean harm, and long ones."""

import subprocess

import pytest

from server import ANY_PATH, BROWSER

# What a client sends, and the one row that it makes.
HOSTILE = [
    ("/line%0Afeed", "/line%0Afeed"),
    ("/tab%09", "/tab%09"),
    ("/escape%1B[31m", "/escape%1B[31m"),
    ("/delete%7F", "/delete%7F"),
    ("/latin%E9", "/latin%E9"),
    ("/cut%E2%82", "/cut%E2%82"),
    ("/overlong%C0%AF", "/overlong%C0%AF"),
    ("/surrogate%ED%A0%80", "/surrogate%ED%A0%80"),
    ("/beyond%F4%90%80%80", "/beyond%F4%90%80%80"),
    ("/tail%80%BF", "/tail%80%BF"),
    ("/caf%C3%A9", "/caf\u00e9"),
    ("/%E2%82%AC/%F0%9F%8C%8D", "/\u20ac/\U0001f30d"),
    ("/space%20and+plus", "/space and+plus"),
    ("/<script>alert(1)</script>", "/<script>alert(1)</script>"),
    ("/'%22;DROP%20TABLE%20usage_view;--",
     "/'\";DROP TABLE usage_view;--"),
    ("/percent%25s%25n", "/percent%s%n"),
    ("/x" + "a" * 253, "/x" + "a" * 253),
    ("/x" + "b" * 254, "/*"),
    ("/" + "c" * 300, "/*"),
    ("/" + "d" * 7000, "/*"),
    ("/" + "%FF" * 84, "/" + "%FF" * 84),
    ("/" + "%FE" * 85, "/*"),
    ("/" + "%C3%A9" * 127, "/" + "\u00e9" * 127),
    ("/" + "%C3%A8" * 128, "/*"),
    ("/*", "/*"),
]


def test_hostile_paths(serve):
    server = serve(ANY_PATH, modules=["alias"])
    expected = {}
    for sent, row in HOSTILE:
        assert server.status(sent) == 200, sent
        expected[row] = expected.get(row, 0) + 1
    assert server.count().pages() == expected


def test_hostile_agents(serve):
    server = serve()
    # Control bytes make httpd refuse the header: then there is no agent.
    agents = [b"", b"\x00", b"\x1b[2J", b"\xff\xfe", b"a" * 7000,
              b"Mozilla/5.0 " + b"(" * 3000, b"%s%s%n" * 100,
              b"Chrome/1 " * 800]
    for agent in agents:
        server.raw(b"GET /a.html HTTP/1.0\r\nUser-Agent: " + agent
                   + b"\r\n\r\n")
    database = server.count()
    assert database.outcomes() == {"bot": 8}


def test_no_agent_is_a_bot(serve):
    server = serve()
    assert server.status("/a.html", agent=None) == 200
    assert server.count().outcomes() == {"bot": 1}


@pytest.mark.parametrize("agent, row", [
    (BROWSER, ("desktop", "Firefox", "Linux")),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, "
     "like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
     ("desktop", "Edge", "Windows")),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605."
     "1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
     ("mobile", "Safari", "iOS")),
    ("Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 (KHTML, like"
     " Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Safari/537.36",
     ("tablet", "Samsung Internet", "Android")),
    ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like"
     " Gecko) Chrome/126.0.0.0 Safari/537.36",
     ("desktop", "Chrome", "ChromeOS")),
    ("Mozilla/5.0 (PlayStation; PlayStation 5/9.00) AppleWebKit/605.1.15 "
     "(KHTML, like Gecko) Version/17.0 Safari/605.1.15",
     ("console", "other", "other"))])
def test_agents(serve, agent, row):
    server = serve()
    server.status("/a.html", agent=agent)
    database = server.count()
    assert database.by("device", "browser", "system") == {row: 1}


def test_host_header_names_no_site(serve):
    server = serve()
    for host in (b"evil.test", b"<b>", b"x" * 300):
        server.raw(b"GET /a.html HTTP/1.0\r\nUser-Agent: Firefox/128.0\r\n"
                   b"Host: " + host + b"\r\n\r\n")
    assert set(server.count().sums("usage_total", ("site",))) <= {"site.test"}


def test_many_paths_in_a_small_table(serve, tmp_path):
    """What finds no room counts under /*: no view is lost."""
    server = serve("UsageTable 1024\n" + ANY_PATH, modules=["alias"])
    paths = tmp_path / "paths"
    paths.write_text("".join(f"http://127.0.0.1:{server.port}/page/{number}\n"
                             for number in range(4000)))
    done = subprocess.run(
        ["h2load", "--h1", "-n", "8000", "-c", "1", "-H",
         f"user-agent: {BROWSER}", "-i", paths], check=True, text=True,
        stdout=subprocess.PIPE)
    assert "8000 2xx" in done.stdout
    database = server.count()
    assert database.views() == server.hits() == 8000
    pages = database.pages()
    assert pages["/*"] > 0
    assert sum(pages.values()) == 8000
