# SPDX-License-Identifier: Apache-2.0
"""Names that mean harm come in through every door, and are harmless: nothing is
lost, and the page, the log and the database are what they are without them."""

import re

import pytest

from hostile import DOORS, HARMLESS, TEXTS, Client, elements, made, Shape
from outputs import check_all

MARKS = ("usage_mark", "its category of marks", "UsageMarkPost")

# Of the log, all that is no text on lines of its own.
RAW = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")


# What is shown where: a judge gets the text of an answer and gives back what
# it is made of, which names must not change.

def judge_page(text):
    shape = Shape(text)
    assert shape.scripts == 0 and shape.handlers == []
    assert [load.partition("?v=")[0] for load in shape.loads] == [
        "usage-stats/style.css", "usage-stats/script.js"]
    return shape.parts


def judge_lines(text):
    """Keys, each with a number."""
    return {re.fullmatch(r"(\w+): -?[\d.]+", line)[1]
            for line in text.splitlines() if line.startswith("Usage")}


FORMATS = [
    ("/usage-stats", judge_page),
    ("/usage-stats?site=site.test&period=7d", judge_page),
    ("/usage-stats?period=day", judge_page),
    ("/usage-stats?period=12mo", judge_page),
    ("/usage-stats.server", elements),
    ("/usage-stats.server?auto", judge_lines),
]


def shown(server):
    """{url: what its answer is made of}."""
    server.settle()
    found = {}
    for url, judge in FORMATS:
        answer = server.get(url)
        assert answer.status == 200, url
        found[url] = judge(answer.body.decode())
    return found


def send_all(server, texts):
    """{door: what it told of each text that counts}. Only so many marks can wait
    for a flush."""
    client = Client(server)
    found = {}
    for name, door in DOORS.items():
        found[name] = [told for text in texts.values()
                       if (told := door(client, text))]
        if name in MARKS:
            server.stop()
            server.start()
    return found


def texts_of(tables):
    """Every text of every row, but for sketches and salts."""
    for table, rows in tables.items():
        for row in rows:
            for column, value in row.items():
                if isinstance(value, str) and column not in ("sketch", "salt"):
                    yield table, column, value


def check_texts(database):
    for table, column, text in texts_of(database.tables):
        assert len(text.encode()) <= 255, (table, column, text)
        assert not re.search("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f"
                             "\u2028-\u202e\u2066-\u2069]", text), (
                                 table, column, text)


def by_category(database):
    return database.sums("usage_event", ("category",), value="count")


def by_name(database):
    return database.sums("usage_event", ("event",), value="count")


def check_events(database, told):
    categories, names = by_category(database), by_name(database)
    assert categories["expression"] == len(told["UsageEvent"])
    assert names["expressed"] == len(told["UsageEvent"])
    assert categories["note"] == len(told["note"])
    assert names["door"] == len(told["variable"])
    assert names["header"] == len(told["header"])
    assert categories["counted"] == len(told["usage_count"])
    assert names["counted"] == len(told["its category"])


def check_things(database, told):
    met = {row["category"]: row["visitors"]
           for row in database.tables["usage_seen"]}
    assert met.pop("met") == len(told["usage_seen"])
    assert met.pop("user") == len(database.tables["usage_user"]) > 10
    assert met.pop("visitor") == visits(database)
    assert sum(met.values()) == len(told["its category of things"])


def check_marks(database, told):
    marks = database.tables["usage_mark"]
    def having(column, value):
        return sum(row[column] == value for row in marks)
    assert having("category", "marked") == len(told["usage_mark"])
    assert having("name", "marked") == len(told["its category of marks"])
    assert having("category", "posted") == len(told["UsageMarkPost"])
    assert having("name", "<b onclick=x>'=1+1;--") == 1


def visits(database):
    return sum(row["visits"] for row in database.rows("usage_total"))


def check_visits(database):
    """Each view came from an address of its own."""
    categories = by_category(database)
    begun = visits(database)
    assert begun == database.views()
    for kind in ("country", "language", "browser-version", "system-version"):
        assert categories[kind] == begun, kind
    assert sum(database.sources().values()) == begun
    assert categories["status"] == database.hits()
    assert categories["campaign-source"] > 10
    assert categories["campaign-source"] == categories["campaign-name"]
    assert categories["campaign-ref"] > 10


@pytest.mark.each_database
def test_names_do_no_harm(serve):
    other = made(serve).start()
    send_all(other, HARMLESS)
    plain = shown(other)
    other.stop()
    server = made(serve).start()
    told = send_all(server, TEXTS)
    for url, parts in shown(server).items():
        assert parts <= plain[url], (url, parts - plain[url])
    text = Shape(server.get("/usage-stats").body.decode()).text
    assert TEXTS["markup"].decode() in text
    check_all(server)
    database = server.count()
    check_texts(database)
    check_events(database, told)
    check_things(database, told)
    check_marks(database, told)
    check_visits(database)
    missing = sum(told[door].count(404) for door in DOORS
                  if told[door] and told[door][0] is not True)
    categories = by_category(database)
    assert categories["not-found"] == missing
    assert categories['log"<i>'] == server.log().count("denied by server")
    assert not RAW.search(server.log().encode())
    assert "exit signal" not in server.log()
