# SPDX-License-Identifier: Apache-2.0
"""Processes, their children, ports and waiting, for tests of real servers."""

import ctypes
import fcntl
import os
import pwd
import re
import signal
import socket
import tempfile
import time

from contextlib import contextmanager

PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans():
    """Become the parent of daemons started here, to learn how they exit."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


held = {}


def free_port():
    """A port of the loopback address that nothing listens on. It is held: a
    server, which sets SO_REUSEADDR, can have it at any time, and the system
    gives it to nobody else meanwhile, neither to another run of tests nor as a
    client's own."""
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    port = holder.getsockname()[1]
    held[port] = holder
    return port


def release_port(port):
    """Nobody needs it any more."""
    held.pop(port).close()


# States of a connection, as its server has it: the client keeps it; the
# client has closed it, and the server has not yet.
KEPT, LEFT = "01", "08"


def connections(port):
    """The states of connections to a port of the loopback address."""
    local = f"0100007F:{port:04X}"
    with open("/proc/net/tcp") as file:
        lines = [line.split(maxsplit=4)[1:4] for line in file if local in line]
    return {state for ours, _, state in lines if ours == local}


class Missing(Exception):
    """There is no such database, or it has no such table yet."""


def value_of(condition):
    """Its value; None while the tables are being made that it asks."""
    try:
        return condition()
    except Missing:
        return None


def wait_until(condition, seconds, pause=0.02):
    """Wait until a condition holds; return its last value."""
    end = time.monotonic() + seconds
    while True:
        value = value_of(condition)
        if value or time.monotonic() > end:
            return value
        time.sleep(pause)


@contextmanager
def turn(alone):
    """A block beside others of this user's processes, or alone. Who would be
    alone waits in the door until all have left, so that nobody enters."""
    room = os.path.join(tempfile.gettempdir(), f"usage-test-{os.getuid()}")
    with open(room + "-door", "w") as door, open(room + "-room", "w") as lock:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        yield


def children(pid):
    """Process ids of the children of a process."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


def descendants(pid):
    found = []
    for child in children(pid):
        found += [child] + descendants(child)
    return found


def kill(pid):
    """End a process at once, if it is still there."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def flushers(pid):
    """The flushers that a server's parent has now: unlike other children they
    ignore SIGTERM, so that a stop lets them finish."""
    return [child for child in children(pid) if ignores_term(child)]


def ignores_term(pid):
    try:
        with open(f"/proc/{pid}/status") as file:
            ignored = re.search(r"SigIgn:\s*(\w+)", file.read())[1]
    except OSError:
        return False
    return bool(int(ignored, 16) & 1 << signal.SIGTERM - 1)


def is_gone(pid):
    """Whether a process has ended; one that is ours is buried."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        pass
    return not os.path.exists(f"/proc/{pid}")


def owner(path):
    """The name of a file's owner."""
    return pwd.getpwuid(os.stat(path).st_uid).pw_name


def processor_seconds(pid):
    """What a process has had so far; one that has gone, nothing."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


SHARED = "/dev/shm"


def shared_memory(pid):
    """The files of the segments that a process has."""
    with open(f"/proc/{pid}/maps", errors="replace") as file:
        return set(re.findall(rf"{SHARED}/ShM\.\S+$", file.read(), re.M))


def drop_shared_memory(files):
    """Remove what is still there of these segments."""
    for name in files:
        try:
            os.unlink(name)
        except FileNotFoundError:
            pass
