#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What no compiler checks: the house's own rules, as tests.

guard.py [NAME...] runs the guards of these names, or all. Each prints the
places where its rule is broken; one that finds nothing to check fails, too.
CC and HTTPD_CPPFLAGS may stand in the environment, as `make check` has them.
"""

import itertools
import os
import re
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from guard_files import ROOT, name_of, read
from guard_sql import guard_sql

FILE_LINES = 400
FUNCTION_LINES = 60
MEDIAN_LINES = 15
COLUMNS = 80
MADE = {"aclocal.m4", "configure", "sql/embedded.c", "dashboard/style.c",
        "dashboard/script.c", "dashboard/texts.c",
        "mod_usage/engine/agent_data.c", "mod_usage/engine/agent_data.h"} | {
    "build/" + name for name in (
        "ar-lib", "compile", "config.guess", "config.sub", "depcomp",
        "install-sh", "ltmain.sh", "missing", "test-driver")}
SOURCES = ("mod_usage", "dashboard", "sql", "test/unit")
UNFINISHED = ("TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK", "WI" + "P")


class Guard:
    """Counts what was checked, and keeps what was found wrong."""

    def __init__(self):
        self.checked = 0
        self.problems = []

    def check(self, holds, problem):
        """Note one claim; returns whether it holds."""
        self.checked += 1
        if not holds:
            self.problems.append(problem)
        return bool(holds)


def c_files(*folders, suffixes=(".c", ".h")):
    """C files below folders, as paths from the root."""
    found = []
    for folder in folders or SOURCES:
        found += [name_of(p) for p in (ROOT / folder).rglob("*")
                  if p.suffix in suffixes and p.is_file()]
    return sorted(set(found) - MADE)


def is_handler(path):
    """Whether a file is the part of the dashboard that knows httpd."""
    return path.startswith("dashboard/handler")


def layer_of(path):
    """Of which layer a file is."""
    if path.startswith("mod_usage/engine/"):
        return "engine"
    if is_handler(path):
        return "handler"
    return path.split("/", maxsplit=1)[0]


# Who may include what; "sql" is the table of statements.
MAY_INCLUDE = {
    "engine": {"engine"},
    "dashboard": {"dashboard", "engine"},
    "handler": {"handler", "dashboard", "engine", "mod_usage", "sql", "httpd"},
    "mod_usage": {"mod_usage", "handler", "engine", "sql", "httpd"},
    "sql": {"sql"},
}

HTTPD_HEADER = re.compile(
    r"(httpd|http_\w+|ap_\w+|util_\w+|mod_\w+|unixd|mpm_common|scoreboard)\.h$")


def included(path):
    """The names in a file's #include lines, in quotes or angles."""
    return re.findall(r'^#\s*include\s+[<"]([^>"]+)[>"]', read(path), re.M)


def target_of(path, name):
    """The file of ours that an include names, or None."""
    folders = (str(Path(path).parent), "mod_usage", "dashboard", "sql", ".")
    for folder in folders:
        candidate = os.path.normpath(os.path.join(folder, name))
        if (ROOT / candidate).is_file():
            return candidate
    return None


def guard_layers(guard):
    """Dependencies point one way; few files know httpd."""
    layers = set()
    for path in c_files("mod_usage", "dashboard", "sql"):
        for name in included(path):
            target = target_of(path, name)
            if target is not None:
                layer = layer_of(target)
            elif HTTPD_HEADER.match(name):
                layer = "httpd"
            else:
                continue
            layers.add(layer)
            guard.check(layer in MAY_INCLUDE[layer_of(path)],
                        f"{path}: {layer_of(path)} may not include {name} "
                        f"({layer})")
    guard.check("httpd" in layers, "nobody includes anything of httpd's")


def output_of(*command):
    """What a command prints, or "" if it is not there."""
    if shutil.which(command[0]) is None:
        return ""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def compiler_flags():
    """Flags to compile anything of ours with; but for unused functions, no more
    is let pass than configure.ac lets: httpd's rings start at NULL."""
    packages = ("apr-1", "apr-util-1", "libxxhash", "jansson", "check")
    apxs = shutil.which("apxs2") or shutil.which("apxs") or "apxs"
    flags = output_of("pkg-config", "--cflags", *packages)
    httpd = (os.environ.get("HTTPD_CPPFLAGS")
             or "-I" + output_of(apxs, "-q", "INCLUDEDIR") + " "
             + output_of(apxs, "-q", "EXTRA_CPPFLAGS"))
    ours = ["-I" + str(ROOT / f)
            for f in (".", "mod_usage", "dashboard", "sql", "test/unit")]
    return (["-std=gnu11", "-Wall", "-Wextra", "-Werror",
             "-Wno-unused-function", "-Wno-null-pointer-subtraction"] + ours
            + shlex.split(flags) + shlex.split(httpd))


def guard_headers(guard):
    """Every header compiles alone, and twice."""
    compiler = shlex.split(os.environ.get("CC") or "gcc")
    flags = compiler_flags()

    def compile_alone(path):
        text = f'#include "{ROOT / path}"\n' * 2
        return path, subprocess.run(
            [*compiler, *flags, "-fsyntax-only", "-x", "c", "-"], input=text,
            capture_output=True, text=True, check=False)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, done in pool.map(compile_alone, c_files(suffixes=(".h",))):
            guard.check(done.returncode == 0,
                        f"{path} does not compile alone:\n{done.stderr}")


def functions_of(text):
    """(name, lines) of each function, by the braces in the first column."""
    lines = text.splitlines()
    start, name = None, ""
    for number, line in enumerate(lines):
        if line == "{":
            start = number
            head = " ".join(itertools.takewhile(
                lambda l: l and l[0] not in "}#/*", reversed(lines[:number])))
            names = re.findall(r"(\w+)\s*\(", head)
            name = names[-1] if names else "?"
        elif line.startswith("}") and start is not None:
            yield name, number - start - 1
            start = None


def guard_length(guard):
    """Files, functions and lines are short."""
    lengths = []
    for path in c_files():
        lines = read(path).splitlines()
        guard.check(len(lines) < FILE_LINES,
                    f"{path} has {len(lines)} lines, {FILE_LINES} is too many")
        for number, line in enumerate(lines, 1):
            guard.check(len(line) <= COLUMNS,
                        f"{path}:{number} has {len(line)} columns")
        for name, length in functions_of(read(path)):
            lengths.append(length)
            guard.check(length <= FUNCTION_LINES,
                        f"{path}: {name} has {length} lines")
    short = sum(length < MEDIAN_LINES for length in lengths)
    guard.check(lengths and short * 2 >= len(lengths),
                f"of {len(lengths)} functions only {short} have under "
                f"{MEDIAN_LINES} lines")


TEXTS = {".c", ".h", ".py", ".sh", ".awk", ".sql", ".css", ".js", ".ac", ".am",
         ".inc", ".m4"}


def tracked():
    """Our own files: those of git, else all that are not made."""
    listed = output_of("git", "-C", str(ROOT), "ls-files", "-co",
                       "--exclude-standard")
    if listed and (ROOT / ".git").exists():
        paths = [ROOT / line for line in listed.splitlines()]
    else:
        paths = [p for p in ROOT.rglob("*")
                 if not any(part.startswith(("_", ".")) for part in
                            p.relative_to(ROOT).parts)]
    return sorted(name_of(p) for p in paths
                  if p.is_file() and not p.name.endswith("~"))


def source_texts():
    """Files that people write code in, scripts without a suffix included."""
    for path in tracked():
        if path in MADE or path.startswith("build/m4/"):
            continue
        file = ROOT / path
        is_script = not file.suffix and file.read_bytes()[:2] == b"#!"
        if file.suffix in TEXTS or is_script:
            yield path


def guard_licence(guard):
    """Every source file names its licence in its first lines."""
    for path in source_texts():
        head = "\n".join(read(path).splitlines()[:5])
        guard.check("SPDX-License-Identifier: Apache-2.0" in head,
                    f"{path} has no line SPDX-License-Identifier: Apache-2.0")


def guard_words(guard):
    """Nothing says that it is unfinished."""
    pattern = re.compile(r"\b(" + "|".join(UNFINISHED) + r")\b")
    for path in itertools.chain(source_texts(), ("README.md", "NEWS.md")):
        for number, line in enumerate(read(path).splitlines(), 1):
            found = pattern.search(line)
            guard.check(found is None,
                        f"{path}:{number} says {found and found[0]}")


LOG_CALL = re.compile(r"\bap_log_(?:\w*error)\s*\(")
LOG_ID = re.compile(r"USG\d{4}")


def call_text(text, start):
    """A call's text from its name to its semicolon."""
    return text[start:text.index(";", start)]


def guard_log_clients(guard):
    """No log line is about a request: httpd puts its client's address there."""
    for path in c_files("mod_usage", "dashboard"):
        text = read(path)
        for call in LOG_CALL.finditer(text):
            line = text.count("\n", 0, call.start()) + 1
            guard.check(call[0].startswith("ap_log_error"),
                        f"{path}:{line} logs with the client's address")


def guard_log_ids(guard):
    """Each log line of ours has an id, and no two have the same."""
    used = {}
    calls = 0
    for path in c_files("mod_usage", "dashboard"):
        text = read(path)
        for call in LOG_CALL.finditer(text):
            calls += 1
            line = text.count("\n", 0, call.start()) + 1
            body = call_text(text, call.start())
            guard.check(re.search(r'"USG\d{4}: ', body),
                        f"{path}:{line} logs without an id USGnnnn")
        for found in LOG_ID.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            place = f"{path}:{line}"
            guard.check(found[0] not in used,
                        f"{place} uses {found[0]}, which is "
                        f"{used.get(found[0])}'s")
            used[found[0]] = place
    guard.check(calls, "nothing logs")


def guard_directives(guard):
    """The table of directives and the README tell of the same ones."""
    table = set(re.findall(
        r'^    (?:AP_INIT_\w+|DURATION)\("(Usage\w*)"',
        read("mod_usage/directives.c"), re.M))
    told = set()
    for line in read("README.md").splitlines():
        cell = line.split("|")[1] if line.startswith("|") else ""
        told.update(re.findall(r"`(Usage\w*)(?=[ `])", cell))
    guard.check(table, "mod_usage/directives.c has no directives")
    guard.check(told, "README.md has no table of directives (| `UsageX …` |)")
    for name in sorted(table | told):
        guard.check(name in told, f"README.md has no row for {name}")
        guard.check(name in table,
                    f"mod_usage/directives.c does not know {name} of README.md")


NAMED_TEST = re.compile(r"`((?:unit|http|browser)/test_\w+)` (\w+)")


def guard_named_tests(guard):
    """The tests that the README's tables name exist."""
    named = [NAMED_TEST.findall(line) for line in
             read("README.md").splitlines() if line.startswith("|")]
    for file, test in itertools.chain.from_iterable(named):
        texts = [read(path) for path in (f"test/{file}.py", f"test/{file}.c")
                 if (ROOT / path).is_file()]
        pattern = rf"def test_{test}\(|START_TEST\({test}\)"
        guard.check(any(re.search(pattern, text) for text in texts),
                    f"README.md names {file} {test}, which is no test")


def words_of_makefile(path):
    """Words that look like files in a makefile, continued lines joined."""
    text = re.sub(r"#.*", "", read(path)).replace("\\\n", " ")
    lists = re.findall(r"^\w+ \+?= (.*)$", text, re.M)
    return [word for line in lists for word in line.split()
            if re.fullmatch(r"[\w./-]+\.(c|h|sql|css|js|py|awk|sh|md)", word)]


def guard_makefiles(guard):
    """What is listed exists, and what exists is listed."""
    makefiles = ["Makefile.am"] + [
        name_of(p) for p in sorted(ROOT.glob("*/Makefile.inc"))]
    made = set(re.findall(r"^([\w./-]+):", "\n".join(map(read, makefiles)),
                          re.M))
    listed = set()
    for makefile in makefiles:
        for word in words_of_makefile(makefile):
            listed.add(word)
            guard.check(word in made or (ROOT / word).is_file(),
                        f"{makefile} lists {word}, which is not there")
    tests = set(re.findall(r"test/unit/(?:test|replay|show)_\w+(?!\.py|\w)",
                           read("test/Makefile.inc")))
    listed |= {test + ".c" for test in tests}
    for test in sorted(tests):
        guard.check((ROOT / (test + ".c")).is_file(),
                    f"test/Makefile.inc lists {test}, which is not there")
    for path in (c_files("mod_usage", "dashboard", "test/unit")
                 + [name_of(p) for p in (ROOT / "sql").glob("*.sql")]):
        guard.check(path in listed, f"{path} is in no makefile")


GUARDS = {name.removeprefix("guard_"): function
          for name, function in list(globals().items())
          if name.startswith("guard_") and callable(function)}
GUARDS["sql"] = guard_sql


def run(name):
    """Run one guard: whether its rule holds."""
    guard = Guard()
    GUARDS[name](guard)
    if guard.checked == 0:
        guard.problems.append("it found nothing to check")
    for problem in guard.problems:
        print(f"guard {name}: {problem}")
    word = "FAILED" if guard.problems else "holds"
    print(f"guard {name}: {word}, {guard.checked} checked")
    return not guard.problems


def main(names):
    """Run the guards of these names, or all."""
    unknown = [name for name in names if name not in GUARDS]
    if unknown:
        sys.exit(f"no guard is called {unknown[0]}; there are: "
                 + " ".join(GUARDS))
    results = [run(name) for name in names or GUARDS]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
