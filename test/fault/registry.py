# SPDX-License-Identifier: Apache-2.0
"""Faults by name. Each is a function of a trial and of dice, and leaves a server
that runs; those of a point in the module are made of lists."""

# Where a flusher can be, in the order in which it comes there.
FLUSHER_POINTS = ("forked", "demoted", "connected", "prepared", "begun",
                  "settled", "taking", "taken", "moved", "rows",
                  "counts-written", "written", "committed", "marking",
                  "marked", "closing", "closed")

DEATHS = ("kill", "abort", "exit")

FAULTS = {}


def fault(function):
    FAULTS[function.__name__.replace("_", " ")] = function
    return function


def for_each(points, kinds=("",)):
    """Register a fault for each of some points and kinds."""
    def register(function):
        for point in points:
            for kind in kinds:
                words = function.__name__.replace("_", " ").split() + [
                    "at", point, kind]
                FAULTS[" ".join(filter(None, words))] = (
                    lambda trial, dice, point=point, kind=kind:
                    function(trial, dice, point, *filter(None, [kind])))
        return function
    return register


def maybe_quiet(trial, dice):
    """Half of the time nobody asks while processes are killed, so that not
    one count may be missing."""
    if dice.random() < 0.5:
        trial.crowd.pause()
