# SPDX-License-Identifier: Apache-2.0
"""Makes test/data/agents/*.tsv of unpacked npm packages, unchanged but for
their form.

    collect.py FOLDER    a folder that holds the packages of README.md there

A line is an agent, then what the package says of it in its own words:
browser, major version, system, device; empty where it says nothing. Bots that
a package has among browsers are left out, by its own label.
"""

import glob
import json
import os
import re
import sys

from collections import Counter

TO = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data",
                  "agents")


def load(*path):
    (found,) = glob.glob(os.path.join(sys.argv[1], *path))
    with open(found, encoding="utf-8-sig") as file:
        return json.load(file)


def write(name, rows):
    with open(os.path.join(TO, name), "w", encoding="utf-8") as file:
        for row in rows:
            cells = [re.sub(r"\s+", " ", str(cell or "")) for cell in row]
            file.write("\t".join(cells) + "\n")


def told(text):
    return "" if text in (None, "undefined") else text


def ua_parser_js():
    """Each of its three lists tests one label."""
    for part in ("browser", "os", "device"):
        for entry in load("ua-parser-js-1.0.2", "test", part + "-test.json"):
            expect = entry["expect"]
            name = told(expect.get("name"))
            yield (entry["ua"], name if part == "browser" else "",
                   told(expect.get("major")) if part == "browser" else "",
                   name if part == "os" else "",
                   told(expect.get("type")) if part == "device" else "")


def random_useragent():
    skipped = re.compile("Spiders|Downloaders|Validators|Feed Readers"
                         "|Libraries|Miscellaneous/Miscellaneous|Services")
    for entry in load("random-useragent-*", "useragent-data.json"):
        if not skipped.search(entry["folder"]):
            yield (entry["userAgent"], entry["browserName"],
                   entry["browserMajor"], entry["osName"],
                   entry["deviceType"])


def woothee():
    for path in sorted(glob.glob(os.path.join(
            sys.argv[1], "woothee-*", "woothee", "testsets", "*.yaml"))):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for block in text.split("- target: ")[1:]:
            cells = dict(re.findall(r"^  (\w+): *'?(.*?)'?$", block, re.M))
            if cells.get("category") in ("pc", "smartphone", "mobilephone",
                                     "appliance"):
                version = re.match(r"\d+", cells.get("version", ""))
                yield (block.split("\n")[0].strip("' "), cells.get("name"),
                       version and version.group(), cells.get("os"),
                       cells["category"])


def real_user_agents():
    """One of each browser, version and system's name."""
    seen = set()
    for key, entry in load("ulixee-*", "data", "userAgentsById.json").items():
        system, browser = key.split("--")
        name, major, _ = browser.rsplit("-", 2)
        family = re.match("[a-z]+", system).group()
        if (family, name, major) not in seen:
            seen.add((family, name, major))
            agent = entry["pattern"].replace("$patch$", "0")
            yield agent, name, major, system, "desktop"


def user_agents():
    """How often each stands there, in the place of a browser."""
    count = Counter((entry["userAgent"], entry["platform"],
                     entry["deviceCategory"])
                    for entry in load("user-agents-2*", "dist",
                                      "user-agents.json"))
    for (agent, platform, device), times in sorted(count.items()):
        yield agent, times, "", platform, device


def crawlers():
    for entry in load("crawler-user-agents-*", "crawler-user-agents.json"):
        for instance in entry["instances"]:
            yield instance, entry["pattern"], "", "", ""


def main():
    os.makedirs(TO, exist_ok=True)
    for source in (ua_parser_js, random_useragent, woothee, real_user_agents,
                   user_agents, crawlers):
        write(source.__name__.replace("_", "-") + ".tsv",
              dict.fromkeys(source()))


if __name__ == "__main__":
    main()
