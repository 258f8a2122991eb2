# SPDX-License-Identifier: Apache-2.0
"""The three databases: each a real server, started when the first test asks for
it, in a folder and on a port of its own, and ended with the tests.

An engine gives each httpd a store: a database of its own, what DBDriver and
DBDParams say of it, and its rows.
"""

import glob
import itertools
import json
import os
import pwd
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import xml.etree.ElementTree as xml

from contextlib import closing, contextmanager

from place import ORDINARY_USER
from processes import Missing, free_port, release_port, wait_until

NAMES = ("sqlite3", "pgsql", "mysql")

# A password that must be in no log and on no page.
SECRET = "unsaid-secret"

USER = "counter"

# Columns that are no numbers.
TEXTS = {"site", "path", "device", "browser", "system", "category", "event",
         "node", "sketch", "name", "salt"}

numbers = itertools.count(1)


def value_of(field):
    """A column's value from XML, which has texts only."""
    text = field.text or ""
    is_number = field.get("name") not in TEXTS and text.lstrip("-").isdecimal()
    return int(text) if is_number else text


@contextmanager
def owner_of(path):
    """Be the owner of a file, where one may: SQLite's files beside a database
    belong to whoever comes first, and for a moment to nobody else."""
    if os.geteuid() != 0:
        yield
        return
    status = os.stat(path)
    os.setegid(status.st_gid)
    os.seteuid(status.st_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


class SqliteStore:
    """A file in the server's folder."""

    driver = "sqlite3"
    title = "SQLite"

    def __init__(self, folder):
        self.file = os.path.join(folder, "data", "usage.db")
        self.params = self.file

    def exists(self):
        return os.path.exists(self.file)

    def read(self, tables):
        """The rows of tables, as they are at one moment."""
        if not self.exists():
            raise Missing(self.file)
        with owner_of(os.path.dirname(self.file)):
            return self.read_as_owner(tables)

    def read_as_owner(self, tables):
        link = sqlite3.connect(f"file:{self.file}?mode=ro", uri=True,
                               timeout=10, isolation_level=None)
        link.row_factory = sqlite3.Row
        try:
            link.execute("BEGIN")
            return {table: [dict(row) for row in
                            link.execute(f"SELECT * FROM {table}")]
                    for table in tables}
        except sqlite3.OperationalError as problem:
            raise Missing(str(problem)) from problem
        finally:
            link.close()

    def run(self, text):
        """Run statements, as the server's user."""
        with (owner_of(os.path.dirname(self.file)),
              closing(sqlite3.connect(self.file)) as link):
            link.executescript(text)

    def drop(self):
        """Its folder goes with the server's."""


class Sqlite:
    """Needs no server."""

    name = "sqlite3"

    def store(self, folder):
        return SqliteStore(folder)

    def stop(self):
        pass


class Served:
    """A database server, run by an ordinary user."""

    def __init__(self):
        self.process = None
        self.port = free_port()
        self.folder = tempfile.mkdtemp(prefix=f"usage-{self.name}-")
        self.identity = {}
        if os.geteuid() == 0:
            account = pwd.getpwnam(ORDINARY_USER)
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            self.identity = {"user": account.pw_uid, "group": account.pw_gid,
                             "extra_groups": []}
        self.data = os.path.join(self.folder, "data")
        try:
            self.make()
            self.start()
            self.give_rights()
        except BaseException:
            self.stop()
            raise

    def store(self, _):
        return ServedStore(self)

    def surroundings(self):
        """Variables. MariaDB deletes the temporary tables of all when it
        starts, so each has a place for its own."""
        return {**os.environ, "TMPDIR": self.folder}

    def call(self, *command, **details):
        """Run a program as the server's user."""
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            stdin=subprocess.DEVNULL, cwd=self.folder, timeout=120,
            **{"env": self.surroundings(), **self.identity, **details})
        if done.returncode:
            raise Missing(done.stdout + done.stderr)
        return done.stdout

    def launch(self, *command):
        with open(os.path.join(self.folder, "log"), "ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.folder, env=self.surroundings(),
                **self.identity)
        assert wait_until(self.answers, 60), self.log()

    def log(self):
        with open(os.path.join(self.folder, "log")) as file:
            return file.read()[-4000:]

    def answers(self):
        try:
            return self.run("SELECT 1")
        except Missing:
            return None

    def end(self, number=None):
        """Stop the server: at once, whoever is connected."""
        self.process.send_signal(number or self.ending)
        self.process.wait(60)

    def stop(self):
        if self.process is not None:
            self.end(signal.SIGKILL)
        release_port(self.port)
        shutil.rmtree(self.folder, ignore_errors=True)


class Session:
    """A connection that goes on from statement to statement."""

    def __init__(self, command, identity):
        self.process = subprocess.Popen(
            command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            bufsize=1, **identity)

    def ask(self, text):
        """The first line that statements answer with."""
        self.process.stdin.write(text)
        return self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


class ServedStore:
    """One database of a server's."""

    def __init__(self, engine, name=None):
        """A new one, or one that is there."""
        self.engine = engine
        self.driver = engine.name
        self.title = engine.title
        self.name = name or f"usage_{next(numbers)}"
        self.params = (f"host=127.0.0.1 port={engine.port} user={USER} "
                       f"{engine.password}={SECRET} dbname={self.name}")
        if name is None:
            engine.make_database(self.name)

    def run(self, text):
        """Run statements, as the server's owner."""
        return self.engine.run(text, self.name)

    def session(self):
        return Session(self.engine.client(self.name), self.engine.identity)

    def exists(self):
        try:
            return bool(self.read(["usage_schema"])["usage_schema"])
        except Missing:
            return False

    def read(self, tables):
        """The rows of tables, as they are at one moment."""
        return dict(zip(tables, self.engine.rows(tables, self.name)))

    def drop(self):
        self.engine.drop_database(self.name)


class Postgres(Served):
    """PostgreSQL, the newest that is installed."""

    name = "pgsql"
    title = "PostgreSQL"
    password = "password"
    ending = signal.SIGINT

    def make(self):
        self.programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"),
                               key=lambda p: float(p.split("/")[-2]))[-1]
        self.call(f"{self.programs}/initdb", "-D", self.data, "-U", "owner",
                  "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        with open(os.path.join(self.data, "pg_hba.conf"), "w") as file:
            file.write("local all owner trust\n"
                       "host all all 127.0.0.1/32 scram-sha-256\n")

    def start(self):
        self.launch(f"{self.programs}/postgres", "-D", self.data, "-k",
                    self.folder, "-h", "127.0.0.1", "-p", str(self.port),
                    "-c", "fsync=off", "-c", "shared_buffers=16MB")

    def give_rights(self):
        self.run(f"CREATE ROLE {USER} LOGIN PASSWORD '{SECRET}'")

    def client(self, database):
        return ["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-h", self.folder,
                "-p", str(self.port), "-U", "owner", "-d", database]

    def run(self, text, database="postgres"):
        return self.call(*self.client(database), "-c", text) or "done"

    def rows(self, tables, database):
        queries = [f"SELECT coalesce(jsonb_agg(t), '[]') FROM {table} t"
                   for table in tables]
        said = self.run("BEGIN ISOLATION LEVEL REPEATABLE READ; "
                        + "; ".join(queries), database)
        return [json.loads(line) for line in said.splitlines()]

    def make_database(self, name):
        self.run(f"CREATE DATABASE {name} OWNER {USER}")

    def allow_rows_only(self, name):
        """The server's user may no more make tables, but use all there are."""
        self.run(f"REVOKE CREATE ON SCHEMA public FROM {USER}, PUBLIC; "
                 f"REASSIGN OWNED BY {USER} TO owner; "
                 f"GRANT SELECT, INSERT, UPDATE, DELETE "
                 f"ON ALL TABLES IN SCHEMA public TO {USER}", name)

    def drop_database(self, name):
        self.run(f"DROP DATABASE {name} WITH (FORCE)")


class Mariadb(Served):
    """MariaDB."""

    name = "mysql"
    title = "MariaDB/MySQL"
    password = "pass"
    ending = signal.SIGTERM

    def make(self):
        self.call("mariadb-install-db", "--no-defaults",
                  f"--datadir={self.data}", "--skip-test-db",
                  "--auth-root-authentication-method=normal")
        self.socket = os.path.join(self.folder, "socket")

    @staticmethod
    def program():
        return shutil.which("mariadbd", path="/usr/sbin:/usr/bin")

    def options(self):
        return ["--no-defaults", f"--datadir={self.data}",
                f"--socket={self.socket}", f"--port={self.port}",
                "--bind-address=127.0.0.1", "--skip-log-bin",
                f"--pid-file={self.folder}/pid",
                "--innodb-flush-log-at-trx-commit=2",
                "--innodb-buffer-pool-size=32M"]

    def start(self):
        self.launch(self.program(), *self.options())

    def give_rights(self):
        self.run(f"CREATE USER {USER}@'127.0.0.1' IDENTIFIED BY '{SECRET}'")

    def client(self, database):
        return ["mariadb", "--no-defaults", "-S", self.socket, "-u", "root",
                "--default-character-set=utf8mb4", "--unbuffered", "-N", "-D",
                database]

    def run(self, text, database="mysql", *options):
        return self.call(*self.client(database), *options, "-e",
                         text) or "done"

    def rows(self, tables, database):
        queries = [f"SELECT * FROM {table}" for table in tables]
        said = self.run("START TRANSACTION WITH CONSISTENT SNAPSHOT; "
                        + "; ".join(queries), database, "--xml")
        return [self.rows_of(part)
                for part in said.split('<?xml version="1.0"?>')[1:]]

    @staticmethod
    def rows_of(text):
        return [{field.get("name"): value_of(field) for field in row}
                for row in xml.fromstring(text.strip())]

    def make_database(self, name):
        self.run(f"CREATE DATABASE {name} CHARACTER SET latin1; "
                 f"GRANT ALL ON {name}.* TO {USER}@'127.0.0.1'")

    def allow_rows_only(self, name):
        """The server's user may no more make tables, but use all there are."""
        self.run(f"REVOKE ALL ON {name}.* FROM {USER}@'127.0.0.1'; "
                 f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name}.* "
                 f"TO {USER}@'127.0.0.1'")

    def drop_database(self, name):
        self.run(f"DROP DATABASE {name}")


KINDS = {kind.name: kind for kind in (Sqlite, Postgres, Mariadb)}

running = {}


def engine(name):
    """The database server of a driver; starts it if need be."""
    if name not in running:
        running[name] = KINDS[name]()
    return running[name]


def stop_all():
    """End all that were started."""
    while running:
        running.popitem()[1].stop()
