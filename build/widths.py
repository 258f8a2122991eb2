#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints dashboard/widths.c: which characters take no column of a terminal, or
two, by the Unicode database that Python has.
"""

import sys
import unicodedata

HEAD = """\
/* SPDX-License-Identifier: Apache-2.0 */
/* Made by build/widths.py of Unicode {version}; not to be edited. */
#include "widths.h"
"""


def takes_none(code):
    """Whether a character combines, joins or is a sign for the renderer."""
    character = chr(code)
    return (unicodedata.category(character) in ("Mn", "Me", "Cf")
            and code != 0xAD) or 0x1160 <= code <= 0x11FF


def takes_two(code):
    """Whether it is wide. What isn't assigned in the planes of ideographs is."""
    if takes_none(code):
        return False
    if unicodedata.category(chr(code)) == "Cn":
        return 0x20000 <= code <= 0x3FFFD
    return unicodedata.east_asian_width(chr(code)) in "WF"


def ranges(holds):
    """(first, last) of each run of characters for which it holds."""
    found = []
    for code in range(0x110000):
        if 0xD800 <= code <= 0xDFFF or not holds(code):
            continue
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return found


def table(name, found):
    """The C of one table, a few ranges a line."""
    cells = [f"{{ 0x{first:04X}, 0x{last:04X} }}," for first, last in found]
    lines, line = [], "   "
    for cell in cells:
        if len(line) + 1 + len(cell) > 79:
            lines.append(line)
            line = "   "
        line += " " + cell
    body = "\n".join(lines + [line])
    return (f"\n/* clang-format off */\n"
            f"const usage_width_range_t {name}[] = {{\n{body}\n}};\n"
            f"/* clang-format on */\n"
            f"const int {name}_count =\n"
            f"    sizeof {name} / sizeof *{name};\n")


if __name__ == "__main__":
    sys.stdout.write(HEAD.format(version=unicodedata.unidata_version)
                     + table("usage_widths_none", ranges(takes_none))
                     + table("usage_widths_two", ranges(takes_two)))
