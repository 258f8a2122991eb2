# SPDX-License-Identifier: Apache-2.0
"""Processes, their children, ports and waiting, for tests of real servers."""

import ctypes
import os
import pwd
import re
import signal
import socket
import time

PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans():
    """Become the parent of daemons started here, to learn how they exit."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def free_port():
    """A port of the loopback address that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds, pause=0.05):
    """Wait until a condition holds; return its last value."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value or time.monotonic() > end:
            return value
        time.sleep(pause)


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
    """What a process has had so far."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
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
