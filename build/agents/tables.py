#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes mod_usage/engine/agent_data.[ch] of the three lists beside it.

    tables.py           writes the two files
    tables.py --check   fails if they are not what it would write

A list has a literal a line and what it says, apart by tabs. Letters are in
lower case and stand for either case. Around a literal:

    ^word   at the beginning of the agent     word$   at its end
    <word   no letter or digit before         word>   no letter after

The literals become one automaton (Aho and Corasick, "Efficient string
matching", CACM 18:6, 1975): a trie whose nodes know which node to go on with
where no edge fits. It is kept as a double array (Aoe, 1989): the edge of node
s for class c leads to node base[s] + c, if that one's check is s.
"""

import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ENGINE = os.path.join(HERE, "..", "..", "mod_usage", "engine")

KINDS = ("none search ai-crawler ai-assistant ai-search preview feed monitor "
         "seo security library other").split()

EDGES = {"^": 1, "$": 2, "<": 4, ">": 8}
HIDES, WEAK = 16, 32

# A crawler's literal is weak if it is a word that could name a telephone too.
STRONG = re.compile("[^a-z ]|bot|crawl|spider|search|scan|fetch|monitor|check"
                    "|preview|archiv|index|headless|client|agent|http|python"
                    "|feed|script|spam|proxy|validat|analy|audit|harvest")

# A crawler's name says more than a library's, and that more than a word.
RANK_WORD, RANK_PROGRAM, RANK_CRAWLER = 1, 2, 3

LICENCE = "/* SPDX-License-Identifier: Apache-2.0 AND MIT */\n"


def rows(name):
    with open(os.path.join(HERE, name)) as file:
        for line in file:
            if not line.startswith("#") and line != "\n":
                yield line.rstrip("\n").split("\t")


def notice():
    """The package, its version and its licence, as crawlers.tsv has them."""
    lines = []
    with open(os.path.join(HERE, "crawlers.tsv")) as file:
        for line in file:
            if not line.startswith("#"):
                return lines[:-2]
            lines.append(line[2:].rstrip())


class Literal:
    def __init__(self, text):
        self.edges = 0
        while text[0] in "^<":
            self.edges |= EDGES[text[0]]
            text = text[1:]
        while text[-1] in "$>":
            self.edges |= EDGES[text[-1]]
            text = text[:-1]
        assert text == text.lower() and text.isascii()
        self.text = text
        self.rank = self.bot = self.trait = 0


class Lists:
    """What the three lists say: literals, the bots and the traits."""

    def __init__(self):
        self.literals = []
        self.bots = [("", "none")]
        self.places = {}
        self.fixed = []
        self.traits = []
        for text, kind, name in rows("programs.tsv"):
            if text[0] == "=":
                self.fixed.append(text[1:])
                self.bots.append((name, kind))
            else:
                is_word = name[0] == "("
                self.add_bot(text, kind, name,
                             RANK_WORD if is_word else RANK_PROGRAM)
        for text, kind, name in rows("crawlers.tsv"):
            is_program = kind == "library"
            self.add_bot(text, kind, name,
                         RANK_PROGRAM if is_program else RANK_CRAWLER)
        for text, trait in rows("words.tsv"):
            self.add_word(text, trait)

    def add_bot(self, text, kind, name, rank):
        literal = Literal(text)
        row = (name, kind)
        if row not in self.places:
            self.places[row] = len(self.bots)
            self.bots.append(row)
        literal.bot = self.places[row]
        literal.rank = rank
        is_plain = not literal.edges and not STRONG.search(literal.text)
        if rank == RANK_CRAWLER and is_plain:
            literal.edges |= WEAK
        self.literals.append(literal)

    def add_word(self, text, trait):
        literal = Literal(text)
        if trait == "NO_BOT":
            literal.edges |= HIDES
        else:
            if trait not in self.traits:
                self.traits.append(trait)
            literal.trait = self.traits.index(trait) + 1
        self.literals.append(literal)


class Trie:
    """Nodes by number; node 0 is the root."""

    def __init__(self, literals):
        self.edges, self.ends, self.fail = [{}], [[]], [0]
        for number, literal in enumerate(literals):
            node = 0
            for char in literal.text:
                if char not in self.edges[node]:
                    self.edges[node][char] = len(self.edges)
                    self.edges.append({})
                    self.ends.append([])
                    self.fail.append(0)
                node = self.edges[node][char]
            self.ends[node].append(number)
        self.order = [0]
        for node in self.order:
            for char, child in self.edges[node].items():
                if node:
                    self.fail[child] = self.step(self.fail[node], char)
                self.order.append(child)
                self.ends[child] = self.ends[child] \
                    + self.ends[self.fail[child]]

    def step(self, node, char):
        while node and char not in self.edges[node]:
            node = self.fail[node]
        return self.edges[node].get(char, 0)


class Packed:
    """The trie as a double array; class 0 is a byte of no literal."""

    def __init__(self, literals):
        trie = Trie(literals)
        chars = sorted({char for literal in literals for char in literal.text})
        self.classes = {char: place + 1 for place, char in enumerate(chars)}
        self.span = len(chars) + 1
        self.base = {}
        self.place = {0: 0}
        self.taken = {0: 0}
        self.lowest = 1
        for node in trie.order:
            self.settle(node, trie.edges[node])
        size = max(max(self.taken), max(self.base.values())) + self.span
        self.finds = [0]
        self.nodes = [[0, 0xFFFF, 0, 0] for _ in range(size)]
        lists = {(): 0}
        for node in trie.order:
            place = self.place[node]
            self.nodes[place] = [
                self.base.get(place, 0), self.taken[place],
                self.place[trie.fail[node]],
                self.found(lists, trie.ends[node], literals)]
        self.nodes[0][1] = 0xFFFF
        assert size < 0xFFFF

    def settle(self, node, edges):
        """Find room for a node's children."""
        if not edges:
            return
        classes = sorted(self.classes[char] for char in edges)
        while self.lowest in self.taken:
            self.lowest += 1
        base = max(self.lowest - classes[0], 0)
        while any(base + number in self.taken for number in classes):
            base += 1
        place = self.place[node]
        self.base[place] = base
        for char, child in edges.items():
            at = base + self.classes[char]
            self.taken[at] = place
            self.place[child] = at

    def found(self, lists, ends, literals):
        """Where the list of what ends at a node begins: what hides first,
        then the longest; the last of a list has its top bit set."""
        ends = sorted(ends, key=lambda number: (
            not literals[number].edges & HIDES, -len(literals[number].text)))
        key = tuple(ends)
        if key not in lists:
            lists[key] = len(self.finds)
            self.finds += [*ends[:-1], ends[-1] | 0x8000]
        return lists[key]


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def table(items, width=76):
    """Items with commas, as many a line as fit."""
    lines, line = [], "   "
    for item in items:
        if len(line) + len(item) + 2 > width:
            lines.append(line)
            line = "   "
        line += " " + item + ","
    return "\n".join([*lines, line]) + "\n"


def byte_classes(packed):
    for byte in range(256):
        yield str(packed.classes.get(chr(byte).lower(), 0)
                  if byte < 128 else 0)


def kind_id(kind):
    return "USAGE_BOT_KIND_" + kind.upper().replace("-", "_")


def comment():
    lines = ["/*", " * Made by build/agents/tables.py of the lists beside it; "
             "don't edit.", " *"]
    for line in notice():
        words, text = line.split(), " *"
        for word in words:
            if len(text) + len(word) + 1 > 79:
                lines.append(text)
                text = " *"
            text += " " + word
        lines.append(text)
    return "\n".join([*lines, " */"]) + "\n"


def header(lists):
    traits = "".join(f"    USAGE_TRAIT_{name} = {place + 1},\n"
                     for place, name in enumerate(lists.traits))
    fixed = "".join(f"    USAGE_BOT_{name} = {place + 1},\n"
                    for place, name in enumerate(lists.fixed))
    return (LICENCE + comment() + "#ifndef USAGE_AGENT_DATA_H\n"
            "#define USAGE_AGENT_DATA_H\n\n/* clang-format off */\n"
            "/** What a word of an agent shows. */\n"
            f"typedef enum usage_trait_e {{\n{traits}"
            f"    USAGE_TRAITS = {len(lists.traits) + 1}\n}} usage_trait_e;\n\n"
            "/** Bots that no literal finds. */\n"
            f"typedef enum usage_bot_e {{\n    USAGE_BOT_NONE = 0,\n{fixed}"
            f"    USAGE_BOTS = {len(lists.bots)}\n}} usage_bot_e;\n"
            "/* clang-format on */\n\n#endif\n")


def source(lists):
    packed = Packed(lists.literals)
    out = [LICENCE, comment(), '#include "agent_tables.h"\n\n'
           "/* clang-format off */\n"
           "const apr_byte_t usage_agent_classes[256] = {\n",
           table(byte_classes(packed)), "};\n\n"
           "/* base, check, fail, found */\n"
           "const usage_agent_node_t usage_agent_nodes[] = {\n",
           table("{%d,%d,%d,%d}" % tuple(node) for node in packed.nodes),
           "};\n\nconst apr_uint16_t usage_agent_finds[] = {\n",
           table(map(str, packed.finds)), "};\n\n"
           "/* length, edges, rank, trait, bot */\n"
           "const usage_agent_literal_t usage_agent_literals[] = {\n"]
    for literal in lists.literals:
        shown = quoted(literal.text).replace("/*", "/ *").replace("*/", "* /")
        row = (f"    {{ {len(literal.text)}, {literal.edges}, "
               f"{literal.rank}, {literal.trait}, {literal.bot} }},")
        gap = " " if len(row) + len(shown) < 73 else "\n        "
        out.append(f"{row}{gap}/* {shown} */\n")
    out.append("};\n\nconst usage_bot_t usage_bots[] = {\n")
    for name, kind in lists.bots:
        out.append(f"    {{ {quoted(name)}, {kind_id(kind)} }},\n")
    out.append("};\n/* clang-format on */\n")
    return "".join(out)


def main():
    lists = Lists()
    assert len(lists.traits) < 64 and len(lists.bots) < 2048
    is_same = True
    for name, text in (("agent_data.h", header(lists)),
                       ("agent_data.c", source(lists))):
        path = os.path.join(ENGINE, name)
        if sys.argv[1:] == ["--check"]:
            with open(path) as file:
                is_same = is_same and file.read() == text
        else:
            with open(path, "w") as file:
                file.write(text)
    if not is_same:
        sys.exit("agent_data.[ch] are not of these lists: run tables.py")


if __name__ == "__main__":
    main()
