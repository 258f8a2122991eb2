# SPDX-License-Identifier: Apache-2.0
"""The databases: how one is configured, troubled and read at the end."""

import os
import sqlite3

from contextlib import contextmanager

from server import COUNTING
from trial import Ledger


class Sqlite:
    """A file, which another process can lock, on a disk that can be full."""

    name = "sqlite3"

    def counting(self):
        return COUNTING

    def attach(self, server):
        """Learn of the server whose counts are kept."""
        self.server = server

    def ledger(self):
        return Ledger(self.server.database_file)

    def trouble(self, trial, dice):
        """The database is away within the block."""
        return dice.choice((self.locked, self.full))(trial)

    @contextmanager
    def locked(self, trial):
        link = sqlite3.connect(self.server.database_file, timeout=20,
                               isolation_level=None)
        try:
            link.execute("BEGIN EXCLUSIVE")
            yield
            link.execute("ROLLBACK")
        finally:
            link.close()

    @contextmanager
    def disk(self, word):
        path = os.path.join(self.server.folder, "slow")
        with open(path, "w") as file:
            file.write(word)
        try:
            yield
        finally:
            os.unlink(path)

    def full(self, trial):
        return self.disk("full")

    def slow(self, trial, seconds):
        return self.disk(str(seconds))

    def close(self):
        pass


KEEPERS = {"sqlite3": Sqlite}
