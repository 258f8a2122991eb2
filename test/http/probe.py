# SPDX-License-Identifier: Apache-2.0
"""Builds the tests' own C: a module that measures, a disk that hangs or is
full, a clock that is set.
"""

import os
import re
import shlex
import struct
import subprocess
import time

import place

HERE = os.path.dirname(os.path.abspath(__file__))


def build(name, folder=HERE):
    """A shared object, made from the source of that name."""
    target = os.path.join(place.public_folder(), name + ".so")
    if not os.path.exists(target):
        apr = subprocess.run(["apr-config", "--includes", "--cppflags"],
                             check=True, text=True, stdout=subprocess.PIPE)
        subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-o",
                        target, os.path.join(folder, name + ".c"),
                        "-I" + place.apxs("INCLUDEDIR"),
                        *shlex.split(apr.stdout)], check=True)
        os.chmod(target, 0o755)
    return target


def module():
    """The module that logs how long the monitor hooks took."""
    return build("mod_usage_probe")


def slow_disk(server):
    """Environment of a server whose disk hangs for as many seconds as the
    file `slow` in its folder says."""
    return {"LD_PRELOAD": build("slow_disk"),
            "USAGE_SLOW_DISK": os.path.join(server.folder, "slow")}


class Clock:
    """The clock of a server that is not started yet; to be set at any time."""

    def __init__(self, server, time):
        self.path = os.path.join(server.folder, "clock")
        self.set(time)
        server.environment |= {"LD_PRELOAD": build("set_clock"),
                               "USAGE_CLOCK": self.path}

    def set(self, when):
        """Let it be this time now, by all of the server's processes."""
        mode = "r+b" if os.path.exists(self.path) else "wb"
        with open(self.path, mode) as file:
            file.write(struct.pack("q", when - int(time.time())))
        os.chmod(self.path, 0o644)


def micros(log):
    """How long each pass of the monitor hook took, in microseconds."""
    return [int(text) for text in
            re.findall(r"probe: the monitor hooks took (\d+) us", log)]
