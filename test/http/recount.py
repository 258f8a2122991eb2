# SPDX-License-Identifier: Apache-2.0
"""An independent count of an access log in combined format.

What README says is counted, said once more from the words alone: it shares no
code and no table with the module, so that an error in one shows in the other.

Run on a log, it prints what it counts.
"""

import re
import sys

from collections import Counter, namedtuple
from urllib.parse import unquote_to_bytes

LINE = re.compile(
    r'(?P<address>\S+) \S+ \S+ \[(?P<time>[^]]*)\] '
    r'"(?P<request>(?:[^"\\]|\\.)*)" (?P<status>\d{3}) (?P<bytes>\d+|-)'
    r'(?: "(?P<referrer>(?:[^"\\]|\\.)*)" "(?P<agent>(?:[^"\\]|\\.)*)"?)?')

Entry = namedtuple("Entry", "method target status agent")

EXCLUDED = re.compile(
    r"/(?:api|_|_app/immutable|\.well-known)/"
    r"|/(?:favicon\.ico|service-worker\.js|manifest\.json|robots\.txt)(?:/|$)")

STATIC = frozenset("""
    png jpg jpeg gif svg ico webp avif bmp tif tiff
    css js mjs json map webmanifest wasm
    mp4 webm mp3 wav ogg oga ogv m4a m4v mov avi flac aac opus
    pdf doc docx xls xlsx ppt pptx odt ods odp txt csv rtf
    zip rar 7z tar gz tgz bz2 xz
    woff woff2 ttf eot otf
    """.split())

PAGE_TYPES = ("text/html", "application/xhtml+xml")

BOT = re.compile(
    r"bot|crawler|spider|slurp|lighthouse|pagespeed|prerender|headless|pingdom"
    r"|facebookexternalhit|screaming frog|curl/|wget/|python|java/"
    r"|go-http-client|libwww|okhttp|http client|feed|rss|archiver|monitor|scan"
    r"|\+https?://", re.I)

PHONE = "iphone|ipod|opera mini|windows phone|blackberry|symbian"

DEVICES = [
    ("tv", r"smart-?tv|appletv|googletv|hbbtv|tv;"),
    ("console", r"playstation|xbox|nintendo"),
    ("tablet", r"ipad|tablet|kindle|silk/|playbook"),
    ("tablet", rf"^(?!.*(?:mobile|{PHONE})).*android"),
    ("mobile", rf"mobile|android|{PHONE}"),
    ("desktop", r"windows|macintosh|mac os x|x11|linux|cros ")]

BROWSERS = [
    ("Edge", r"edg(?:e|a|ios)?/"),
    ("Opera", r"opr/|opera|opios/"),
    ("Samsung Internet", r"samsungbrowser"),
    ("Vivaldi", r"vivaldi"),
    ("Yandex", r"yabrowser"),
    ("UC", r"uc ?browser"),
    ("DuckDuckGo", r"duckduckgo/"),
    ("Firefox", r"firefox/|fxios/"),
    ("Chrome", r"(?:chrome|crios|chromium)/"),
    ("IE", r"msie|trident/"),
    ("Safari", r"^(?!.*android)(?=.*version/).*safari/"),
    ("Safari", r"^(?=.*(?:iphone|ipad|ipod)).*safari/")]

SYSTEMS = [
    ("Windows", r"windows phone"),
    ("Android", r"android"),
    ("iOS", r"iphone|ipod"),
    ("iPadOS", r"ipad"),
    ("ChromeOS", r"cros "),
    ("macOS", r"macintosh|mac os x"),
    ("Windows", r"windows"),
    ("BSD", r"(?:free|open|net)bsd"),
    ("Linux", r"linux|x11")]


def unescape(text):
    """The bytes that httpd wrote into its log as this text."""
    plain = {"n": b"\n", "t": b"\t", "r": b"\r", "b": b"\b", "v": b"\v",
             "f": b"\f"}

    def one(match):
        word = match.group(1)
        if word[0] == "x":
            return bytes([int(word[1:], 16)]).decode("latin-1")
        return plain.get(word, word.encode()).decode("latin-1")
    return re.sub(r"\\(x[0-9a-fA-F]{2}|.)", one, text).encode("latin-1")


def parse(line):
    """One line of a log, or None if it is no such line."""
    match = LINE.match(line)
    if not match:
        return None
    words = match["request"].split(" ")
    agent = match["agent"] or ""
    return Entry(words[0], words[1] if len(words) > 1 else "",
                 int(match["status"]), "" if agent == "-" else agent)


def decoded_path(target):
    """The path that a request line's target names, as bytes."""
    path = unquote_to_bytes(re.split("[?#]", target, maxsplit=1)[0])
    kept = []
    parts = re.sub(b"/+", b"/", path).split(b"/")
    for place, part in enumerate(parts):
        is_last = place == len(parts) - 1
        if part == b"." or part == b"..":
            if part == b".." and len(kept) > 1:
                kept.pop()
            if is_last:
                kept.append(b"")
        else:
            kept.append(part)
    return b"/".join(kept)


def shown_path(path):
    """The text under which a decoded path is counted."""
    text = path.decode("utf-8", "surrogateescape")

    def escaped(match):
        return "".join(f"%{byte:02X}" for byte in
                       match.group().encode("utf-8", "surrogateescape"))
    text = re.sub("[\x00-\x1f\x7f-\x9f\udc80-\udcff]", escaped, text)
    return text if 0 < len(text.encode()) <= 255 else "/*"


def extension(path):
    name = path.rsplit(b"/", 1)[-1]
    return (name.rsplit(b".", 1)[-1].lower().decode("latin-1")
            if b"." in name else "")


def is_bot(agent):
    return agent == "" or bool(BOT.search(agent))


def first(rules, agent):
    """The first name whose pattern is in the agent's words."""
    for name, pattern in rules:
        if re.search(pattern, agent, re.I | re.S):
            return name
    return "other"


def outcome(entry, path, media_type):
    """Why a hit was or was not a view."""
    if EXCLUDED.match(path.decode("latin-1")):
        return "excluded"
    if extension(path) in STATIC:
        return "asset"
    if entry.method != "GET":
        return "method"
    if is_bot(entry.agent):
        return "bot"
    if 300 <= entry.status < 400 and entry.status != 304:
        return "redirect"
    if 400 <= entry.status < 500:
        return "error"
    if entry.status >= 500:
        return "failure"
    if media_type.split(";")[0].strip().lower() not in PAGE_TYPES:
        return "asset"
    return "view"


class Count:
    """What a log comes to; `views` by (path, device, browser, system)."""

    def __init__(self, lines, type_of):
        """`type_of(entry)` is the media type that an entry was answered with.
        Of a 206 a log does not tell where it began: at the first byte, say."""
        self.hits = 0
        self.unread = []
        self.outcomes = Counter()
        self.views = Counter()
        for line in lines:
            entry = parse(line)
            if entry is None:
                self.unread.append(line)
                continue
            self.hits += 1
            path = decoded_path(entry.target)
            reason = outcome(entry, path, type_of(entry))
            self.outcomes[reason] += 1
            if reason == "view":
                self.views[shown_path(path), first(DEVICES, entry.agent),
                           first(BROWSERS, entry.agent),
                           first(SYSTEMS, entry.agent)] += 1

    def by(self, place):
        """Views by one part of their key: 0 path, 1 device, 2 browser,
        3 system."""
        found = Counter()
        for key, views in self.views.items():
            found[key[place]] += views
        return found


def main():
    with open(sys.argv[1], encoding="latin-1") as file:
        count = Count(file, lambda entry: "text/html")
    print(count.hits, "hits", len(count.unread), "lines not understood")
    print(dict(count.outcomes))
    for place in range(4):
        print(count.by(place).most_common(25))


if __name__ == "__main__":
    main()
