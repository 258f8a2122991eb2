#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What each breakdown and each event adds to a view, in instructions.

As cost.py, but for requests with headers of their own: each case is measured
with its directive and without, all else the same. Once for further views of
one visit, once for views that each begin one, of a visitor who was never there.
Ends with 1 if any adds more than it may: to a view MOST for each thing that it
counts; to an asset that is a download as much as a bot's hit, as who asks for
it must be found out first, which of a view is known.
"""

import functools
import pathlib
import shutil
import signal
import socket
import subprocess
import sys

import cost

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "http"))

import mmdb  # noqa: E402

FEW, MANY = 100, 1100

MOST, MOST_OF_ASSET = 350, 900

PAGE = "/page.html"

LOAD = "LoadModule {0}_module {{modules}}/mod_{0}.so\n"

COMMON = cost.USAGE + "".join(LOAD.format(name) for name in (
    "remoteip", "headers", "auth_basic", "authn_core", "authn_anon",
    "authz_user")) + """
RemoteIPHeader X-From
RemoteIPInternalProxy 127.0.0.1
UsageAddressMask 32 128
UsageGeoDB {root}/c.mmdb
"""

NONE = "UsageBreakdown none\n"

LOGIN = NONE + """<Location "/page.html">
AuthType Basic
AuthName bench
AuthBasicProvider anon
Anonymous "*"
Anonymous_MustGiveEmail Off
Anonymous_VerifyEmail Off
Require valid-user
</Location>
"""

SENT = NONE + "Header set Usage-Event signup\n"

CAMPAIGN = "?utm_source=letter&utm_medium=mail&utm_campaign=may"

# name, without, with, path, headers, how many things it counts on a view
CASES = [
    ("source", NONE, "UsageBreakdown source\n", PAGE,
     "Referer: https://www.google.com/", 1),
    ("source, none sent", NONE, "UsageBreakdown source\n", PAGE, "", 1),
    ("source, a site", NONE, "UsageBreakdown source\n", PAGE,
     "Referer: https://blog.example.org/2026/page", 1),
    ("country", NONE, "UsageBreakdown country\n", PAGE, "", 1),
    ("language", NONE, "UsageBreakdown language\n", PAGE,
     "Accept-Language: de-DE,de;q=0.9,en;q=0.5", 1),
    ("version", NONE, "UsageBreakdown version\n", PAGE, "", 2),
    ("campaign", NONE, "UsageBreakdown campaign\n", PAGE + CAMPAIGN, "", 3),
    ("status", NONE, "UsageBreakdown status\n", PAGE, "", 1),
    ("UsageEvent", NONE, NONE + "UsageEvent signup account\n", PAGE, "", 1),
    ("UsageEventHeader", SENT, SENT + "UsageEventHeader On\n", PAGE, "", 1),
    ("UsageUsers random", LOGIN, LOGIN + "UsageUsers random\n", PAGE,
     "Authorization: Basic YW5uYTpzZWNyZXQ=", 1),
    ("UsageDownload", NONE, NONE + "UsageDownload css\n", PAGE, "", 1),
    ("a download", NONE, NONE + "UsageDownload css\n", "/style.css", "", 1),
]


def ask(port, path, headers, count, is_new):
    """Send requests over one connection, and read each answer."""
    lines = (f"GET {path} HTTP/1.1\r\nHost: bench.example\r\n"
             f"User-Agent: {cost.BROWSER}\r\n"
             + (headers + "\r\n" if headers else ""))
    with socket.create_connection(("127.0.0.1", port), 60) as link, \
            link.makefile("rb") as file:
        for number in range(count):
            visitor = number if is_new else 0
            link.sendall((lines + f"X-From: 10.1.{visitor >> 8}."
                          f"{visitor & 255}\r\n\r\n").encode())
            status = file.readline()
            if b" 200 " not in status:
                sys.exit(f"{path}: {status!r}")
            length = 0
            while (line := file.readline()) != b"\r\n":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            file.read(length)


def instructions(directives, path, headers, count, is_new):
    port = cost.free_port()
    root = cost.make_root(directives, port)
    # most networks of a real one are as small
    mmdb.write(str(root / "c.mmdb"), {"10.1.0.0/21": "DE"})
    out = root / "callgrind.out"
    process = cost.launch(root, out)
    try:
        cost.wait_for(port, process)
        ask(port, path, headers, count, is_new)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(120)
    total = cost.total_of(out)
    shutil.rmtree(root)
    return total


@functools.cache
def each(directives, path, headers, is_new):
    """Of one request."""
    few, many = (instructions(COMMON + directives, path, headers, count,
                              is_new) for count in (FEW, MANY))
    return (many - few) / (MANY - FEW)


def main(names):
    is_within = True
    print(f"{'added instructions':20} {'things':>6} {'further':>8} "
          f"{'first':>8}")
    for name, without, with_it, path, headers, things in CASES:
        if names and name not in names:
            continue
        added = [each(with_it, path, headers, is_new)
                 - each(without, path, headers, is_new)
                 for is_new in (False, True)]
        most = MOST * things if path.startswith(PAGE) else MOST_OF_ASSET
        is_within = is_within and max(added) <= most
        print(f"{name:20} {things:6} {added[0]:8.0f} {added[1]:8.0f}",
              flush=True)
    return 0 if is_within else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except subprocess.CalledProcessError as problem:
        sys.exit(problem.output)
