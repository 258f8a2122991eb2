# SPDX-License-Identifier: Apache-2.0
"""A server with something to show, and a Chromium to look at it."""

import base64
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

import pytest

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "http"))

import place as places  # noqa: E402
import processes  # noqa: E402
import server as servers  # noqa: E402
import written  # noqa: E402

# What pages are judged with: package.json.
TOOLS = os.path.join(places.BUILD, "browser")
RULES = os.path.join(HERE, "htmlvalidate.json")

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
         "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")

SITES = """
UsageBotPattern monitor "<b>a bot</b>"
UsageBreakdown source language version campaign status not-found
UsageEvent "<i>seen</i>" reading
UsageEvent wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww
<Location "/gone/">
    Redirect 404 /gone/
</Location>
<VirtualHost 127.0.0.1:{port}>
    ServerName main.test
</VirtualHost>
<VirtualHost 127.0.0.1:{port}>
    ServerName other.test
</VirtualHost>
"""

AGENTS = {
    "desktop": servers.BROWSER,
    "phone": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) "
             "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
             "Mobile/15E148 Safari/604.1",
    "bot": "Mozilla/5.0 (compatible; Googlebot/2.1)",
    "probe": servers.BROWSER + " <b>a bot</b>"}

REFERRERS = [{}, {"Referer": "https://" + "long-host." * 8 + "example/"},
             {"Referer": "https://www.google.com/", "Accept-Language": "de"},
             {"Referer": "https://blog.example/"}]

# Long, foreign and hostile names must not break a page's layout.
NAMES = ["/", "/a.html", "/b.html", "/" + "long-" * 48, "/" + "w" * 250,
         "/caf%C3%A9", "/%D9%85%D8%B1%D8%AD%D8%A8%D8%A7/%E2%80%AE",
         "/%3Cscript%3Ealert(1)%3C/script%3E"]


def fill(server):
    """Requests of all kinds, for two sites. What a visit begins with is counted
    before the next comes."""
    for turn, name in enumerate(NAMES * 4):
        server.settle()
        host = {"Host": "other.test" if turn % 3 else "main.test"}
        for who, agent in AGENTS.items():
            if turn % (2 if who in ("phone", "probe") else 1) == 0:
                server.get(name, agent=agent,
                           headers={**host, **REFERRERS[turn % 4]})
    for path in ("/style.css", "/favicon.ico", "/api/x"):
        server.get(path)
    server.get("/gone/" + "long-" * 30, headers=REFERRERS[1])
    server.get("/a.html", method="HEAD")


DAY = 24 * 60 * 60

# Another server of the same database, silent for an hour.
SILENT = """
INSERT INTO usage_node (node, batch, last_flush, version)
SELECT 'another-server-with-a-long-name.of-some-zone.example', 12345,
  last_flush - 3600, version FROM usage_node;
"""


@pytest.fixture(scope="session")
def tools():
    """The folder of the tools' modules, installed once for all workers."""
    os.makedirs(TOOLS, exist_ok=True)
    modules = os.path.join(TOOLS, "node_modules")
    with open(os.path.join(TOOLS, "lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(os.path.join(HERE, name), TOOLS)
        if not os.path.exists(os.path.join(modules, "axe-core")):
            subprocess.run(["npm", "ci", "--no-audit", "--no-fund",
                            "--ignore-scripts"], cwd=TOOLS, check=True)
    return modules


@pytest.fixture(scope="session")
def server():
    """A server whose numbers are partly written and partly live, and of whose
    sites one is older than what its periods are compared with."""
    processes.adopt_orphans()
    made = servers.Server(places.Place(), SITES + servers.ANY_PATH,
                          modules=["alias"])
    made.start()
    fill(made)
    made.stop()
    today = int(time.time()) // DAY * DAY
    made.store.run(SILENT + "".join(
        written.counted(today - days * DAY, "main.test")
        for days in (90, 900)))
    made.start()
    fill(made)
    yield made
    made.close()
    made.remove()


def make_driver(width, folder):
    options = webdriver.ChromeOptions()
    for flag in (*FLAGS, f"--user-data-dir={folder}",
                 f"--window-size={width},900"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs",
                           {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"),
                              options=options)
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": 900, "deviceScaleFactor": 1,
        "mobile": False})
    # As on a phone: a scroll bar takes no room.
    driver.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})
    return driver


class Look:
    """A browser on the dashboard, and what it did behind the scenes."""

    def __init__(self, driver, server, name):
        self.driver = driver
        self.server = server
        self.root = f"http://127.0.0.1:{server.port}"
        self.name = name
        self.prefer()

    def prefer(self, **others):
        """Let the reader prefer the look's colours, and what is said."""
        features = {"prefers_color_scheme": self.name.split("-")[1], **others}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "media": "", "features": [
                {"name": name.replace("_", "-"), "value": value}
                for name, value in features.items()]})

    def open(self, path="/usage-stats"):
        self.driver.get(self.root + path)

    def judge(self, modules):
        """What axe-core finds wrong: how it is told to a blind reader, what
        can be read, what can be reached."""
        with open(os.path.join(modules, "axe-core", "axe.min.js"),
                  encoding="utf-8") as file:
            self.driver.execute_script(file.read())
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run().then(result => done(result.violations))")
        return [(one["id"], node["html"][:200], node["failureSummary"])
                for one in found for node in one["nodes"]]

    def press(self, key):
        self.driver.find_element(By.TAG_NAME, "body").send_keys(key)

    def requests(self):
        """URLs that were asked for since the last call."""
        found = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                found.append(message["params"]["request"]["url"])
        return found

    def complaints(self):
        """What the console has to say."""
        return [entry["message"]
                for entry in self.driver.get_log("browser")]

    def too_wide(self):
        """How far the page reaches out of its window, in pixels."""
        return self.driver.execute_script(
            "return document.documentElement.scrollWidth"
            " - document.documentElement.clientWidth")

    def screenshot(self, word=""):
        folder = os.path.join(places.BUILD, "screenshots")
        os.makedirs(folder, exist_ok=True)
        height = self.driver.execute_script(
            "return document.documentElement.scrollHeight")
        shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {
            "captureBeyondViewport": True, "clip": {
                "x": 0, "y": 0, "scale": 1, "height": height,
                "width": self.driver.execute_script(
                    "return document.documentElement.clientWidth")}})
        with open(os.path.join(folder, f"{self.name}{word}.png"),
                  "wb") as file:
            file.write(base64.b64decode(shot["data"]))


LOOKS = [(width, scheme) for width in (360, 768, 1440)
         for scheme in ("light", "dark")]


def look_name(param):
    return f"{param[0]}-{param[1]}"


@pytest.fixture(scope="session", params=LOOKS, ids=look_name)
def look(request, server):
    width, _ = request.param
    folder = tempfile.mkdtemp(prefix="usage-browser-")
    driver = make_driver(width, folder)
    try:
        yield Look(driver, server, look_name(request.param))
    finally:
        driver.quit()
        shutil.rmtree(folder, ignore_errors=True)
