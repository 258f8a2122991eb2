# SPDX-License-Identifier: Apache-2.0
"""Requests that no server has met before, and what they cost it."""

import random

from collections import namedtuple

import processes
import stream

# With mod_alias, for a Server: nothing but the module makes a difference.
CONFIG = """
MaxKeepAliveRequests 0
AliasMatch "^/(?!usage-stats)" "{folder}/site/index.html"
"""

Cost = namedtuple("Cost", "seconds private shared children")


def agents(count, seed):
    """Requests for one page, each by an agent of its own."""
    words = random.Random(seed)
    for _ in range(count):
        yield stream.request(agent=(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; "
            f"{words.getrandbits(96)}) AppleWebKit/537.36 (KHTML, like "
            f"Gecko) Chrome/{words.randrange(80, 140)}.0.0.0 Safari/537.36"))


def paths(count, seed):
    """Requests by one agent, each for a page of its own."""
    words = random.Random(seed)
    for _ in range(count):
        yield stream.request(f"/{words.getrandbits(96)}/")


def memory(pid):
    """Kilobytes of a process: its own, and shared with others."""
    with open(f"/proc/{pid}/status") as file:
        values = dict(line.split(":", 1) for line in file)
    return tuple(int(values[name].split()[0])
                 for name in ("RssAnon", "RssShmem"))


def cost(server):
    """Processor time that the children have had, and the kilobytes they have:
    of their own together, and of shared memory the one that has most."""
    seconds, private, shared = 0.0, 0, 0
    children = sorted(processes.children(server.pid))
    for pid in children:
        seconds += processes.processor_seconds(pid)
        own, common = memory(pid)
        private += own
        shared = max(shared, common)
    return Cost(seconds, private, shared, children)


def callgrind(profile):
    """What runs httpd -X so that the instructions of its requests, and nothing
    but them, are written to a file."""
    return ["env", "LD_BIND_NOW=1", "valgrind", "--tool=callgrind",
            f"--callgrind-out-file={profile}", "--collect-atstart=no",
            "--toggle-collect=ap_process_async_request"]
