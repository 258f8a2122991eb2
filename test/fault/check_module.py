#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The module has points to fail at if, and only if, it is built for tests."""

import os
import re
import subprocess
import sys

BUILD = os.environ["USAGE_BUILD"]
MODULE = os.path.join(BUILD, "mod_usage", ".libs", "mod_usage.so")


def is_for_faults():
    """Whether configure was told --enable-faults."""
    with open(os.path.join(BUILD, "Makefile")) as file:
        flags = re.search(r"^FAULT_CPPFLAGS = *(.*)$", file.read(), re.M)
    return "USAGE_FAULTS" in flags[1]


def traces():
    """What of the points is in the module: symbols, and the folder's name."""
    symbols = subprocess.run(["nm", MODULE], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
    assert "usage_module" in symbols, "the module has no symbols to look at"
    with open(MODULE, "rb") as file:
        has_name = b"USAGE_FAULTS" in file.read()
    return re.findall(r"\busage_fault\b", symbols) + ["the name"] * has_name


found, expected = traces(), is_for_faults()
if bool(found) != expected:
    sys.exit(f"{MODULE} has {found or 'no points to fail at'}, but configure "
             f"was {'' if expected else 'not '}told --enable-faults")
