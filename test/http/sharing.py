# SPDX-License-Identifier: Apache-2.0
"""Servers that share salts: their configuration, and what the database then
knows of visitors.
"""

import base64

from processes import wait_until
from server import BROWSER

LOCAL = "UsageFlushInterval 10s\nDBDMin 0\n"
SHARED = LOCAL + "UsageSalt shared\nLogLevel usage:debug\n"

OTHER = BROWSER.replace("128", "127")

NOON = 1784030400  # 2026-07-14 12:00
MIDNIGHT = NOON + 43200
DAY = 86400
WINDOW = 1800


def hashes(row):
    """The visitors' hashes of a sketch that is small."""
    text = row["sketch"]
    assert text[0] == "E", text
    code = base64.b64decode(text[1:])
    return {code[i:i + 8] for i in range(0, len(code), 8)}


def sketches(store):
    """{node: hashes} of the one day and site."""
    rows = store.read(["usage_seen"])["usage_seen"]
    assert len({(row["day"], row["site"]) for row in rows}) == 1, rows
    for row in rows:
        assert row["visitors"] == len(hashes(row))
    return {row["node"]: hashes(row) for row in rows}


def salts(store):
    """{day: salt}."""
    if not store.exists():
        return {}
    return {row["day"]: row["salt"]
            for row in store.read(["usage_salt"])["usage_salt"]}


def wait_for_salts(server, times=1):
    assert wait_until(lambda: server.log().count("USG0065") >= times,
                      45), server.log()
