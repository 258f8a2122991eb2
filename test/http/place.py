# SPDX-License-Identifier: Apache-2.0
"""Where a server of these tests runs: MPM, user, module files, environment."""

import atexit
import grp
import os
import pwd
import shutil
import subprocess
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.path.abspath(os.environ.get("USAGE_BUILD",
                                       os.path.join(TOP, "_build")))
SANITIZE = os.environ.get("USAGE_SANITIZE") == "1"

MPMS = ("event", "worker", "prefork")
SERVING_USER = "www-data"
ORDINARY_USER = "nobody"


def apxs(name):
    tool = shutil.which("apxs") or shutil.which("apxs2") or "/usr/bin/apxs"
    return subprocess.run([tool, "-q", name], check=True, text=True,
                          stdout=subprocess.PIPE).stdout.strip()


MODULE_FOLDER = apxs("LIBEXECDIR")
HTTPD = shutil.which("apache2", path=os.environ.get("PATH", "") + ":/usr/sbin")


class Place:
    """One way to run httpd: an MPM, and as root or as an ordinary user."""

    def __init__(self, mpm="event", as_root=None):
        am_root = os.geteuid() == 0
        self.mpm = mpm
        self.as_root = am_root if as_root is None else as_root
        self.name = f"{mpm}-{'root' if self.as_root else 'user'}"
        if self.as_root:
            self.user = SERVING_USER
        elif am_root:
            self.user = ORDINARY_USER
        else:
            self.user = pwd.getpwuid(os.geteuid()).pw_name
        account = pwd.getpwnam(self.user)
        self.uid, self.gid = account.pw_uid, account.pw_gid
        self.user_lines = ""
        self.identity = {}
        if self.as_root:
            group = grp.getgrgid(self.gid).gr_name
            self.user_lines = f"User {self.user}\nGroup {group}"
        elif am_root:
            self.identity = {"user": self.uid, "group": self.gid,
                             "extra_groups": []}


def all_places():
    """Every way to run that this machine's user can try."""
    ways = (True, False) if os.geteuid() == 0 else (False,)
    return [Place(mpm, way) for mpm in MPMS for way in ways]


def module_file():
    return os.path.join(BUILD, "mod_usage", ".libs", "mod_usage.so")


_public = None


def public_folder():
    """A folder for module files that any user can reach."""
    global _public
    if _public is None:
        _public = tempfile.mkdtemp(prefix="usage-modules-")
        os.chmod(_public, 0o755)
        atexit.register(shutil.rmtree, _public, True)
    return _public


def published(path):
    """A copy of a built module that any user can load."""
    copy = os.path.join(public_folder(), os.path.basename(path))
    if not os.path.exists(copy):
        shutil.copy(path, copy)
        os.chmod(copy, 0o755)
    return copy


def load_lines(modules, with_usage):
    """LoadModule lines; a name with a slash is a file built by a test."""
    lines = []
    for module in modules:
        if "/" in module:
            name = os.path.basename(module)[len("mod_"):-len(".so")]
            path = published(module)
        else:
            name, path = module, f"{MODULE_FOLDER}/mod_{module}.so"
        lines.append(f'LoadModule {name}_module "{path}"')
    if with_usage:
        lines.append(f'LoadModule usage_module "{published(module_file())}"')
        lines.append("LogLevel usage:info")
    return "\n".join(lines)


def environment(more):
    """The environment of httpd, with more beside the usual."""
    env = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C",
           "TZ": "UTC", **more}
    if SANITIZE:
        runtime = subprocess.run(
            ["gcc", "-print-file-name=libasan.so"], check=True, text=True,
            stdout=subprocess.PIPE).stdout.strip()
        preloaded = [os.path.realpath(runtime), env.get("LD_PRELOAD", "")]
        env["LD_PRELOAD"] = " ".join(preloaded).strip()
        env["ASAN_OPTIONS"] = "detect_leaks=0:abort_on_error=1"
        env["UBSAN_OPTIONS"] = "print_stacktrace=1"
    return env
