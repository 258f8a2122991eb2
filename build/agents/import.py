# SPDX-License-Identifier: Apache-2.0
"""Makes crawlers.tsv of the npm package crawler-user-agents (MIT).

    npm pack crawler-user-agents && tar xzf crawler-user-agents-*.tgz
    python3 build/agents/import.py package >build/agents/crawlers.tsv
    python3 build/agents/tables.py

Each pattern of the package, a regular expression, becomes literals: optional
parts and alternatives are written out, and of a pattern with anything more
in it (`.*`, `\\d+`) the longest literal part is kept. Its tags become one of
our kinds, and the name for people is taken from its instances.
"""

import json
import os
import re
import sys

from collections import Counter

# What real people's browsers have: an in-app browser, and the build number of
# a telephone's system.
NOT_BOTS = {"MetaIAB Facebook", r"AP3A\.240617\.008"}

# The first tag of these that a pattern has says its kind.
KINDS = [
    ("ai-crawler", "ai-crawler"),
    ("search-engine", "search"),
    ("social-preview", "preview"),
    ("feed-reader", "feed"),
    ("monitoring", "monitor"),
    ("scanner", "security"),
    ("seo", "seo"),
    ("http-library", "library"),
    ("browser-automation", "library"),
]

# Fetches for one person who has asked something, or works for one.
ASSISTANT = re.compile(
    r"-?user$|assist|-agent$|googleagent|notebooklm|deep-research|devin"
    r"|buyforme|agentcore|gemini-cli|smartfetch|manus|-fetcher$", re.I)

# Names of patterns that name no product.
NAMES = {
    "sindresorhus/got": "got",
    "yandex.com/bots": "YandexBot",
    "pinterest.com/bot": "Pinterestbot",
    "developers.google.com/+/web/snippet": "Google+ Snippet",
    "https://developers.cloudflare.com/security-center/":
        "Cloudflare Security Center",
    "Mediapartners (Googlebot)": "Mediapartners-Google",
    "dbot)": "dbot",
}


def split_alternatives(pattern):
    """The alternatives of a pattern at its outermost level."""
    parts, depth, at = [""], 0, 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            parts[-1] += pattern[at:at + 2]
            at += 2
            continue
        depth += (char == "(") - (char == ")")
        if char == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
        at += 1
    return parts


def closing(pattern, at):
    """Where the bracket that opens at `at` closes."""
    pair = {"(": ")", "[": "]"}[pattern[at]]
    depth, opening = 0, pattern[at]
    while True:
        if pattern[at] == "\\":
            at += 1
        elif pattern[at] == opening:
            depth += 1
        elif pattern[at] == pair:
            depth -= 1
            if depth == 0:
                return at
        at += 1


def atom_at(pattern, at):
    """The texts that the atom at `at` stands for (None: anything), and where
    it ends."""
    char = pattern[at]
    if char == "\\":
        escaped = pattern[at + 1]
        return (None if escaped.isalnum() else [escaped]), at + 2
    if char == "(":
        end = closing(pattern, at)
        texts = []
        for part in split_alternatives(pattern[at + 1:end]):
            texts += literals_of(part)
        return texts, end + 1
    if char == "[":
        end = closing(pattern, at)
        chars = pattern[at + 1:end]
        is_letter = re.fullmatch("[a-zA-Z]{2}", chars) is not None
        is_letter = is_letter and chars[0].lower() == chars[1].lower()
        return ([chars[0].lower()] if is_letter else None), end + 1
    if char == ".":
        return None, at + 1
    return [char], at + 1


def literals_of(pattern):
    """The literals that stand for one alternative; `^`, `$` are anchors."""
    runs, at = [[""]], 0
    while at < len(pattern):
        texts, end = atom_at(pattern, at)
        repeat = pattern[end] if end < len(pattern) else ""
        if repeat in ("*", "+", "?"):
            end += 1
            if repeat == "?" and texts:
                texts = texts + [""]
            elif repeat != "+" or not texts:
                texts = None
        if texts is None:
            runs.append([""])
        else:
            runs[-1] = [run + text for run in runs[-1] for text in texts]
        if repeat == "+" and texts:
            runs.append([""])
        at = end
    return max(runs, key=lambda run: max(map(len, run)))


def expand(pattern):
    """The literals of a pattern, in lower case, in the notation of
    tables.py."""
    pattern = pattern.replace("(^| )", "<").replace("([^-]|$)", "")
    found = []
    for part in split_alternatives(pattern):
        found += literals_of(part)
    literals = sorted({text.lower().strip() for text in found})
    return [edged(text) for text in literals]


def edged(literal):
    """A short literal counts only where a word begins."""
    letters = re.sub("[^a-z0-9]", "", literal)
    if len(letters) <= 5 and literal[0].isalnum():
        return "<" + literal
    return literal


def kind_of(entry):
    tags = entry["tags"]
    name = entry["pattern"].replace("\\", "")
    if "ai-crawler" in tags or "browser-automation" in tags:
        if ASSISTANT.search(name.strip("/")):
            return "ai-assistant"
    if "ai-crawler" in tags and ("search-engine" in tags
                                 or "search" in name.lower()):
        return "ai-search"
    for tag, kind in KINDS:
        if tag in tags:
            return kind
    return "other"


def cleaned(text):
    return re.sub(r"^https?://|^www\.", "", text).strip(" /;-_()^$<>:.,")


def name_of(entry, literal):
    """How its instances write what the literal finds, with capitals if any
    has them."""
    plain = re.sub(r"\\(.)", r"\1", entry["pattern"])
    if plain in NAMES:
        return NAMES[plain]
    bare = literal.strip("^$<>")
    written = Counter()
    for instance in entry["instances"]:
        at = instance.lower().find(bare)
        if at >= 0:
            written[cleaned(instance[at:at + len(bare)])] += 1
    if written:
        return max(written, key=lambda text: (text != text.lower(),
                                              written[text]))
    is_plain = not re.search(r"[\[\](|*+?]", entry["pattern"])
    return cleaned(plain if is_plain else bare)


def main():
    folder = sys.argv[1]
    with open(os.path.join(folder, "package.json")) as file:
        package = json.load(file)
    with open(os.path.join(folder, "crawler-user-agents.json")) as file:
        entries = json.load(file)
    with open(os.path.join(folder, "LICENSE")) as file:
        licence = file.read().strip()
    print("# Made by build/agents/import.py of the npm package "
          f"{package['name']} {package['version']}.")
    for line in licence.splitlines():
        print(("# " + line).rstrip())
    print("#\n# literal\tkind\tname")
    for entry in entries:
        if entry["pattern"] in NOT_BOTS:
            continue
        for literal in expand(entry["pattern"]):
            print(literal, kind_of(entry), name_of(entry, literal), sep="\t")


if __name__ == "__main__":
    main()
