# SPDX-License-Identifier: Apache-2.0
"""Builds mod_usage_probe.c, and reads what it logs."""

import os
import re
import shlex
import subprocess

import place

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      "mod_usage_probe.c")


def built():
    """The probe's module file."""
    target = os.path.join(place.public_folder(), "mod_usage_probe.so")
    if not os.path.exists(target):
        apr = subprocess.run(["apr-config", "--includes", "--cppflags"],
                             check=True, text=True, stdout=subprocess.PIPE)
        subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-o",
                        target, SOURCE, "-I" + place.apxs("INCLUDEDIR"),
                        *shlex.split(apr.stdout)], check=True)
        os.chmod(target, 0o755)
    return target


def micros(log):
    """How long each pass of the monitor hook took, in microseconds."""
    return [int(text) for text in
            re.findall(r"probe: the monitor hooks took (\d+) us", log)]
