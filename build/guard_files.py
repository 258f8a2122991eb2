# SPDX-License-Identifier: Apache-2.0
"""The project's files, as the guards read them."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def read(path):
    """A file's text; "" if there is none."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def name_of(path):
    """A path as it is written in the makefiles."""
    return path.relative_to(ROOT).as_posix()
