# SPDX-License-Identifier: Apache-2.0
"""Reads the lines of an access log in combined format.

Text is Latin-1 throughout, one character a byte: what a client sent is sent
again byte for byte, whatever encoding it took itself to be in.
"""
import collections
import ipaddress
import re
import urllib.parse

Request = collections.namedtuple(
    "Request", "address method target protocol status referrer agent")

# A quote that was never closed ends with its line: some logs are cut there.
COMBINED = re.compile(
    r'(?P<address>\S+) \S+ .*?\[[^]]*\] '
    r'"(?P<request>(?:[^"\\]|\\.)*)" (?P<status>[1-5]\d\d) (?:\d+|-)'
    r'(?: "(?P<referrer>(?:[^"\\]|\\.)*)"'
    r'(?: "(?P<agent>(?:[^"\\]|\\.)*)(?:"|$)(?: .*)?)?)?\s*$')
ESCAPE = re.compile(r'\\(?:x([0-9A-Fa-f]{2})|(["\\abfnrtv]))')
NAMED = dict(zip('"\\abfnrtv', '"\\\a\b\f\n\r\t\v'))
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+$")
EXTENSION = re.compile(r"(?=.*[a-z])[a-z0-9]{1,8}$")

TYPES = {ext: media for media, exts in {
    "text/html": "html htm shtml php asp aspx jsp cgi",
    "application/xhtml+xml": "xhtml xht",
    "text/css": "css",
    "text/javascript": "js mjs",
    "text/plain": "txt text log conf ini c h cc cpp cxx hpp java py rb pl lua "
                  "sh vim m4 mk tex patch diff spec",
    "text/markdown": "md markdown",
    "text/csv": "csv",
    "application/xml": "xml xsl xslt xsd",
    "application/rss+xml": "rss",
    "application/atom+xml": "atom",
    "application/json": "json map",
    "application/manifest+json": "webmanifest",
    "image/png": "png",
    "image/jpeg": "jpg jpeg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/avif": "avif",
    "image/bmp": "bmp",
    "image/svg+xml": "svg svgz",
    "image/vnd.microsoft.icon": "ico",
    "font/woff": "woff",
    "font/woff2": "woff2",
    "font/ttf": "ttf",
    "font/otf": "otf",
    "application/vnd.ms-fontobject": "eot",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "application/gzip": "gz tgz",
    "application/java-archive": "jar",
    "application/msword": "doc",
    "video/mp4": "mp4 m4v",
    "video/webm": "webm",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg oga",
}.items() for ext in exts.split()}


def media_type(path):
    """The type of a path: by its extension; a page if it has none."""
    name = urllib.parse.unquote(path).rpartition("/")[2].lower()
    extension = name.rpartition(".")[2] if "." in name else ""
    if not EXTENSION.match(extension):
        return "text/html"
    return TYPES.get(extension, "application/octet-stream")


def unescape(text):
    """Undo what httpd does to quotes and bytes that aren't printable."""
    return ESCAPE.sub(
        lambda m: chr(int(m[1], 16)) if m[1] else NAMED[m[2]], text)


def parse(line):
    """The request that a line of a log tells of (text is read as Latin-1).

    Raises ValueError, saying why, for a line that is none, or whose request
    can't be sent again.
    """
    match = COMBINED.match(line)
    if not match:
        raise ValueError("not in combined format")
    request = unescape(match["request"])
    method, _, target = request.partition(" ")
    target, space, protocol = target.rpartition(" ")
    if not space or not protocol.startswith("HTTP/"):
        target, protocol = (target + space + protocol), "HTTP/1.0"
    if request == "-":
        raise ValueError("no request was received")
    if not TOKEN.match(method):
        raise ValueError("not an HTTP request")
    if method in ("CONNECT", "TRACE") or target == "*":
        raise ValueError(f"{method} {target} asks for no page")
    if not re.match(r"/|[A-Za-z][A-Za-z0-9+.-]*://", target):
        raise ValueError("the request names no path")
    target = re.sub(r"[\0- #\x7f]", lambda m: f"%{ord(m[0]):02X}", target)
    return Request(match["address"], method, target, protocol,
                   int(match["status"]), header_text(match["referrer"]),
                   header_text(match["agent"]))


def header_text(field):
    """A log's field as the header was; None where there was none."""
    if field in (None, "", "-"):
        return None
    text = re.sub(r"[\0-\x08\x0a-\x1f\x7f]", " ", unescape(field)).strip()
    return text or None


def client_address(address):
    """The address for X-Forwarded-For; None for a host name."""
    try:
        return str(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return None


def path_of(target):
    """The path of a request's target, in origin or absolute form."""
    if not target.startswith("/"):
        target = "/" + target.partition("://")[2].partition("/")[2]
    return target.partition("?")[0]
