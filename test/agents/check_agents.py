#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What usage-agent makes of agents of public lists, against what they say.

    USAGE_AGENT=PROGRAM check_agents.py [-v]
"""

import os
import subprocess
import sys

from collections import Counter

from labels import expected

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data",
                    "agents")

PARTS = ("browser", "version", "system", "device")

# The rules were made looking at the first. Of the labels of all lists together
# this share agrees at least.
LISTS = ["ua-parser-js", "real-user-agents", "random-useragent", "woothee"]
LEAST = 0.97


def rows_of(name):
    path = os.path.join(DATA, name + ".tsv")
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file]


def classified(rows):
    """usage-agent's answer for each row, by part."""
    agents = "".join(row[0] + "\n" for row in rows)
    done = subprocess.run([os.environ["USAGE_AGENT"]], check=True,
                          input=agents.encode(), stdout=subprocess.PIPE)
    answers = [line.split("\t") for line in
               done.stdout.decode().split("\n")[:-1]]
    assert len(answers) == len(rows)
    return [{"is_bot": answer[0] == "bot", "kind": answer[1],
             "name": answer[2], "device": answer[3], "browser": answer[4],
             "version": answer[5], "system": answer[6]}
            for answer in answers]


def compare(name):
    """How many labels of a list agree, of how many."""
    rows = rows_of(name)
    right, told, wrong = Counter(), Counter(), []
    for row, answer in zip(rows, classified(rows)):
        for part, value in zip(PARTS, expected(row)):
            if value is not None:
                told[part] += 1
                right[part] += answer[part] == value
                if answer[part] != value:
                    wrong.append((part, value, answer[part], row[0]))
    share = sum(right.values()) / sum(told.values())
    shares = ", ".join(f"{part} {right[part]}/{told[part]}" for part in PARTS
                       if told[part])
    print(f"{name}: {100 * share:.2f} % of {sum(told.values())} labels agree "
          f"({shares})")
    if "-v" in sys.argv:
        for line in wrong:
            print("   ", *line)
    return sum(right.values()), sum(told.values())


def check_bots():
    """Of a list of bots at least 99.5 % are bots."""
    rows = rows_of("crawlers")
    answers = classified(rows)
    bots = sum(answer["is_bot"] for answer in answers)
    named = sum(answer["name"][:1] not in ("", "(") for answer in answers)
    print(f"crawlers: {bots} of {len(rows)} are bots, {named} with a name")
    return bots >= 0.995 * len(rows)


def check_persons():
    """Of a list of persons at most 0.05 % are bots."""
    rows = rows_of("user-agents")
    answers = classified(rows)
    total = sum(int(row[1]) for row in rows)
    bots = sum(int(row[1]) for row, answer in zip(rows, answers)
               if answer["is_bot"])
    devices = sum(int(row[1]) for row, answer in zip(rows, answers)
                  if row[4] == answer["device"])
    print(f"user-agents: {bots} of {total} are bots; the device agrees for "
          f"{devices}")
    return bots <= 0.0005 * total and devices >= 0.97 * total


def main():
    is_right = [check_bots(), check_persons()]
    counts = [compare(name) for name in LISTS]
    share = sum(count[0] for count in counts) / sum(count[1]
                                                    for count in counts)
    print(f"all lists: {100 * share:.2f} % of the labels agree")
    sys.exit(0 if all(is_right) and share >= LEAST else 1)


if __name__ == "__main__":
    main()
