# SPDX-License-Identifier: Apache-2.0
"""What httpd and a sanitizer wrote to an error log, and what may stand there."""

import re

SERIOUS = re.compile(r"\[[\w-]*:(?:warn|error|crit|alert|emerg)\]")

# Sanitizers write to standard error, which httpd makes its error log.
SANITIZER = re.compile(r"ERROR: \w+Sanitizer|runtime error:")

# mpm_event's, of a connection that it closes when it is told to end.
CLOSING = "AH0309[23]"


class ErrorLog:
    """A file that may come later, and the serious lines it may have."""

    def __init__(self, path):
        self.path = path
        self.expected = []

    def text(self):
        try:
            with open(self.path, errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def expect(self, *patterns):
        self.expected += [re.compile(pattern) for pattern in patterns]

    def serious(self):
        """Lines at warn or above that nothing expects."""
        return [line for line in self.text().splitlines()
                if SERIOUS.search(line)
                and not any(p.search(line) for p in self.expected)]

    def check(self):
        lines = self.serious()
        assert not lines, "unexpected in the error log:\n" + "\n".join(lines)
        found = SANITIZER.search(self.text())
        assert not found, self.text()[found.start():]
