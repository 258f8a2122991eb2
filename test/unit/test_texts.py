#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every text of the page has a translation in each language, with the same
values and marks in the same order, and no translation is without its text."""

import re
import sys
from pathlib import Path

DASHBOARD = Path(__file__).resolve().parents[2] / "dashboard"
LITERALS = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'
MARKED = re.compile(r"(?:\bN_\(|usage_sink_say\(\s*sink,)\s*" + LITERALS)
LABEL = re.compile(r'X\(\w+, "\w+", ("[^"]+")\)')
LIST = re.compile(r"usage_meaning_t (\w+)\[\] = \{(.*?)\n\};", re.S)
MEANING = re.compile(r'\{\s*[\w"-]+,\s*' + LITERALS + r"\}")
PARTS = re.compile(r"%.|<[^>]*>")
PLAIN = {"usage_statuses"}  # the protocol's own words


def text_of(literals):
    """What C, or a .po file, means by string literals."""
    text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literals))
    bare = re.sub(r"\\x([0-9A-F]{2})", lambda m: chr(int(m[1], 16)),
                  text.encode().decode("latin-1"))
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1],
                  bare.encode("latin-1").decode())


def texts():
    """Every text that is marked, and those of the lists of words."""
    found = set()
    for path in DASHBOARD.glob("*.[ch]"):
        source = path.read_text()
        found |= set(map(text_of, MARKED.findall(source)))
        for name, body in LIST.findall(source):
            if name not in PLAIN:
                found |= set(map(text_of, MEANING.findall(body)))
    labels = (DASHBOARD / "query.h").read_text()
    labels = labels[:labels.index("USAGE_FILTER_LIST(X)")]
    return found | set(map(text_of, LABEL.findall(labels)))


def translations(path):
    """{text: translation} of a .po file, its head left out."""
    entry = re.compile(r"^msgid " + LITERALS + r"msgstr " + LITERALS, re.M)
    pairs = [tuple(map(text_of, pair))
             for pair in entry.findall(path.read_text())][1:]
    assert len(dict(pairs)) == len(pairs), f"{path.name}: a text twice"
    return dict(pairs)


def problems():
    wanted = texts()
    assert len(wanted) > 500
    files = sorted((DASHBOARD / "texts").glob("*.po"))
    assert len(files) > 1
    for path in files:
        known = translations(path)
        for text in sorted(wanted - known.keys()):
            yield f"{path.name} has no translation of: {text}"
        for text in sorted(known.keys() - wanted):
            yield f"{path.name} translates what the page doesn't say: {text}"
        for text, translation in known.items():
            if not translation or \
                    PARTS.findall(text) != PARTS.findall(translation):
                yield f"{path.name} has other values or marks: {text}"


if __name__ == "__main__":
    FOUND = list(problems())
    print("\n".join(FOUND) or "every text has its translations")
    sys.exit(bool(FOUND))
