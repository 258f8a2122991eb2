#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The checked-in automaton is the one that its lists make."""

import os
import subprocess
import sys

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")

sys.exit(subprocess.call([sys.executable, "-B", os.path.join(
    TOP, "build", "agents", "tables.py"), "--check"]))
