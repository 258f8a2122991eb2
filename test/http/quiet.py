# SPDX-License-Identifier: Apache-2.0
"""What a request does because of the module: the system calls that it adds,
and the functions of httpd, APR and libc that the module comes to."""

import os
import re
import shutil
import signal
import subprocess

from collections import defaultdict
from itertools import chain

import place as places
import strangers
import stream

from server import Server, wait_until

TOOLS = ("strace", "valgrind")

# What the module calls and what is not its doing: the rest of the response,
# and memory of the request's pool.
BORDERS = {"ap_pass_brigade", "apr_palloc"}

FORBIDDEN = re.compile(
    r"(malloc|calloc|realloc|free|memalign|mmap|munmap|brk|futex|fopen|open|"
    r"read|write|send|recv|poll|getrandom)$|mutex|rwlock|sem_|cond_|spin|"
    r"_lock|log_r?error")


SCOPE = "/proc/sys/kernel/yama/ptrace_scope"


def has_tools():
    """Whether they are there, and may look at another's process."""
    if not all(map(shutil.which, TOOLS)):
        return False
    if os.geteuid() == 0 or not os.path.exists(SCOPE):
        return True
    with open(SCOPE) as file:
        return file.read().strip() == "0"


def mixed(count):
    """So many each: agents and paths never met before, views of one page by
    one visitor, assets, bots and errors."""
    return chain.from_iterable(zip(
        strangers.agents(count, seed=1), strangers.paths(count, seed=2),
        (stream.request() for _ in range(count)),
        (stream.request("/style.css") for _ in range(count)),
        (stream.request(agent="curl/8.5") for _ in range(count))))


KINDS = 5


def serve(**details):
    """A server for one process, of an ordinary user, that is not started."""
    return Server(details.pop("place"), strangers.CONFIG, modules=("alias",),
                  **details)


def close(server):
    try:
        server.close()
    finally:
        server.remove()


# System calls

def count_calls(server, requests):
    """System calls of a server, which runs, over so many requests."""
    path = os.path.join(server.folder, "strace")
    tracer = subprocess.Popen(
        ["strace", "-c", "-f", "-U", "calls,name", "-o", path, "-p",
         str(server.pid)], stderr=subprocess.DEVNULL)
    try:
        assert wait_until(lambda: is_traced(server.pid), 10)
        sent = stream.send(server, mixed(requests // KINDS), connections=1,
                           portion=1)
        assert sent == requests
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(10)
    with open(path) as file:
        found = re.findall(r"^ *(\d+) (\w+)$", file.read(), re.M)
    return {name: int(count) for count, name in found if name != "total"}


def is_traced(pid):
    with open(f"/proc/{pid}/status") as file:
        return re.search(r"^TracerPid:\t[1-9]", file.read(), re.M)


def calls_of(requests, usage):
    """prefork: nothing but a request makes a call."""
    server = serve(place=places.Place("prefork", as_root=False), usage=usage)
    try:
        server.start("-X")
        stream.send(server, mixed(10), connections=1, portion=1)
        return count_calls(server, requests)
    finally:
        close(server)


def added_calls(requests=1000):
    """{system call: how many a request makes more with the module}, and how
    many it makes without, all told."""
    without = calls_of(requests, usage=False)
    with_usage = calls_of(requests, usage=True)
    return ({name: (with_usage.get(name, 0) - without.get(name, 0)) / requests
             for name in {*without, *with_usage}},
            sum(without.values()) / requests)


# Functions

class Profile:
    """Who calls whom, from callgrind's file: a function by its name."""

    def __init__(self, path):
        self.calls = defaultdict(set)
        self.objects = {}
        self.names = defaultdict(dict)
        self.read(path)

    def name(self, table, word):
        """Names are given once, after a number; then the number stands for
        them. One behind ' is a deeper call of the same function."""
        number, _, text = word.partition(" ")
        if text:
            self.names[table][number] = text.partition("'")[0]
        return self.names[table][number]

    def read(self, path):
        caller = place = callees = None
        with open(path) as file:
            for line in file:
                key, _, word = line.rstrip("\n").partition("=")
                if key == "ob":
                    place = self.name("ob", word)
                elif key == "cob":
                    callees = self.name("ob", word)
                elif key == "fn":
                    caller = self.name("fn", word)
                    self.objects[caller] = place
                elif key == "cfn":
                    callee = self.name("fn", word)
                    self.calls[caller].add(callee)
                    self.objects.setdefault(callee, callees or place)
                    callees = None

    def own(self):
        return {name for name, place in self.objects.items()
                if place and place.endswith("/mod_usage.so")}

    def outside(self):
        """Functions that the module calls itself."""
        own = self.own()
        return {callee for name in own for callee in self.calls[name]} - own

    def reached(self):
        """Those, and what they call in turn, up to the borders."""
        found, waiting = set(), list(self.outside())
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += () if name in BORDERS else self.calls[name]
        return found


def profile(requests=300):
    server = serve(place=places.Place("event", as_root=False))
    try:
        path = os.path.join(server.make_folder("profile"), "out")
        server.wrapper = strangers.callgrind(path)
        server.start("-X")
        assert stream.send(server, mixed(requests // KINDS), 1) == requests
        server.end()
        return Profile(path)
    finally:
        close(server)
