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

# What a path is not shown as it is: control characters, bytes that are no
# UTF-8, and characters that turn text's direction or end a line.
HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\udc80-\udcff\u061c\u200e\u200f"
                    "\u2028-\u202e\u2066-\u2069]")

PAGE_TYPES = ("text/html", "application/xhtml+xml")

# Programs by their words, of which README has the kinds; then by the lack of
# what every browser's agent has.
BOT_WORDS = re.compile(
    r"bots?(?![a-z])|(?<![a-z0-9])bot|robot|crawl|spider|slurp|scrap(?:er|y)"
    r"|fetcher|^fetch|(?<![a-z0-9])(?:feed|rss|audit|archive)|feed(?![a-z])"
    r"|preview(?![a-z])|favicon|imageproxy|monitor|checker|validator"
    r"|link check|^(?:python|ruby|perl|php|java)|(?<![a-z0-9])php/|lwp::"
    r"|libwww(?!-fm)|java/1"
    r"|(?<![a-z0-9])(?:curl|wget|go 1)|go-http|okhttp|httpclient|http_request"
    r"|urllib|cfnetwork/|dalvik/|headless|phantomjs|lighthouse|pagespeed"
    r"|prerender|pingdom|screaming frog|embedly|discovery|scanner|parser"
    r"|-agent(?![a-z])|newsblur|facebookexternalhit|w3c_|daumoa|indy library"
    r"|https?://|\.(?:com|org)/|\.com(?![a-z])|(?<![a-z0-9])www\.", re.I)

OLD_PHONE = (r"midp|cldc|up\.(?:browser|link)|symb(?:ian|os)|series ?[46]0"
             r"|blackberry|nokia|sonyericsson|j2me|netfront|obigo"
             r"|^(?:samsung|lge?|zte|mot)-|windows ce|brew")

TV = r"smart-?tv|appletv|googletv|hbbtv|(?<![a-z0-9])tv(?![a-z])|web0s"

BEGINS_AS_BROWSER = re.compile(
    r"^(?:mozilla|opera)/|^(?:links \(|elinks|lynx/|w3m/|midori|instagram )"
    rf"|{OLD_PHONE}|{TV}",
    re.I)

APPLE_MOBILE = r"iphone|ipod|ipad|like mac os x"

DESKTOP = (r"windows|cygwin|macintosh|mac os x|mac_p|x11|linux|cros |[a-z]bsd"
           r"|^(?:links|elinks|lynx|w3m)|sunos")

SYSTEM_KNOWN = re.compile(
    rf"{DESKTOP}|^instagram|{APPLE_MOBILE}|android|{OLD_PHONE}|{TV}|mobi"
    r"|opera mini|tablet"
    r"|playstation|xbox|nintendo|kindle|silk/|webos|tizen|kaios", re.I)

COMPATIBLE = re.compile(
    rf"^(?!.*(?:msie|iemobile|opera|konqueror|{OLD_PHONE}|{TV})).*compatible",
    re.I | re.S)

PHONE = rf"^instagram|{OLD_PHONE}|opera mini|fennec|ucweb"

TABLET_NAMES = (r"ipad|(?<![a-z0-9])tablet|tablet(?![a-z])|kindle|playbook"
                r"|; kf|; gt-p|; sm-t|galaxy tab|nexus (?:7|9|10)"
                r"|(?<![a-z0-9])(?:tab|pad)(?![a-z])|mediapad|transformer")

# A telephone whose browser leaves out "Mobile".
PHONE_NAMES = r"; sm-[afgjmns]|; nexus [456]|; pixel |; moto |; redmi "

DEVICES = [
    ("console", r"playstation|xbox|nintendo"),
    ("tv", TV),
    ("desktop", r"tablet pc"),
    ("mobile", r"iphone|ipod|windows phone|iemobile|kaios"),
    ("tablet", TABLET_NAMES),
    ("tablet", r"^(?!.*mobile).*silk/"),
    ("tablet", rf"^(?!.*(?:mobi|{PHONE}|{PHONE_NAMES})).*android"),
    ("mobile", rf"mobi|android|{PHONE}|webos"),
    ("desktop", DESKTOP)]

# Browsers of a family that have a name of their own.
NAMED = (r"konqueror|seamonkey|palemoon|epiphany|maxthon|2345explorer|iron/"
         r"|k-meleon|camino|galeon|netscape|midori|arora|icab|omniweb|waterfox"
         r"|nokiabrowser|blackberry|netfront|obigo|qqbrowser|metasr|lbbrowser"
         r"|^(?:links|elinks|lynx|w3m)|avant browser|sleipnir|puffin|dolphin"
         r"|rekonq|coc_coc|comodo_dragon|electron/|qupzilla|iceape")

BROWSERS = [
    ("Instagram", r"instagram[ /]"),
    ("Facebook", r"\[fb|fban/|fbav/"),
    ("Google app", r"gsa/"),
    ("LINE", r"(?<![a-z0-9])line/"),
    ("WeChat", r"micromessenger"),
    ("X", r"twitter for"),
    ("Opera Mini", r"opera mini|opios/"),
    ("UC", r"uc ?browser|ucweb"),
    ("other", rf"^(?!.*opera[ /]).*(?:{NAMED})"),
    ("Samsung Internet", r"samsungbrowser"),
    ("Yandex", r"yabrowser"),
    ("Vivaldi", r"vivaldi"),
    ("DuckDuckGo", r"duckduckgo/"),
    ("Edge", r"edg(?:e|a|ios)?/"),
    ("Opera", r"opr/"),
    ("Silk", r"silk/"),
    ("Opera", r"opera[ /]"),
    ("Firefox", r"firefox/|fxios/|fennec/|iceweasel/"),
    ("IE", r"msie|trident/|iemobile"),
    ("Android WebView", r"; wv\)|^(?=.*android)(?=.*version/).*chrome/"),
    ("Chrome", r"(?:chrome|crios|chromium)/"),
    ("Android Browser",
     r"^(?=.*android)(?=.*applewebkit).*(?:safari|version)/"),
    ("Safari", r"^(?!.*(?:android|symb))(?=.*(?:mac|ip(?:hone|od|ad))).*"
               r"applewebkit"),
    ("Safari", r"^(?=.*windows)(?=.*version/).*safari/")]

SYSTEMS = [
    ("Windows", r"windows phone|iemobile"),
    ("HarmonyOS", r"harmony"),
    ("KaiOS", r"kaios"),
    ("Tizen", r"tizen"),
    ("webOS", r"web[0o]s"),
    ("Android", r"android|silk/"),
    ("iPadOS", r"ipad"),
    ("iOS", r"iphone|ipod|like mac os x"),
    ("other", r"^(?!.*(?:linux|[a-z]bsd)).*(?:sunos|^(?:links|elinks|lynx))"),
    ("ChromeOS", r"cros "),
    ("Windows", r"windows|cygwin"),
    ("macOS", r"macintosh|mac os x|mac_p"),
    ("BSD", r"(?:free|open|net)bsd"),
    ("Linux", r"linux|x11|ubuntu")]


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
    match = LINE.match(line.rstrip("\n"))
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
    text = re.sub(HIDDEN, escaped, text)
    return text if 0 < len(text.encode()) <= 255 else "/*"


def extension(path):
    name = path.rsplit(b"/", 1)[-1]
    return (name.rsplit(b".", 1)[-1].lower().decode("latin-1")
            if b"." in name else "")


def is_bot(agent):
    """By its words, or by the lack of what a browser's agent has."""
    agent = agent.lstrip(" ")
    return (agent == "" or bool(BOT_WORDS.search(agent))
            or not BEGINS_AS_BROWSER.search(agent)
            or not SYSTEM_KNOWN.search(agent)
            or bool(COMPATIBLE.search(agent)))


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
        return "type"
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
        self.bots = Counter()  # agents, as bytes
        for line in lines:
            entry = parse(line)
            if entry is None:
                self.unread.append(line)
                continue
            self.hits += 1
            path = decoded_path(entry.target)
            reason = outcome(entry, path, type_of(entry))
            self.outcomes[reason] += 1
            if reason == "bot":
                self.bots[unescape(entry.agent)] += 1
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
