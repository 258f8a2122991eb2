# SPDX-License-Identifier: Apache-2.0
"""Names that mean harm, and every door through which a name comes in.

A door is a function that sends one text and returns whether it counts. What it
counts in has a name or a category of its own, so that all can be added up.
"""

import base64
import itertools
import os
import re
import socket
import urllib.parse

import mmdb
import probe

from pages import Page
from server import BROWSER

# The first two are what a page shows, with 10 rows a list.
TEXTS = {
    "markup": b"<script>alert(1)</script>",
    "attribute": b"\" onmouseover='alert(1)' x=\"",
    "element": b"'></td></table><img src=x onerror=alert(1)><b ",
    "comment": b"--><!--]]><![CDATA[",
    "entity": b"&lt;i&gt;&#0;&amp",
    "formula": b"=cmd|' /C calc'!A0",
    "plus": b"+1+1",
    "minus": b"-1+1",
    "at": b"@SUM(1+1)*2",
    "SQL": b"'); DROP TABLE usage_event; --",
    "SQL quoted": b"\\'\"`; DELETE FROM usage_view; /*",
    "JSON": b"\"}],\\u0000\\",
    "metrics": b"a\"} 1\n# HELP x{",
    "percent": b"%s%n%1$lld%%:name",
    "control": b"a\x01\x07\x1b[31m\x7f\tb",
    "lines": b"a\r\nSet-Cookie: id=1\r\n\r\n<b>",
    "NUL": b"a\0b<i>",
    "no UTF-8": b"a\xff\xfe\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80",
    "cut UTF-8": b"x" * 254 + "\u20ac".encode(),
    "turned": "\u202egpj.exe\u2066\u200f\u061c\u2028".encode(),
    "C1": "\u0085\u009b31m".encode(),
    "path": b"../../../etc/passwd",
    "long": b"x" * 65536,
    "long of two bytes": "\u00e9".encode() * 32768,
    "long of no UTF-8": b"\xff" * 65536,
    "space": b" \t ",
    "star": b"*",
}

HARMLESS = {f"name {number}": f"name{number}".encode()
            for number in range(len(TEXTS))}

# What all doors of one kind have for a name or category.
FIXED = "door"

SCRIPT = """
function handle(r)
    local form = r:parsebody(1000000)
    local text = form.text or ""
    local quoted = '"' .. text:gsub('[\\\\"]', '\\\\%0') .. '"'
    r.content_type = "text/html"
    if form.door == "expression" then
        r.notes["word"] = text
    elseif form.door == "note" then
        r.notes["usage-event"] = quoted .. "; category=note"
    elseif form.door == "variable" then
        r.subprocess_env["usage-event"] = "door; category=" .. quoted
    else
        r.headers_out["Usage-Event"] = "header; category=" .. quoted
    end
    r:puts("done")
    return apache2.OK
end
"""

CONFIG = r'''
LogLevel warn usage:debug
LimitRequestLine 500000
LimitRequestFieldSize 200000
LimitRequestBody 0
UsageNode one
UsageAddressMask 32 128
UsageUsers stored
UsageBreakdown source country language version campaign status not-found
UsageGeoDB "{folder}/c.mmdb"
UsageBotPattern seo "wibble<b>" "=wibble()"
UsageEventEnv On
UsageEventHeader On
UsageEvent "%{note:word}" expression "expr=-n %{note:word}"
UsageEvent expressed "%{note:word}" "expr=-n %{note:word}"
UsageLogEvent "denied by server" "<b onclick=x>'=1+1; DROP TABLE usage_event;--" "log\"<i>"
UsageMark "<b onclick=x>'=1+1;--" "=mark"
<Location "/api">
    SetHandler usage-example
</Location>
LuaMapHandler ^/lua {folder}/doors.lua handle
<Location "/closed">
    Require all denied
</Location>
<Location "/usage-stats.server">
    SetHandler server-status
    Usage Off
</Location>
<Location "/usage-stats/mark">
    UsageMarkPost On
</Location>
<Location "/login">
    AuthType Basic
    AuthName test
    AuthBasicProvider anon
    Anonymous "*"
    Anonymous_MustGiveEmail Off
    Anonymous_VerifyEmail Off
    Anonymous_NoUserID On
    Require valid-user
</Location>
AliasMatch "^/(?!usage-stats|closed/none|missing)" "{folder}/site/index.html"
'''

MODULES = ["alias", "lua", "status", "auth_basic", "authn_core", "authn_anon",
           "authz_user"]

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def made(serve):
    """A server with every door open."""
    server = serve("", start=False,
                   modules=[*MODULES, probe.build("mod_usage_example")])
    mmdb.write(os.path.join(server.folder, "c.mmdb"), {"127.0.0.0/9": "DE"})
    path = os.path.join(server.folder, "doors.lua")
    with open(path, "w") as file:
        file.write(SCRIPT)
    os.chmod(path, 0o644)
    server.configure(CONFIG)
    # What is closed to all, too long, or no path.
    server.expect("AH01630", "AH00127", "AH10244", "lua:warn")
    return server


class Client:
    """Sends whatever bytes, each time from another address."""

    def __init__(self, server):
        self.server = server
        self.numbers = itertools.count(1)

    def send(self, path, headers=b"", agent=BROWSER.encode()):
        """The status of a bare GET."""
        number = next(self.numbers)
        with socket.create_connection(
                ("127.0.0.1", self.server.port), 60,
                (f"127.0.{number >> 8}.{number & 255}", 0)) as link:
            link.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: site.test\r\n"
                         b"User-Agent: " + agent + b"\r\n" + headers
                         + b"Connection: close\r\n\r\n")
            with link.makefile("rb") as file:
                answer = file.read()
        found = re.match(rb"HTTP/1.1 (\d+)", answer)
        return int(found[1]) if found else 200  # of HTTP/0.9

    def post(self, path, **fields):
        """The answer to a form, of any bytes."""
        return self.server.ask(
            path, "POST", headers=FORM | {"Sec-Fetch-Site": "none"},
            body=urllib.parse.urlencode(fields).encode())


# The doors


def through_script(name):
    """Of the events of a line, one is 8 KB long at most, with its quotes."""
    def door(client, text):
        answer = client.post("/lua", door=name, text=text)
        assert answer.status == 200 and answer.body == b"done"
        assert "Usage-Event" not in answer.headers
        return name == "expression" or len(text) < 8000
    return door


def through_function(field, others):
    def door(client, text):
        answer = client.post("/api", **{field: text, **others})
        text = text.split(b"\0")[0]
        assert answer.status == 200 and int(answer.body) == (
            1 if "id" in (field, *others) else 0), (field, text[:40])
        return True
    return door


def through_post(client, text):
    answer = client.post("/usage-stats/mark", name=text, category="posted")
    accepted = 204
    if len(urllib.parse.quote_plus(text)) > 4000:
        accepted = 413
    elif b"\0" in text or not text.strip():
        accepted = 400
    assert answer.status == accepted, text[:40]
    return accepted == 204


def through_request(path=b"/%s", headers=b"", quote=True, agent=None):
    """A page is answered, or a request that is none is refused."""
    def door(client, text):
        word = urllib.parse.quote_from_bytes(text, "").encode()
        status = client.send(path.replace(b"%s", word if quote else text),
                             headers.replace(b"%s", text),
                             *([agent.replace(b"%s", text)] if agent else ()))
        assert status in (200, 400, 403, 404), (path, text[:40], status)
        return status
    return door


def through_login(client, text):
    pair = base64.b64encode(text.replace(b":", b".") + b":secret")
    return client.send(b"/login", b"Authorization: Basic " + pair + b"\r\n")


DOORS = {
    "UsageEvent": through_script("expression"),
    "note": through_script("note"),
    "variable": through_script("variable"),
    "header": through_script("header"),
    "usage_count": through_function("event", {"category": "counted"}),
    "its category": through_function("category", {"event": "counted"}),
    "usage_seen": through_function("id", {"category": "met"}),
    "its category of things": through_function("category", {"id": "met"}),
    "usage_mark": through_function("mark", {"category": "marked"}),
    "its category of marks": through_function("category", {"mark": "marked"}),
    "UsageMarkPost": through_post,
    "path": through_request(),
    "bare path": through_request(b"/b%s", quote=False),
    "query": through_request(b"/a.html?%s", quote=False),
    "missing path": through_request(b"/missing/%s"),
    "denied path": through_request(b"/closed/none/%s"),
    "Referer": through_request(b"/a", b"Referer: https://%s/page\r\n"),
    "whole Referer": through_request(b"/a", b"Referer: %s\r\n"),
    "missing from": through_request(
        b"/missing/a", b"Referer: https://%s.example/\r\n"),
    "utm_source": through_request(b"/a?utm_source=%s&utm_campaign=a%s"),
    "ref": through_request(b"/a?ref=%s"),
    "language": through_request(b"/a", b"Accept-Language: %s, de\r\n"),
    "agent": through_request(b"/a", agent=b"%s"),
    "bot": through_request(b"/a", agent=b"wibble<b> Googlebot/2.1 %s"),
    "hints": through_request(b"/a", b"Sec-CH-UA-Platform: \"%s\"\r\n"),
    "user": through_login,
    "host": through_request(b"/a", b"X-Forwarded-Host: %s\r\n"),
}


class Shape(Page):
    """A page, and what it is made of."""

    def __init__(self, text):
        self.parts = set()
        super().__init__(text)

    def handle_starttag(self, tag, attrs):
        self.parts |= {(tag, name) for name, _ in attrs} | {(tag, "")}
        for name, value in attrs:
            assert not (value or "").lower().strip().startswith(
                "javascript:"), (tag, name)
        super().handle_starttag(tag, attrs)


class Loose(Shape):
    """Of somebody else's making, such as mod_status's."""

    def handle_endtag(self, tag):
        """They need not match."""

    def close(self):
        super().close()
        self.open = []


def elements(text):
    """The elements and attributes of any HTML, well formed or not."""
    return Loose(text).parts
