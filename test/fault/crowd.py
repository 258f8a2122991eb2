# SPDX-License-Identifier: Apache-2.0
"""Steady load whose every answer is known: what was acknowledged must be
counted.

Each visitor is a thread with a connection and a path of its own. A request
that failed may have been counted or not, and so may, when a child is killed,
the newest of each connection: the module counts just after the answer. Both
are noted, and nothing else may differ.
"""

import http.client
import threading
import time

from collections import Counter

AGENT = ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 "
         "Firefox/128.0 visitor/{}")

# What a request becomes: the outcome, its paths, and the sites it goes to.
# The last but two walks through so many paths that tables fill and change.
ROLES = [("view", "/p0", "site.test"), ("view", "/p1", "one.test"),
         ("view", "/p2", "two.test"), ("view", "/many/{}", "site.test"),
         ("asset", "/style.css", "site.test"), ("error", "/none", "one.test")]
STATUS = {"view": 200, "asset": 200, "error": 404}

MANY = 3000
REST = 0.004  # seconds between two requests of a visitor


class Visitor(threading.Thread):
    """Asks for one thing, again and again."""

    def __init__(self, crowd, number, role):
        super().__init__(daemon=True)
        self.crowd = crowd
        self.outcome, self.path, self.host = role
        self.agent = AGENT.format(number)
        self.client = None
        self.acknowledged = 0
        self.unsure = 0
        self.is_resting = threading.Event()

    def run(self):
        while not self.crowd.is_over:
            if self.crowd.is_open.is_set():
                self.is_resting.clear()
                self.ask()
            else:
                self.is_resting.set()
                time.sleep(REST)
            time.sleep(0 if "{}" in self.path else REST)
        self.hang_up()

    def ask(self):
        is_sent = False
        try:
            if self.client is None:
                self.client = http.client.HTTPConnection(
                    "127.0.0.1", self.crowd.port, timeout=20)
                self.client.connect()
            is_sent = True
            self.client.request(
                "GET", self.path.format(self.acknowledged % MANY),
                headers={"Host": self.host, "User-Agent": self.agent})
            answer = self.client.getresponse()
            answer.read()
            assert answer.status == STATUS[self.outcome], answer.status
            self.acknowledged += 1
        except (OSError, http.client.HTTPException):
            self.unsure += is_sent
            self.hang_up()
            time.sleep(0.02)

    def hang_up(self):
        if self.client is not None:
            self.client.close()
            self.client = None


class Crowd:
    """All visitors of one server."""

    def __init__(self, port):
        self.port = port
        self.is_over = False
        self.is_open = threading.Event()
        self.kills = 0  # of children, under load
        self.visitors = [Visitor(self, number, role)
                         for number, role in enumerate(ROLES)]

    def start(self):
        self.is_open.set()
        for visitor in self.visitors:
            visitor.start()

    def pause(self):
        """Return when every request is answered, and counted if it will be."""
        self.is_open.clear()
        for visitor in self.visitors:
            visitor.is_resting.wait(30)
        time.sleep(0.1)

    def resume(self):
        for visitor in self.visitors:
            visitor.is_resting.clear()
        self.is_open.set()

    def close(self):
        self.is_over = True
        for visitor in self.visitors:
            visitor.join(30)

    def note_kill(self):
        """Children are about to be killed: of each connection, the newest
        request may never be counted."""
        self.kills += self.is_open.is_set()

    def acknowledged(self):
        """{outcome: requests}."""
        return self.sum("acknowledged")

    def unsure(self):
        return self.sum("unsure")

    def doubts(self):
        """{outcome: requests that were answered and may be uncounted}."""
        return Counter(v.outcome for v in self.visitors * self.kills)

    def sum(self, what):
        total = Counter()
        for visitor in self.visitors:
            total[visitor.outcome] += getattr(visitor, what)
        return total
