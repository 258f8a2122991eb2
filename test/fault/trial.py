# SPDX-License-Identifier: Apache-2.0
"""A server under load, to which faults happen, and the reckoning at the end."""

import os
import re
import shutil
import signal
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "http"))

import place  # noqa: E402
import probe  # noqa: E402
import processes  # noqa: E402
import server as servers  # noqa: E402

from crowd import Crowd  # noqa: E402
from database import Database  # noqa: E402
from processes import children, flushers, ignores_term  # noqa: E402
from processes import wait_until  # noqa: E402

CONFIG = """
UsageFlushInterval 1s
UsageFlushTimeout 10s
UsagePaths 1000000
UsageInterval 10m
UsageTable 1024
UsageVisitors 1024
AliasMatch "^/(p|many)" "{folder}/site/index.html"
<VirtualHost *>
    ServerName site.test
</VirtualHost>
<VirtualHost *>
    ServerName one.test
</VirtualHost>
<VirtualHost *>
    ServerName two.test
</VirtualHost>
MaxConnectionsPerChild 0
"""

# Never to be seen in the log, whatever happens: a crash, memory that is dropped
# or damaged, numbers of batches that don't fit.
SICK = ("Segmentation fault", "Bus error", "USG0005", "USG0007", "USG0013",
        "USG0014", "USG0058")


class Ledger(Database):
    """What the database has. A child that was killed between the two leaves
    an outcome without its view."""

    def check(self):
        self.check_grains()
        self.check_sums()
        self.check_texts()


LATER = os.path.join(place.BUILD, "test", ".libs", "mod_usage_later.so")


class Wrong(Exception):
    """The totals are not those that were acknowledged."""


class Trial:
    """One httpd with its crowd and its orders for faults."""

    def __init__(self, keeper, config=CONFIG, mpm="event"):
        self.keeper = keeper
        self.server = servers.Server(place.Place(mpm), config,
                                     modules=["alias"],
                                     engine=keeper)
        self.modules = [place.module_file(), LATER]
        self.server.replace_in_config(place.published(self.modules[0]),
                                      self.module_file())
        self.install()
        keeper.server = self.server
        self.orders = self.server.make_folder("faults")
        os.chmod(self.orders, 0o777)
        probe.hasten(self.server)
        probe.slow_disk(self.server)
        self.server.environment["USAGE_FAULTS"] = self.orders
        self.relieved = 0
        self.crowd = Crowd(self.server.port)
        self.server.start()
        self.crowd.start()

    # The module

    def module_file(self):
        return os.path.join(self.server.folder, "mod_usage.so")

    def install(self):
        """Put the version in place that is next: there and back."""
        new = self.module_file() + ".new"
        shutil.copy(self.modules[0], new)
        os.chmod(new, 0o755)
        os.rename(new, self.module_file())
        self.modules.reverse()

    # Orders

    def order_path(self, point):
        return os.path.join(self.orders, point)

    def order(self, point, action):
        path = self.order_path(point)
        with open(path + ".new", "w") as file:
            file.write(action)
        os.rename(path + ".new", path)

    def is_taken(self, point, seconds=20):
        """Wait until a process has come to a point."""
        return wait_until(
            lambda: not os.path.exists(self.order_path(point)), seconds, 0.002)

    def hold(self, point, seconds=20):
        """Let a process come to a point, and wait there: its id."""
        self.order(point, "hold")
        found = wait_until(lambda: self.holder(point), seconds, 0.002)
        assert found, f"nobody came to {point}"
        return found

    def holder(self, point):
        """Who waits at a point, or None."""
        try:
            with open(self.order_path(point) + ".held") as file:
                return int(file.read())
        except FileNotFoundError:
            return None

    def release(self, point):
        self.forget(self.order_path(point) + ".held")

    def forget(self, path):
        try:
            os.unlink(path)
        except FileNotFoundError:
            pass

    def withdraw(self):
        """No order stands any more, and nobody is held."""
        for name in os.listdir(self.orders):
            self.forget(os.path.join(self.orders, name))

    # Processes

    @property
    def parent(self):
        return self.server.pid

    def flushers(self):
        return flushers(self.parent)

    def workers(self):
        return [pid for pid in children(self.parent) if not ignores_term(pid)]

    def kill(self, pids):
        for pid in pids:
            processes.kill(pid)

    def await_caretakers(self):
        """Wait until old segments are flushed: they are lost if all processes
        are killed before."""
        pids = re.findall(r"USG0060: .* process (\d+) flushes",
                          self.server.log())
        for pid in pids[self.relieved:]:
            assert wait_until(lambda pid=pid: self.parent is None
                              or int(pid) not in children(self.parent), 30), (
                                  "a caretaker stays")
        self.relieved = len(pids)

    def bury(self):
        """The parent has gone: reap it."""
        self.server.wait_exit()

    def end_orphans(self, pids):
        """End children that outlived their parent; a flusher may stay."""
        self.crowd.note_kill()
        mine = [pid for pid in pids if not ignores_term(pid)]
        self.kill(mine)
        for pid in mine:
            wait_until(lambda pid=pid: processes.is_gone(pid), 10, 0.005)

    def start(self):
        """Start again; a start that was made to fail is tried again."""
        for _ in range(4):
            if self.try_start():
                return
        raise Wrong("the server does not start again\n" + self.tail())

    def try_start(self):
        before = set(children(os.getpid()))
        pid_file = os.path.join(self.server.folder, "run", "httpd.pid")
        self.forget(pid_file)
        said = self.server.run("-k", "start")

        def outcome():
            if os.path.exists(pid_file) and self.server.is_open():
                return "open"
            born = set(children(os.getpid())) - before
            alive = [pid for pid in born if not processes.is_gone(pid)]
            return None if alive and not said.returncode else "dead"
        # The daemon writes its pid file when it has read its configuration.
        if wait_until(outcome, 30, 0.01) != "open":
            return False
        with open(pid_file) as file:
            self.server.pid = int(file.read())
        self.server.shared |= processes.shared_memory(self.server.pid)
        return True

    # Reckoning

    def tail(self):
        return self.server.log()[-4000:]

    def stop(self):
        """Stop, and return whether the final flush wrote all."""
        at = len(self.server.log())
        os.kill(self.parent, signal.SIGTERM)
        self.server.wait_exit()
        return "USG0008" not in self.server.log()[at:]

    def ledger(self):
        """Stop until everything is written; what the database has then."""
        self.crowd.pause()
        for _ in range(4):
            is_written = self.stop()
            if is_written:
                return Ledger(self.server.store)
            self.start()
        raise Wrong("no final flush writes all\n" + self.tail())

    def reckon(self):
        """Compare the database with what was acknowledged; go on after."""
        problems = self.compare(self.ledger())
        sick = [line for line in self.server.log().splitlines()
                if any(word in line for word in SICK)]
        if problems or sick:
            raise Wrong("\n".join(problems + sick))
        self.start()
        self.crowd.resume()

    def compare(self, ledger):
        acknowledged = self.crowd.acknowledged()
        unsure, doubts = self.crowd.unsure(), self.crowd.doubts()
        found = dict(ledger.outcomes())
        problems = []
        for outcome, count in acknowledged.items():
            has = found.pop(outcome, 0)
            if not count - doubts[outcome] <= has <= count + unsure[outcome]:
                problems.append(self.difference(outcome, has))
        views = ledger.views()
        count = acknowledged["view"]
        if not count - doubts["view"] <= views <= count + unsure["view"]:
            problems.append(self.difference("view", views, "pages: "))
        if found:
            problems.append(f"nobody asked for {found}")
        return problems

    def difference(self, outcome, has, where=""):
        return (f"{where}{has} of outcome {outcome}, acknowledged "
                f"{self.crowd.acknowledged()[outcome]}, unanswered "
                f"{self.crowd.unsure()[outcome]}, in doubt "
                f"{self.crowd.doubts()[outcome]}")

    def summary(self):
        return (f"{sum(self.crowd.acknowledged().values())} acknowledged, "
                f"{sum(self.crowd.unsure().values())} unanswered, "
                f"{self.crowd.kills} kills of children under load")

    def close(self):
        self.crowd.close()
        self.withdraw()
        if self.server.pid is not None:
            self.kill(processes.descendants(self.parent) + [self.parent])
            self.bury()

    def remove(self):
        self.server.remove()
