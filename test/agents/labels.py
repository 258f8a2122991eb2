# SPDX-License-Identifier: Apache-2.0
"""Other projects' words for browsers, systems and devices as ours.

Rules, first match first, for whole families of labels: no rule knows an
agent. What a rule maps to None is not compared, as the label says less, or
something else, than we do.
"""

import re

BROWSERS = [
    (r"^$|^mozilla$|^unknown$", None),
    # Engines and views inside of other programs.
    (r"^webkit$", None),
    (r"^webview$", None),
    (r"chrome webview|android webview", "Android WebView"),
    (r"android browser|^android$", "Android Browser"),
    (r"^(mobile )?safari", "Safari"),
    (r"headless", None),
    (r"^chrom(e|ium)( mobile)?$", "Chrome"),
    (r"^firefox( focus| reality)?$|^fennec$|^iceweasel$", "Firefox"),
    (r"^edge|^microsoft edge", "Edge"),
    (r"^opera mini", "Opera Mini"),
    (r"^opera", "Opera"),
    (r"^samsung ?(browser|internet)", "Samsung Internet"),
    (r"^vivaldi", "Vivaldi"),
    (r"^yandex", "Yandex"),
    (r"^uc ?browser", "UC"),
    (r"^duckduckgo", "DuckDuckGo"),
    (r"^ie$|^iemobile$|^internet explorer", "IE"),
    (r"^brave", "Brave"),
    (r"^facebook", "Facebook"),
    (r"^instagram", "Instagram"),
    (r"^tiktok", "TikTok"),
    (r"^wechat", "WeChat"),
    (r"^line$", "LINE"),
    (r"^snapchat", "Snapchat"),
    (r"^pinterest", "Pinterest"),
    (r"^linkedin", "LinkedIn"),
    (r"^gsa$", "Google app"),
    (r"^silk|^kindle$", "Silk"),
    (r"^huawei", "Huawei"),
    (r"^miui", "MIUI"),
]

SYSTEMS = [
    (r"^$|^unknown$", None),
    # A console's browser tells the system it is built on.
    (r"xbox|playstation|nintendo|chromecast", None),
    # Telephone companies, which some lists have in the place of a system.
    (r"docomo|softbank|willcom|^au$|emobile|^jig$|transcoder|digitaltv",
     None),
    (r"windows|^win", "Windows"),
    (r"^mac", "macOS"),
    (r"^ipad", "iPadOS"),
    (r"^ios|^iphone|^ipod", "iOS"),
    (r"android", "Android"),
    (r"chromium os|chromeos|chrome os", "ChromeOS"),
    (r"harmony", "HarmonyOS"),
    (r"kaios", "KaiOS"),
    (r"tizen", "Tizen"),
    (r"webos", "webOS"),
    (r"bsd|dragonfly", "BSD"),
    (r"linux|ubuntu|debian|fedora|mint|gentoo|red ?hat|raspbian|suse|arch"
     r"|slackware|mandriva|joli|centos|zenwalk|deepin|linpus|manjaro"
     r"|elementary|sabayon|linspire|maemo|meego|sailfish|^gnu$", "Linux"),
]

DEVICES = [
    (r"^$|^unknown$|^undefined$|wearable|embedded", None),
    # woothee's word for tablets too.
    (r"^smartphone$", None),
    (r"^pc$|^desktop$", "desktop"),
    (r"mobile", "mobile"),
    (r"tablet", "tablet"),
    (r"tv", "tv"),
    (r"console", "console"),
    # Games and televisions in one.
    (r"appliance", None),
]


def ours(rules, label):
    for pattern, word in rules:
        if re.search(pattern, label, re.I):
            return word
    return "other"


def expected(row):
    """Browser, version, system, device; None where nothing is told."""
    agent, browser, version, system, device = row
    name = ours(BROWSERS, browser)
    # Others call any browser on WebKit Safari; ours is Apple's.
    if name == "Safari" and not re.search("Mac|iP|Windows", agent):
        name = None
    # And any view inside of another program the system's browser.
    if name == "Android Browser" and "Chrome/" in agent:
        name = None
    told_version = version or None if name not in (None, "other") else None
    told_system = ours(SYSTEMS, system)
    # Others call the system of an iPad iOS, as it was until 2019.
    if told_system == "iOS" and "iPad" in agent:
        told_system = "iPadOS"
    if told_version == "0":
        told_version = None
    return name, told_version, told_system, ours(DEVICES, device)
