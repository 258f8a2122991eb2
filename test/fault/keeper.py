# SPDX-License-Identifier: Apache-2.0
"""The databases: how each can be in trouble while it is flushed into."""

import os
import signal
import sqlite3

from contextlib import contextmanager

import engines
import processes

from proxy import Proxy


class Disk:
    """The disk below SQLite: slow_disk.c does what a file says."""

    server = None

    @contextmanager
    def disk(self, word):
        path = os.path.join(self.server.folder, "slow")
        with open(path, "w") as file:
            file.write(word)
        try:
            yield
        finally:
            os.unlink(path)


class Sqlite(Disk, engines.Sqlite):
    """A file, which another process can lock, on a disk that can be full."""

    def trouble(self, dice):
        """The database is away within the block."""
        return dice.choice((self.locked, self.full))(dice)

    @contextmanager
    def locked(self, _):
        link = sqlite3.connect(self.server.database_file, timeout=20,
                               isolation_level=None)
        try:
            link.execute("BEGIN EXCLUSIVE")
            yield
            link.execute("ROLLBACK")
        finally:
            link.close()

    def full(self, _):
        return self.disk("full")

    def slow(self, dice):
        return self.disk(dice.choice("12"))


class Remote:
    """A server, which can be killed, behind a network that can be cut."""

    server = None

    def store(self, folder):
        store = super().store(folder)
        self.proxy = Proxy(self.port)
        store.params = store.params.replace(f"port={self.port}",
                                            f"port={self.proxy.port}")
        return store

    def trouble(self, dice):
        """The database is away within the block."""
        return dice.choice((self.killed, self.stopped, self.proxy.cut,
                            self.proxy.silent))()

    @contextmanager
    def killed(self, number=signal.SIGKILL):
        helpers = processes.descendants(self.process.pid)
        self.end(number)
        for helper in helpers:
            processes.kill(helper)
        for helper in helpers:
            processes.wait_until(lambda pid=helper: processes.is_gone(pid), 10)
        try:
            yield
        finally:
            self.start()

    def stopped(self):
        return self.killed(self.ending)

    def full(self, _):
        """A disk that is full ends such a server."""
        return self.killed(signal.SIGABRT)

    def slow(self, _):
        return self.proxy.silent()

    def stop(self):
        self.proxy.close()
        super().stop()


class Postgres(Remote, engines.Postgres):
    """PostgreSQL."""


class Mariadb(Remote, engines.Mariadb):
    """MariaDB."""


KEEPERS = {kind.name: kind for kind in (Sqlite, Postgres, Mariadb)}
