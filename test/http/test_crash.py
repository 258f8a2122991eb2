# SPDX-License-Identifier: Apache-2.0
"""What a crash costs: nothing that was counted."""

import os
import signal

import pytest

from processes import children, wait_until
from server import BROWSER

# kill -9 of a child is told in the log; of all, there is nobody to tell it.
KILLED = ("AH00045", "AH00046", "AH00052")


def ask_much(server, times):
    for number in range(times):
        assert server.status(f"/a.html?{number}") == 200
    assert server.status("/style.css") == 200


def kill_children(server):
    """Kill every child, and wait for new ones."""
    server.settle()
    victims = set(children(server.pid))
    for child in victims:
        os.kill(child, signal.SIGKILL)

    def are_new():
        now = children(server.pid)
        return len(now) >= 2 and not victims & set(now)
    assert wait_until(are_new, 20)


@pytest.mark.everywhere
def test_kill_of_everything(serve):
    server = serve()
    ask_much(server, 20)
    server.kill()
    server.start()
    ask_much(server, 5)
    database = server.count()
    assert database.pages() == {"/a.html": 25}
    assert database.outcomes() == {"view": 25, "asset": 2}


@pytest.mark.each_database
def test_kill_again_and_again(serve):
    server = serve()
    for _ in range(4):
        ask_much(server, 3)
        server.kill()
        server.start()
    ask_much(server, 3)
    assert server.count().outcomes() == {"view": 15, "asset": 5}


def test_kill_after_a_restart(serve):
    server = serve()
    ask_much(server, 3)
    server.restart()
    ask_much(server, 3)
    server.kill()
    server.start()
    assert server.count().outcomes() == {"view": 6, "asset": 2}


def test_kill_then_other_settings(serve):
    """A segment of another shape is still read, or said to be lost."""
    server = serve("UsageTable 4096\n")
    ask_much(server, 3)
    server.kill()
    server.configure("UsageTable 16384\nUsageInterval 1d\n")
    server.start()
    ask_much(server, 3)
    assert server.count().outcomes() == {"view": 6, "asset": 2}


def test_kill_of_children(serve):
    server = serve(hurried=True)
    server.expect(*KILLED)
    ask_much(server, 5)
    for _ in range(3):
        kill_children(server)
        ask_much(server, 5)
    assert server.count().outcomes() == {"view": 20, "asset": 4}


@pytest.mark.everywhere
def test_kill_of_children_at_work(serve):
    """A child that dies within a request blocks nobody after it."""
    server = serve(hurried=True)
    server.expect(*KILLED)
    server.page("large.html", b"x" * (16 << 20))
    connections = [server.connect() for _ in range(4)]
    for connection in connections:
        connection.sendall(b"GET /large.html HTTP/1.1\r\nHost: site.test\r\n"
                           b"User-Agent: " + BROWSER.encode() + b"\r\n\r\n")
        connection.recv(1000)
    kill_children(server)
    for connection in connections:
        connection.close()
    ask_much(server, 5)
    database = server.stop()
    assert database.pages()["/a.html"] == 5
    assert database.pages().get("/large.html", 0) <= 4
