# SPDX-License-Identifier: Apache-2.0
"""Configurations of thousands of virtual hosts, with rules."""

import resource

from processes import SHARED, processor_seconds

MODULES = ("alias",)

# For httpd alone too: every path is answered with the small page.
ANSWERS = """
MaxKeepAliveRequests 0
AliasMatch "^/(?!usage-stats)" "{folder}/site/index.html"
"""

RULES = r"""
UsageExclude "expr=-R '192.0.2.0/24'"
UsageExclude "expr=%{HTTP_COOKIE} =~ /own=1/"
""" + "".join(f"UsagePath ^/part{i}/\\d+ /part{i}/{{id}}\n" for i in range(10))

PATTERNS = "".join(f"UsageBotPattern other pattern{i}\n" for i in range(50))

# Of each virtual host.
OWN = "UsageStatic page\nUsageBotPattern other probe-of-ours\n"


def hosts(count, directives=""):
    """s0.test and so on, each with the directives."""
    return "".join(f"<VirtualHost *>\nServerName s{i}.test\n{directives}"
                   "</VirtualHost>\n" for i in range(count))


def start(server):
    """Processor time that a start takes, of whoever runs the command and of
    the parent: what it takes by the clock where nothing else runs."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    server.start()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime + after.ru_stime
            - before.ru_stime + processor_seconds(server.pid))


def segment_bytes(pid):
    """Of named shared memory."""
    with open(f"/proc/{pid}/maps") as file:
        ranges = [line.split()[0].split("-") for line in file
                  if SHARED in line]
    return sum(int(end, 16) - int(begin, 16) for begin, end in ranges)


def private_kilobytes(pid):
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) for line in file
                    if line.startswith("RssAnon"))
