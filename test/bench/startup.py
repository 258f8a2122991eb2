#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How long httpd takes to start, with thousands of virtual hosts and rules.

Of each configuration: `httpd -t`, the time from `httpd -k start` to the first
answer (the best of three) and the processor's part of it, the private memory
of the parent, and the size of the segment. Ends with an error if a start takes
2 s of the processor, or a segment 64 MB.
"""

import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "http"))

import place as places  # noqa: E402
import processes  # noqa: E402
from hosts import (ANSWERS, MODULES, OWN, PATTERNS, RULES,  # noqa: E402
                   hosts, private_kilobytes, segment_bytes, start)
from server import Server  # noqa: E402

HOSTS = 10_000
SECONDS = 2
SEGMENT = 64 << 20

CASES = [
    # name, with the module, configuration
    ("httpd, one host", False, ""),
    ("mod_usage, one host", True, RULES),
    ("httpd, 10,000 hosts", False, hosts(HOSTS)),
    ("mod_usage, 10,000 hosts", True, RULES + hosts(HOSTS)),
    ("  and 50 patterns of bots", True, RULES + PATTERNS + hosts(HOSTS)),
    ("  and directives in each", True,
     RULES + PATTERNS + hosts(HOSTS, OWN)),
    ("  all rules in each", True, hosts(HOSTS, RULES)),
]


def timed(action):
    begun = time.monotonic()
    action()
    return time.monotonic() - begun


def measure(name, usage, config):
    server = Server(places.Place(), ANSWERS + config, modules=MODULES,
                    usage=usage)
    answers, seconds = [], []
    try:
        check = timed(server.check)
        for _ in range(3):
            begun = time.monotonic()
            seconds.append(start(server))
            assert server.status("/") == 200
            answers.append(time.monotonic() - begun)
            private = private_kilobytes(server.pid)
            size = segment_bytes(server.pid)
            server.end()
        server.close()
    finally:
        server.remove()
    print(f"{name:26} {check:8.2f} s {min(answers):8.2f} s "
          f"{min(seconds):8.2f} s {private / 1024:7.1f} MB "
          f"{size / (1 << 20):7.1f} MB", flush=True)
    return min(seconds) < SECONDS and size <= SEGMENT


def main():
    processes.adopt_orphans()
    print(f"{'start':26} {'httpd -t':>10} {'answer':>10} {'processor':>10} "
          f"{'private':>10} {'segment':>10}")
    if not all([measure(*case) for case in CASES]):
        sys.exit(f"a start takes {SECONDS} s or more, or a segment 64 MB")


if __name__ == "__main__":
    main()
