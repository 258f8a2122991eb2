#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The system calls that a request makes, those that the module adds to them,
and the functions outside of the module that counting comes to (the tests:
test/http/test_quiet.py)."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "http"))

import processes  # noqa: E402
import quiet  # noqa: E402


def main():
    processes.adopt_orphans()
    added, before = quiet.added_calls()
    print(f"system calls a request: httpd {before:.2f}, with the module",
          " ".join(f"{count:+.2f} {name}" for name, count in added.items()
                   if abs(count) >= 0.01) or "none more")
    reached = quiet.profile().reached()
    print("outside of the module, counting comes to:",
          ", ".join(sorted(reached)))
    bad = [name for name in reached if quiet.FORBIDDEN.search(name)]
    sys.exit(f"among them are {bad}" if bad else 0)


if __name__ == "__main__":
    main()
