#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Faults drawn at random, under steady load: afterwards the database has what
was acknowledged, to the unit.

    run.py [--faults N] [--seed N] [--database NAME] [--only WORDS] [--list]

USAGE_BUILD names a folder that was configured with --enable-faults. The same
seed draws the same faults in the same order. Every point of the source is
among them, and a run of many faults draws each fault once before any twice.
"""

import argparse
import os
import random
import re
import sys
import time

import trial as trials  # noqa: I001: finds the modules of test/http

import processes

from faults import FAULTS
from keeper import KEEPERS

# Faults between two reckonings, at which a loss is found.
STRETCH = 20

SOURCE = os.path.join(os.path.dirname(os.path.dirname(trials.HERE)),
                      "mod_usage")


def points_of_source():
    """The names of all points to fail at."""
    found = set()
    for folder, _, files in os.walk(SOURCE):
        for name in files:
            if name.endswith(".c"):
                with open(os.path.join(folder, name)) as file:
                    found |= set(re.findall(
                        r'USAGE_FAULT(?:_ERROR)?\("([\w-]+)"', file.read()))
    return found


def draw(names, count, dice):
    """So many names, each once before any twice."""
    drawn = []
    while len(drawn) < count:
        drawn += dice.sample(names, min(len(names), count - len(drawn)))
    return drawn


def check_points():
    """Every point of the source has a fault."""
    used = " ".join(FAULTS).split()
    missing = sorted(points_of_source() - set(used))
    if missing or not points_of_source():
        sys.exit(f"no fault is made at the points {missing}")


def run_stretch(trial, names, dice):
    for name in names:
        begun = time.monotonic()
        try:
            FAULTS[name](trial, dice)
        except (AssertionError, OSError) as problem:
            raise trials.Wrong(f"{name}: {problem!r}\n{trial.tail()}")
        trial.withdraw()
        trial.crowd.resume()
        trial.await_caretakers()
        time.sleep(dice.uniform(0, 0.2))
        print(f"  {time.monotonic() - begun:5.1f} s  {name}", flush=True)
    trial.reckon()


def run_all(trial, drawn, dice):
    """Whether the database agreed at the end of every stretch."""
    begun = time.monotonic()
    for at in range(0, len(drawn), STRETCH):
        names = drawn[at:at + STRETCH]
        try:
            run_stretch(trial, names, dice)
        except trials.Wrong as wrong:
            print(f"WRONG within {names}:\n{wrong}\n{trial.summary()}; "
                  f"{trial.server.folder}")
            return False
        print(f"after {at + len(names)} faults and "
              f"{time.monotonic() - begun:.0f} s: {trial.summary()}; the "
              "database agrees", flush=True)
    return True


def run(arguments, names):
    dice = random.Random(arguments.seed)
    keeper = KEEPERS[arguments.database]()
    try:
        trial = trials.Trial(keeper)
        try:
            drawn = draw(names, arguments.faults, dice)
            is_right = run_all(trial, drawn, dice)
        finally:
            trial.close()
        if is_right:
            trial.remove()
            print(f"{arguments.faults} faults on {arguments.database}, seed "
                  f"{arguments.seed}: nothing lost, nothing twice")
        return 0 if is_right else 1
    finally:
        keeper.stop()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--faults", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=KEEPERS, default="sqlite3")
    parser.add_argument("--only", default="", help="a regular expression")
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()
    names = [name for name in sorted(FAULTS)
             if re.search(arguments.only, name)]
    if arguments.list:
        print("\n".join(names))
        return 0
    check_points()
    processes.adopt_orphans()
    return run(arguments, names)


if __name__ == "__main__":
    sys.exit(main())
