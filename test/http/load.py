# SPDX-License-Identifier: Apache-2.0
"""Much load from h2load, and how many answers it received whole."""

import re
import subprocess
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
    output, _ = process.communicate(timeout=seconds)
    found = re.search(r"(\d+) succeeded", output)
    assert process.returncode == 0 and found, output
    return int(found[1])


def ask_while(server, path, whole, action, pause, *options):
    """Ask until so many answers came whole; act again after every pause.

    Returns how often it acted.
    """
    acted, received, due = 0, 0, time.monotonic() + pause
    while received < whole:
        process = start(server, path, min(PORTION, whole - received), *options)
        while process.poll() is None:
            time.sleep(0.01)
            if time.monotonic() >= due:
                action()
                acted += 1
                due += pause
        received += finish(process)
    assert received == whole
    return acted
