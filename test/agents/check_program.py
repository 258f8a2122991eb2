#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage-agent on lines of all shapes. USAGE_AGENT is the program."""

import os
import subprocess

PROGRAM = os.environ["USAGE_AGENT"]

CHROME = (b"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
          b"(KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36")
PERSON = b"person\t\t\tdesktop\tChrome\t126\tWindows\n"
CURL = b"bot\tlibrary\tcurl\tother\tother\t\tother\n"
EMPTY = b"bot\tother\t(no agent)\tother\tother\t\tother\n"
FIREFOX = b"Mozilla/5.0 (X11; Linux x86_64; rv:127.0)\0 Firefox/127.0"

CASES = [
    ("nothing", b"", b""),
    ("a person and a bot", CHROME + b"\ncurl/8.5.0\n", PERSON + CURL),
    ("no newline at the end", b"curl/8.5.0", CURL),
    ("a carriage return", CHROME + b"\r\n", PERSON),
    ("empty lines", b"\n\n", EMPTY + EMPTY),
    ("a long line", CHROME + b" " + b"x" * 10_000_000 + b"\ncurl/1\n",
     PERSON + CURL),
    ("a NUL", FIREFOX + b"\n",
     b"person\t\t\tdesktop\tFirefox\t127\tLinux\n"),
]


def run(*arguments, given=b""):
    return subprocess.run([PROGRAM, *arguments], input=given,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def main():
    for name, given, expected in CASES:
        done = run(given=given)
        assert done.returncode == 0, name
        assert done.stdout == expected, (name, done.stdout)
    assert run("--help").stdout.startswith(b"Usage: usage-agent")
    assert run("--version").stdout.startswith(b"usage-agent ")
    wrong = run("--wrong")
    assert wrong.returncode == 1 and not wrong.stdout and wrong.stderr
    with open("/dev/full", "wb") as full:
        done = subprocess.run([PROGRAM], input=b"curl/1\n", stdout=full,
                              stderr=subprocess.PIPE)
        assert done.returncode == 1 and done.stderr
    print(len(CASES) + 4, "cases are right")


if __name__ == "__main__":
    main()
