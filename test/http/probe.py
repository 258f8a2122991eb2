# SPDX-License-Identifier: Apache-2.0
"""Builds the tests' own C: modules that measure and count, a disk that hangs
or is full, a clock that is set.
"""

import os
import re
import shlex
import struct
import subprocess
import time

import place

HERE = os.path.dirname(os.path.abspath(__file__))


def build(name):
    """A shared object, made from the source of that name."""
    target = os.path.join(place.public_folder(), name + ".so")
    if not os.path.exists(target):
        apr = subprocess.run(["apr-config", "--includes", "--cppflags"],
                             check=True, text=True, stdout=subprocess.PIPE)
        subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-o",
                        target, os.path.join(HERE, name + ".c"),
                        "-I" + place.apxs("INCLUDEDIR"),
                        "-I" + os.path.join(place.TOP, "mod_usage"),
                        *shlex.split(apr.stdout)], check=True)
        os.chmod(target, 0o755)
    return target


def module():
    """The module that logs how long the monitor hooks took."""
    return build("mod_usage_probe")


def preload(server, name):
    """Have a server, which is not started yet, load this beside others."""
    loaded = server.environment.get("LD_PRELOAD", "").split()
    server.environment["LD_PRELOAD"] = " ".join([*loaded, build(name)])


def slow_disk(server):
    """Give a server a disk that hangs for as many seconds as the file `slow`
    in its folder says."""
    preload(server, "slow_disk")
    server.environment["USAGE_SLOW_DISK"] = os.path.join(server.folder, "slow")


class Questions:
    """How often databases are asked by a server that is not started yet."""

    def __init__(self, server):
        self.path = os.path.join(server.folder, "questions")
        open(self.path, "wb").close()
        os.chmod(self.path, 0o666)
        preload(server, "count_questions")
        server.environment["USAGE_QUESTIONS"] = self.path

    def count(self):
        """So far."""
        return os.path.getsize(self.path)


def hasten(server):
    """Let the parent look every half second whether a flush is due, and every
    twentieth of a second at its children: httpd's pace is twenty times that.
    """
    preload(server, "quick")


class Clock:
    """The clock of a server that is not started yet; to be set at any time."""

    def __init__(self, server, when=None):
        self.server = server
        self.path = os.path.join(server.folder, "clock")
        self.offset = 0
        self.set(int(time.time()) if when is None else when)
        preload(server, "set_clock")
        server.environment["USAGE_CLOCK"] = self.path

    def set(self, when):
        """Let it be this time now, by all of the server's processes. Each hit
        is counted by then: a flush that comes now takes it whole."""
        self.write(when - int(time.time()), 0)

    def stop(self, when):
        """Let it be this time until it is set: what is done takes no time."""
        self.write(when - int(time.time()), when)

    def write(self, offset, stopped):
        if self.server.pid is not None:
            self.server.settle()
        self.offset = offset
        mode = "r+b" if os.path.exists(self.path) else "wb"
        with open(self.path, mode) as file:
            file.write(struct.pack("qq", offset, stopped))
        os.chmod(self.path, 0o644)

    def now(self):
        """What it shows."""
        return int(time.time()) + self.offset

    def advance(self, seconds):
        """Let so much time be over."""
        self.set(self.now() + seconds)


def micros(log):
    """How long each pass of the monitor hook took, in microseconds."""
    return [int(text) for text in
            re.findall(r"probe: the monitor hooks took (\d+) us", log)]
