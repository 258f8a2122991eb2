# SPDX-License-Identifier: Apache-2.0
"""What befalls a flusher, at each of its steps."""

import os
import signal
import time

from processes import children, wait_until
from registry import DEATHS, FLUSHER_POINTS, for_each, maybe_quiet

# These come when a table is emptied, which is not at every flush.
CLEARING_POINTS = ("clearing", "half-cleared")

# Deaths at a point

@for_each(FLUSHER_POINTS, DEATHS)
def death(trial, dice, point, kind):
    trial.order(point, kind)
    assert trial.is_taken(point), f"no flusher came to {point}"


@for_each(("settling",), DEATHS)
def death_after_death(trial, dice, point, kind):
    trial.order("committed", "kill")
    assert trial.is_taken("committed")
    trial.order(point, kind)
    assert trial.is_taken(point), f"no flusher came to {point}"


@for_each(CLEARING_POINTS, DEATHS)
def late_death(trial, dice, point, kind):
    trial.order(point, kind)
    assert trial.is_taken(point, 60), f"no flusher came to {point}"


# A flusher that stands still at a point while something else happens

def while_held(trial, point, act):
    act(trial.hold(point))
    trial.release(point)


@for_each(FLUSHER_POINTS)
def graceful_restart_of_a_flusher(trial, dice, point):
    def act(flusher):
        trial.server.graceful()
        time.sleep(dice.uniform(0, 0.3))
    while_held(trial, point, act)


@for_each(FLUSHER_POINTS)
def restart_of_a_flusher(trial, dice, point):
    def act(flusher):
        trial.server.restart()
    while_held(trial, point, act)


@for_each(FLUSHER_POINTS)
def stop_of_a_flusher(trial, dice, point):
    trial.hold(point)
    maybe_quiet(trial, dice)
    os.kill(trial.parent, signal.SIGTERM)
    time.sleep(dice.uniform(0, 0.2))
    trial.release(point)
    trial.bury()
    trial.start()


@for_each(FLUSHER_POINTS)
def death_of_the_parent_of_a_flusher(trial, dice, point):
    """The flusher lives on, and meets those of the next server."""
    trial.hold(point)
    maybe_quiet(trial, dice)
    orphans = children(trial.parent)
    trial.kill([trial.parent])
    trial.bury()
    time.sleep(dice.uniform(0, 0.2))
    trial.end_orphans(orphans)
    trial.start()
    trial.crowd.resume()
    time.sleep(dice.uniform(0.5, 3))
    trial.release(point)


@for_each(("committed", "marking", "marked"), ("written", "committed"))
def two_flushers(trial, dice, point, kind):
    """One outlives its parent; the next server's dies when the first has
    gone on. If they keep out of each other's way, it comes later."""
    trial.hold(point)
    orphans = children(trial.parent)
    trial.kill([trial.parent])
    trial.bury()
    trial.end_orphans(orphans)
    trial.start()
    trial.order(kind, "hold")
    wait_until(lambda: trial.holder(kind), 3)
    trial.release(point)
    assert wait_until(lambda: trial.holder(kind), 10)
    time.sleep(0.1)
    trial.kill([trial.holder(kind)])


@for_each(FLUSHER_POINTS)
def death_of_all_at_a_flush(trial, dice, point):
    trial.hold(point)
    maybe_quiet(trial, dice)
    trial.crowd.note_kill()
    trial.server.kill()
    trial.release(point)
    trial.start()


@for_each(FLUSHER_POINTS)
def database_away_of_a_flusher(trial, dice, point):
    def act(flusher):
        with trial.keeper.trouble(dice):
            trial.release(point)
            time.sleep(dice.uniform(0.2, 1.5))
    while_held(trial, point, act)
