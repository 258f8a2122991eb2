#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A million random agents, and a million random paths, one after the other.

They go to httpd (event) in slices, of which each prints the memory of its
children, private and shared, and for orientation the processor time of a
request. Before and after, requests as random are counted in instructions
(callgrind on `httpd -X`, which goes on with the segment as it was left).
Ends with an error if a request costs more afterwards, if memory has grown, or
if a hit is missing in the database.
"""

import os
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "http"))

import place as places  # noqa: E402
import processes  # noqa: E402
import stream  # noqa: E402
import strangers  # noqa: E402
from server import Server  # noqa: E402

REQUESTS = int(os.environ.get("USAGE_REQUESTS", 1_000_000))
SLICES = 10
SAMPLE = 3000

# Kilobytes that the children may grow by after the first slice, and the part
# that a request may cost more: sets that have filled are searched longer.
GROWTH = 1024
DEARER = 1.02


class Trial:
    def __init__(self, make):
        self.make = make
        self.sent = 0
        self.server = Server(places.Place("event", as_root=False),
                             strangers.CONFIG, modules=("alias",))
        self.profile = os.path.join(self.server.make_folder("profile"), "out")

    def send(self, count, connections):
        """Requests unlike all before."""
        requests = self.make(count, seed=self.sent)
        assert stream.send(self.server, requests, connections) == count
        self.sent += count

    def instructions(self):
        """Of a request, on a server that is started for them."""
        self.server.wrapper = strangers.callgrind(self.profile)
        self.server.start("-X")
        self.send(SAMPLE, connections=1)
        self.server.end()
        with open(self.profile) as file:
            total = re.search(r"^totals: (\d+)", file.read(), re.M)
        return int(total[1]) / SAMPLE

    def spend(self):
        """The private kilobytes of the children after each slice."""
        sizes = []
        self.server.start()
        for _ in range(SLICES):
            before = strangers.cost(self.server)
            self.send(REQUESTS // SLICES, connections=4)
            after = strangers.cost(self.server)
            assert after.children == before.children
            micros = (after.seconds - before.seconds) * 1e6 * SLICES / REQUESTS
            sizes.append(after.private)
            print(f"{self.sent:10} sent {after.private:7} KB private "
                  f"{after.shared:7} KB shared {micros:7.1f} us", flush=True)
        self.server.end()
        return sizes

    def problems(self):
        first = self.instructions()
        sizes = self.spend()
        last = self.instructions()
        print(f"instructions a request: {first:.0f}, then {last:.0f}")
        if last > first * DEARER:
            yield "requests have become dearer"
        if max(sizes) > sizes[0] + GROWTH:
            yield "memory has grown"
        database = self.server.database()
        counted = database.hits(), database.views()
        if counted != (self.sent, self.sent):
            yield f"of {self.sent} requests {counted} hits and views"


def main():
    processes.adopt_orphans()
    found = []
    for make in (strangers.agents, strangers.paths):
        print(f"random {make.__name__}")
        trial = Trial(make)
        try:
            found += [f"random {make.__name__}: {problem}"
                      for problem in trial.problems()]
            trial.server.close()
        finally:
            trial.server.remove()
    sys.exit("\n".join(found) or 0)


if __name__ == "__main__":
    main()
