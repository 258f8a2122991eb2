# SPDX-License-Identifier: Apache-2.0
"""A real httpd with a folder, a port and a small configuration of its own.

One Server is one configuration. It is started, asked, restarted and stopped by
process id only, and it waits properly: a stop returns when the parent has gone
and its exit status is known. Everything that it writes is below one folder,
which the server's user can traverse.
"""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from collections import namedtuple

import engines
import place
import processes
from database import Database
from error_log import CLOSING, ErrorLog
from processes import children, descendants, free_port, wait_until

BROWSER = ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 "
           "Firefox/128.0")

PAGE = "<!DOCTYPE html><title>A page</title><p>One page of a small site.</p>\n"

# Modules that every server here loads, in this order.
MODULES = ("authz_core", "mime", "dir", "dbd")

BASE = """
ServerRoot "{folder}"
DefaultRuntimeDir "{folder}/run"
PidFile "{folder}/run/httpd.pid"
ErrorLog "{folder}/error.log"
LogLevel warn
ServerName site.test
Listen 127.0.0.1:{port}
Timeout 10
KeepAliveTimeout 5
LoadModule mpm_{mpm}_module "{modules}/mod_mpm_{mpm}.so"
{load}
{user}
<IfModule mpm_prefork_module>
    StartServers 3
    MinSpareServers 2
    MaxSpareServers 64
    MaxRequestWorkers 64
</IfModule>
<IfModule !mpm_prefork_module>
    StartServers 2
    ThreadsPerChild 16
    ThreadLimit 16
    MinSpareThreads 16
    MaxSpareThreads 64
    MaxRequestWorkers 64
</IfModule>
DocumentRoot "{folder}/site"
DirectoryIndex index.html
TypesConfig /dev/null
AddType text/html .html
AddType application/xhtml+xml .xhtml
AddType text/css .css
AddType text/plain .txt
AddType image/png .png
AddType application/octet-stream .bin
LogFormat "%>s %m %U%q" outline
CustomLog "{folder}/access.log" outline
"""

# What makes the module count, unless a test says otherwise.
COUNTING = """
Usage On
UsageDashboard all
DBDriver {driver}
DBDParams "{params}"
<Location "/usage-stats">
    SetHandler usage-stats
</Location>
"""

# Answers every path but the dashboard's with a page (with mod_alias).
ANY_PATH = 'AliasMatch "^/(?!usage-stats)" "{folder}/site/index.html"\n'

Answer = namedtuple("Answer", "status headers body")


class StartFailure(Exception):
    """httpd did not start; the text is all that it said."""


class Server:
    """One httpd: `config` follows the base and the counting configuration."""

    def __init__(self, where, config="", modules=(), without=(),
                 counting=COUNTING, usage=True, engine=engines.Sqlite(),
                 store=None):
        self.where = where
        self.folder = tempfile.mkdtemp(prefix="usage-test-")
        os.chmod(self.folder, 0o755)
        self.has_own_store = store is None
        self.store = store or engine.store(self.folder)
        self.port = free_port()
        self.pid = None
        self.exit_status = None
        self.environment = {}
        self.wrapper = []
        self.shared = set()
        self.error_log = ErrorLog(os.path.join(self.folder, "error.log"))
        self.give(self.folder, as_starter=True)
        self.make_folder("run", as_starter=True)
        for name in ("site", "data"):
            self.make_folder(name)
        for name in ("index.html", "a.html", "b.html", "style.css"):
            self.page(name)
        self.modules = [name for name in MODULES if name not in without]
        self.modules += modules
        self.usage = usage
        self.configure(config, counting)

    # Files

    def make_folder(self, name, as_starter=False):
        path = os.path.join(self.folder, name)
        os.makedirs(path)
        self.give(path, as_starter)
        return path

    def give(self, path, as_starter=False):
        """Hand a file to the user that serves, or to the one that starts."""
        if os.geteuid() == 0 and not (as_starter and self.where.as_root):
            os.chown(path, self.where.uid, self.where.gid)

    def page(self, name, content=PAGE):
        """Write a file of the site."""
        path = os.path.join(self.folder, "site", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes)
                       else content.encode())
        return path

    def configure(self, config, counting=COUNTING):
        """Write the configuration file."""
        base = (BASE + (counting if self.usage else "") + config).replace(
            "{load}", place.load_lines(self.modules, self.usage))
        text = base
        for key, value in {
                "folder": self.folder, "port": self.port,
                "driver": self.store.driver, "params": self.store.params,
                "mpm": self.where.mpm, "user": self.where.user_lines,
                "modules": place.MODULE_FOLDER}.items():
            text = text.replace("{" + key + "}", str(value))
        self.config = os.path.join(self.folder, "httpd.conf")
        with open(self.config, "w", errors="surrogateescape") as file:
            file.write(text)

    def replace_in_config(self, old, new):
        with open(self.config) as file:
            text = file.read()
        assert old in text
        with open(self.config, "w") as file:
            file.write(text.replace(old, new))

    @property
    def database_file(self):
        return os.path.join(self.folder, "data", "usage.db")

    def database(self):
        """The database as it is now."""
        return Database(self.store)

    def hits(self):
        """Lines of the access log that are not the dashboard's own."""
        with open(os.path.join(self.folder, "access.log"),
                  errors="replace") as file:
            return sum(" /usage-stats" not in line for line in file)

    def count(self):
        """Stop; return the database, which must know of every hit."""
        database = self.stop()
        assert database is not None, "nothing was written\n" + self.log()
        assert database.hits() == self.hits()
        return database

    # Life

    def run(self, *words):
        """Run httpd with this configuration and wait for it."""
        return subprocess.run(
            [place.HTTPD, "-f", self.config, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace", timeout=60, **self.where.identity,
            env=place.environment(self.environment))

    def check(self):
        """The answer of a configuration test: (is it good, what it said)."""
        done = self.run("-t")
        return done.returncode == 0, done.stdout

    def start(self, *options):
        """Start httpd, as a daemon unless options say otherwise (-X, -D
        FOREGROUND), and wait until it answers."""
        assert self.pid is None
        pid_file = os.path.join(self.folder, "run", "httpd.pid")
        if os.path.exists(pid_file):
            os.unlink(pid_file)
        said = self.launch(options) if options else self.run("-k", "start")
        if said.returncode:
            raise StartFailure(said.stdout + self.log())
        if not wait_until(lambda: os.path.exists(pid_file) and self.is_open(),
                          30):
            raise StartFailure(f"no answer\n{said.stdout}{self.log()}")
        with open(pid_file) as file:
            self.pid = int(file.read())
        self.shared |= processes.shared_memory(self.pid)
        return self

    def launch(self, options):
        """Run httpd, within a wrapper such as valgrind if there is one, and
        don't wait for it."""
        return subprocess.Popen(
            [*self.wrapper, place.HTTPD, "-f", self.config, *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env=place.environment(self.environment),
            start_new_session=True, **self.where.identity)

    def is_open(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def wait_exit(self, seconds=60):
        """Wait until the parent has gone; return its exit status."""
        def gone():
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            return (os.waitstatus_to_exitcode(status),) if pid else None
        result = wait_until(gone, seconds, 0.01)
        assert result, "httpd did not exit"
        self.pid = None
        self.exit_status = result[0]
        return self.exit_status

    def stop(self):
        """Stop httpd, final flush and all; return its database."""
        self.end()
        return self.database() if self.store.exists() else None

    def settle(self):
        """Let the last hit be counted, which is just after its answer, but
        before the server closes a connection that its client has closed. One
        that the client keeps has a tenth of a second."""
        found = processes.connections(self.port)
        if processes.KEPT in found:
            time.sleep(0.1)
        if found & {processes.KEPT, processes.LEFT}:
            wait_until(lambda: processes.LEFT not in
                       processes.connections(self.port), 20, 0.001)

    def end(self):
        """Stop httpd."""
        self.expect(CLOSING)
        self.settle()
        os.kill(self.pid, signal.SIGTERM)
        status = self.wait_exit()
        assert status == 0, f"httpd exited with {status}\n{self.log()}"

    def graceful(self):
        """A graceful restart; returns when the parent is done with it: a
        signal that came before would be lost."""
        self.resume_after(signal.SIGUSR1,
                          "SIGUSR1 received|Graceful restart requested")

    def restart(self):
        """A hard restart; returns when new children answer."""
        self.expect(CLOSING)
        self.settle()
        self.resume_after(signal.SIGHUP, "SIGHUP received")
        assert wait_until(self.is_open, 10)

    def resume_after(self, number, words):
        """Send a signal; wait until the parent has understood it, and runs."""
        before = len(self.log())
        resumed = re.compile(
            f"({words}).*resuming normal operations", re.DOTALL)
        os.kill(self.pid, number)
        assert wait_until(lambda: resumed.search(self.log()[before:]),
                          60, 0.002), self.log()

    def kill(self):
        """Kill every process of this server at once, as a power cut would."""
        self.settle()
        os.kill(self.pid, signal.SIGSTOP)
        victims = descendants(self.pid)
        for victim in [self.pid] + victims:
            os.kill(victim, signal.SIGKILL)
        self.wait_exit()
        for victim in victims:
            def gone(victim=victim):
                try:
                    return os.waitpid(victim, os.WNOHANG)[0]
                except ChildProcessError:
                    return True
            assert wait_until(gone, 10)

    def close(self):
        """Stop what still runs, then check what it left in its logs."""
        try:
            if self.pid is not None:
                self.end()
            self.error_log.check()
            left = self.leftovers()
            assert not left, f"processes left behind: {left}"
        finally:
            if self.pid is not None:
                self.kill()
            for pid in self.leftovers():
                os.kill(pid, signal.SIGKILL)

    def leftovers(self):
        """Processes of this server that outlived their parent."""
        left = []
        for pid in children(os.getpid()):
            try:
                with open(f"/proc/{pid}/cmdline", errors="replace") as file:
                    if self.config in file.read():
                        left.append(pid)
            except FileNotFoundError:
                pass  # it has gone meanwhile
        return left

    def remove(self):
        """The folder, and the shared memory that a killed server left."""
        if self.has_own_store:
            self.store.drop()
        processes.release_port(self.port)
        shutil.rmtree(self.folder, ignore_errors=True)
        processes.drop_shared_memory(self.shared)

    # Logs

    def log(self):
        """The whole error log."""
        return self.error_log.text()

    def expect(self, *patterns):
        """Declare serious lines that this test provokes."""
        self.error_log.expect(*patterns)

    # Requests

    def connect(self, seconds=15):
        """A bare connection."""
        return socket.create_connection(("127.0.0.1", self.port), seconds)

    def raw(self, data, seconds=15):
        """Send bytes, and return all that comes until the server closes."""
        with self.connect(seconds) as connection:
            connection.sendall(data)
            parts = []
            while part := connection.recv(65536):
                parts.append(part)
            return b"".join(parts)

    def ask(self, path, method="GET", agent=BROWSER, headers=None, body=None,
            address=None):
        """One request on a connection of its own."""
        client = http.client.HTTPConnection(address or "127.0.0.1", self.port,
                                            timeout=20)
        try:
            client.putrequest(method, path, skip_accept_encoding=True,
                              skip_host="Host" in (headers or {}))
            if agent is not None:
                client.putheader("User-Agent", agent)
            for name, value in (headers or {}).items():
                client.putheader(name, value)
            if body is not None:
                client.putheader("Content-Length", str(len(body)))
            client.endheaders(body)
            answer = client.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            client.close()

    def get(self, path, **details):
        return self.ask(path, **details)

    def status(self, path, **details):
        return self.ask(path, **details).status
