# SPDX-License-Identifier: Apache-2.0
"""What is nowhere: neither in the database, the state, the logs nor the shared
memory. Everything that can be counted is counted here, of clients whose words
are told from all others.
"""

import base64
import os

from contextlib import suppress

import pytest

import mmdb

from engines import Missing
from processes import wait_until
from test_users import AUTH, MODULES

HOUR = 3600
MIDNIGHT = 1783987200  # of a Tuesday, in UTC

ADDRESS = "203.0.113.77"
ADDRESS_BYTES = bytes([203, 0, 113, 77])
AGENT_WORD = b"Quuxplorer"
AGENT = ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 "
         "Firefox/128.0 Quuxplorer/9")
SECRETS = {"referrer": b"hiddenpage", "query": b"hiddenquery",
           "cookie": b"hiddencookie", "agent": AGENT_WORD,
           "address": ADDRESS.encode(), "address's bytes": ADDRESS_BYTES}
NAME = b"zebulon"

CONFIG = AUTH + '''
UsageUsers {users}
UsageBreakdown source country language version campaign status not-found
UsageEvent "%{REQUEST_METHOD}" methods
UsageAddressMask 32 128
UsageFlushInterval 10s
UsageSalt {salts}
UsageGeoDB "{folder}/c.mmdb"
RemoteIPHeader X-From
RemoteIPInternalProxy 127.0.0.1
LogLevel usage:debug
'''


def contents(server, with_memory=True):
    """{file: bytes} of all that the server and its module have written."""
    found = {}
    for folder, _, files in os.walk(server.folder):
        for name in files:
            path = os.path.join(folder, name)
            if name not in ("users", "httpd.conf", "c.mmdb", "access.log"):
                with (suppress(FileNotFoundError),  # as SQLite's may be by now
                      open(path, "rb") as file):
                    found[path] = file.read()
    if with_memory:
        assert server.shared
        for path in server.shared:
            with open(path, "rb") as file:
                found[path] = file.read()
    return found


def finds(server, words, **details):
    """Where which of the words stand."""
    return [(kind, os.path.basename(path))
            for path, data in contents(server, **details).items()
            for kind, word in words.items() if word in data]


def visit(server, path="/a.html", name="zebulon"):
    pair = base64.b64encode(f"{name}:secret".encode()).decode()
    return server.status(
        f"{path}?token=hiddenquery&utm_source=mail", agent=AGENT,
        headers={"X-From": ADDRESS, "Authorization": f"Basic {pair}",
                 "Cookie": "id=hiddencookie",
                 "Referer": "https://b.example/hiddenpage?hiddenquery=1"})


def made(serve, users, salts):
    server = serve("", start=False, modules=[*MODULES, "remoteip"],
                   hurried=True, now=MIDNIGHT + 12 * HOUR)
    mmdb.write(os.path.join(server.folder, "c.mmdb"), {"203.0.113.0/24": "DE"})
    server.configure(CONFIG.replace("{users}", users)
                     .replace("{salts}", salts))
    with open(os.path.join(server.folder, "users"), "w") as file:
        file.write("zebulon:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n")
    os.chmod(os.path.join(server.folder, "users"), 0o644)
    server.start()
    server.clock.advance(15)
    if salts == "shared":  # a flush: they are there when it ends
        assert wait_until(lambda: "USG0065" in server.log(), 20)
    return server


@pytest.mark.parametrize("salts", ["local", "shared"])
def test_what_is_nowhere_at_any_time(serve, salts):
    """Nor after a stop that could not flush, and a crash."""
    server = made(serve, "random", salts)
    words = {**SECRETS, "user": NAME}
    for _ in range(3):
        assert visit(server) == 200
    assert visit(server, "/none") == 404
    server.settle()
    assert finds(server, words) == []
    server.kill()
    assert finds(server, words) == []
    server.start()
    visit(server)
    database = server.stop()
    assert finds(server, words, with_memory=False) == []
    assert database.sums("usage_event", ("category",), value="count")[
        "country"] >= 1
    assert any(row["category"] == "user"
               for row in database.tables["usage_seen"])


def rows_of(server, table):
    """Those that are there by now."""
    try:
        return server.database().tables[table]
    except Missing:
        return []


def salts_of(server):
    return [bytes.fromhex(row["salt"])
            for row in rows_of(server, "usage_salt") if row["day"]]


def test_what_is_gone_when_the_day_is_over(serve):
    """The day's key, and the names of its users."""
    server = made(serve, "stored", "shared")
    visit(server)
    server.clock.advance(15)
    assert wait_until(lambda: rows_of(server, "usage_user"), 20)
    today = {f"salt {number}": salt
             for number, salt in enumerate(salts_of(server)[:1])}
    assert finds(server, today) and finds(server, {"user": NAME})
    for hours in (14, 27, 40, 42, 44):
        server.clock.set(MIDNIGHT + hours * HOUR)
        server.status("/b.html")
        server.clock.advance(15)
        if wait_until(lambda: finds(server, {**today, "user": NAME}) == [], 4):
            break
    assert finds(server, {**today, "user": NAME}) == []
    server.stop()
    assert finds(server, {**today, "user": NAME, **SECRETS},
                 with_memory=False) == []


FAILING = '''
UsageEvent "%{file:a}" "expr=file('{folder}/none') == 'a'"
UsageExclude "expr=file('{folder}/none') == 'a'"
<Location "/usage-stats/mark">
    UsageMarkPost On
</Location>
RemoteIPHeader X-From
RemoteIPInternalProxy 127.0.0.1
LogLevel warn usage:debug
'''


def from_afar(server, path, **headers):
    """What a client is answered whose address would show in the log."""
    body = headers.pop("body", None)
    return server.ask(path, "GET" if body is None else "POST", body=body,
                      headers={"X-From": ADDRESS, **headers}).status


def test_no_line_of_its_own_names_the_client(serve):
    """httpd would put the client before each line about a request."""
    server = serve(FAILING, modules=["remoteip"], start=False)
    server.expect("USG", "DBD|dbd")
    with open(server.database_file, "w") as file:
        file.write("no database " * 200)
    server.give(server.database_file)
    server.start()
    assert from_afar(server, "/a.html") == 200
    assert from_afar(server, "/usage-stats") == 200
    assert from_afar(
        server, "/usage-stats/mark", body=b"name=a",
        **{"Sec-Fetch-Site": "none",
           "Content-Type": "application/x-www-form-urlencoded"}) == 204
    server.settle()
    for line in ("USG0020", "USG0023", "USG0081", "USG0083"):
        assert line in server.log()
    assert ADDRESS not in server.log()
    os.unlink(server.database_file)


def test_nor_does_that_of_a_server_that_counts_nothing(serve):
    server = serve('<Location "/usage-stats">\nSetHandler usage-stats\n'
                   '</Location>\nRemoteIPHeader X-From\n'
                   'RemoteIPInternalProxy 127.0.0.1\n',
                   modules=["remoteip"], counting="")
    server.expect("USG0021")
    assert from_afar(server, "/usage-stats") == 404
    assert "USG0021" in server.log()
    assert ADDRESS not in server.log()
