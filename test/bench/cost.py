#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a request costs, in instructions.

Each server is run under valgrind's callgrind, as `httpd -X`, for few and for
many keep-alive requests of one page; the difference, divided by the number of
requests between, is the cost of one. Counted is what httpd does from when it
has read a request until it has logged it, which is all that a module takes part
in, but for the look whether another one has come already: how often it waits
for the client varies by some hundred instructions. So they repeat but for a
few, whatever else the machine does. Prints a line for each case, with what it
adds to the same request to httpd alone. Ends with an error if that is more than
it may be.
"""

import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

BUILD = pathlib.Path(os.environ.get("USAGE_BUILD", "_build")).resolve()
MODULE = BUILD / "mod_usage/.libs/mod_usage.so"
MODULES = subprocess.run(["apxs", "-q", "LIBEXECDIR"], text=True, check=True,
                         capture_output=True).stdout.strip()
HTTPD = "/usr/sbin/apache2"
FEW, MANY = 200, 2200
# each turns the counting on or off while it runs
TOGGLES = ("ap_process_async_request", "ap_check_pipeline")
USER = "www-data"
BROWSER = ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
           "(KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36")
BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
LOG = ('LogFormat "%h %l %u %t \\"%r\\" %>s %b \\"%{{Referer}}i\\" '
       '\\"%{{User-Agent}}i\\"" combined\nCustomLog logs/access.log combined\n')

BASE = """
ServerRoot {root}
ServerName bench.example
Listen 127.0.0.1:{port}
PidFile {root}/logs/pid
DefaultRuntimeDir {root}/logs
ErrorLog {root}/logs/error.log
MaxKeepAliveRequests 0
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule mime_module {modules}/mod_mime.so
LoadModule dbd_module {modules}/mod_dbd.so
TypesConfig /etc/mime.types
DocumentRoot {root}/site
StartServers 1
ThreadsPerChild 2
MinSpareThreads 1
MaxSpareThreads 3
ThreadLimit 2
"""
USAGE = """
LoadModule usage_module {module}
DBDriver sqlite3
DBDParams {root}/data/usage.db
Usage On
"""
CASES = [
    # name, directives, path, agent, what it may add; those of httpd alone first
    ("httpd alone", "", "/page.html", BROWSER, None),
    ("access log, combined", LOG, "/page.html", BROWSER, None),
    ("a view", USAGE, "/page.html", BROWSER, 1500),
    ("httpd alone, bot", "", "/page.html", BOT, None),
    ("a bot", USAGE, "/page.html", BOT, 900),
    ("httpd alone, asset", "", "/style.css", BROWSER, None),
    ("an asset", USAGE, "/style.css", BROWSER, 250),
]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def make_root(directives, port):
    root = pathlib.Path(tempfile.mkdtemp(prefix="usage-bench-"))
    for name in ("logs", "data", "site"):
        (root / name).mkdir()
    page = "<!DOCTYPE html><title>A page</title>" + "<p>Words.</p>\n" * 200
    (root / "site/page.html").write_text(page)
    (root / "site/style.css").write_text("p { color: red }\n" * 160)
    conf = (BASE + directives).format(root=root, port=port, modules=MODULES,
                                      module=MODULE)
    (root / "httpd.conf").write_text(conf)
    if os.geteuid() == 0:
        for path in [root, *root.rglob("*")]:
            shutil.chown(path, USER, USER)
    return root


def wait_for(port, process):
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if process.poll() is not None:
                sys.exit("httpd did not start under valgrind")
            time.sleep(0.1)
    sys.exit("httpd did not listen within a minute")


def launch(root, out):
    """A server under callgrind, which writes there what it counted."""
    user = {"user": USER, "group": USER} if os.geteuid() == 0 else {}
    return subprocess.Popen(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}",
         *(f"--toggle-collect={name}" for name in TOGGLES),
         HTTPD, "-X", "-f", str(root / "httpd.conf")],
        stderr=subprocess.DEVNULL, **user)


def total_of(out):
    """All instructions of such a run."""
    total = re.search(r"^(?:summary|totals): (\d+)", out.read_text(), re.M)
    return int(total.group(1))


def instructions(directives, path, agent, requests):
    port = free_port()
    root = make_root(directives, port)
    out = root / "callgrind.out"
    process = launch(root, out)
    try:
        wait_for(port, process)
        load = subprocess.run(
            ["h2load", "--h1", "-n", str(requests), "-c", "1", "-H",
             f"User-Agent: {agent}", f"http://127.0.0.1:{port}{path}"],
            text=True, capture_output=True, check=True)
        if f"{requests} succeeded" not in load.stdout:
            sys.exit(load.stdout)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    total = total_of(out)
    shutil.rmtree(root)
    return total


def cost(directives, path, agent):
    few = instructions(directives, path, agent, FEW)
    many = instructions(directives, path, agent, MANY)
    return (many - few) / (MANY - FEW)


def main():
    alone = {}
    dear = []
    print(f"{'instructions a request':28} {'all':>8} {'added':>8}")
    for name, directives, path, agent, most in CASES:
        total = cost(directives, path, agent)
        added = total - alone.setdefault((path, agent), total)
        print(f"{name:28} {total:8.0f} {added:8.0f}", flush=True)
        if most is not None and added > most:
            dear.append(f"{name} adds more than {most} instructions")
    sys.exit("\n".join(dear) or 0)


if __name__ == "__main__":
    main()
