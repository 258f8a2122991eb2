# SPDX-License-Identifier: Apache-2.0
"""Much load from h2load, and how many answers it received whole."""

import contextlib
import re
import subprocess
import threading
import time

from server import BROWSER

# h2load gives up the rest of its requests when its connections are closed, as
# a graceful restart closes them: so many come in portions.
PORTION = 20_000


def start(server, path, requests, *options):
    return subprocess.Popen(
        ["h2load", "-n", str(requests), "-H", f"user-agent: {BROWSER}",
         *options, f"http://127.0.0.1:{server.port}{path}"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finish(process, seconds=300):
    """How many answers were received whole."""
    return finish_timed(process, seconds)[0]


SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1}


def finish_timed(process, seconds=300):
    """The same, and the seconds that the slowest took."""
    output, _ = process.communicate(timeout=seconds)
    found = re.search(r"(\d+) succeeded", output)
    assert process.returncode == 0 and found, output
    times = re.search(r"time for request: +\S+ +([\d.]+)(us|ms|s) ", output)
    return int(found[1]), float(times[1]) * SECONDS[times[2]]


def ask_while(server, path, least, action, pause, *options):
    """Ask until at least so many answers came whole, and for as long as three
    actions take, of which one comes after every pause.

    Returns how many answers came whole.
    """
    acted, received, due = 0, 0, time.monotonic() + pause
    while received < least or acted < 3:
        process = start(server, path, PORTION, *options)
        while process.poll() is None:
            time.sleep(0.01)
            if time.monotonic() >= due:
                action()
                acted += 1
                due += pause
        received += finish(process)
    return received


# A visitor's pages, requests a second, and requests before httpd closes the
# connection.
PAGES = 50
RATE = 100
A_CONNECTION = 100


class Visitor(threading.Thread):
    """Asks a server all the time, until it is told to leave."""

    def __init__(self, server, folder):
        super().__init__()
        self.server = server
        self.paths = folder / f"paths-{server.port}"
        self.paths.write_text("".join(
            f"http://127.0.0.1:{server.port}/page/{number}\n"
            for number in range(PAGES)))
        self.answers = 0
        self.slowest = 0
        self.has_failed = False
        self.is_leaving = threading.Event()
        self.start()

    def run(self):
        while not self.is_leaving.is_set():
            process = start(self.server, "/", A_CONNECTION, "--h1", "-c", "1",
                            f"--rps={RATE}", "-i", str(self.paths))
            whole, slowest = finish_timed(process)
            self.answers += whole
            self.has_failed |= whole != A_CONNECTION
            self.slowest = max(self.slowest, slowest)

    def leave(self):
        self.is_leaving.set()
        self.join(60)


@contextlib.contextmanager
def visited(servers, folder):
    """Visitors of servers, who have left at the end; no request failed."""
    visitors = [Visitor(server, folder) for server in servers]
    try:
        yield visitors
    finally:
        for visitor in visitors:
            visitor.leave()
    assert not any(visitor.has_failed for visitor in visitors)
