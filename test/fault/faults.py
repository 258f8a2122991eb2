# SPDX-License-Identifier: Apache-2.0
"""The faults: each is a function of a trial and of dice, and leaves a server
that runs. FAULTS has them all by name; those of points are made of lists."""

import os
import signal
import time

from processes import children, wait_until

# Where a flusher can be, in the order in which it comes there.
FLUSHER_POINTS = ("forked", "demoted", "connected", "prepared", "begun",
                  "settled", "taking", "taken", "moved", "rows",
                  "counts-written", "written", "committed", "marking",
                  "marked", "closing", "closed")

# These come when a table is emptied, which is not at every flush.
CLEARING_POINTS = ("clearing", "half-cleared")

# Where the parent can be: as it forks, starts and stops.
FORK_POINTS = ("fork",)
CREATE_POINTS = ("creating", "created")
ADOPT_POINTS = ("adopted",)
READ_POINTS = ("half-read", "read", "taken-over")
SAVE_POINTS = ("saving", "half-saved", "saved", "renamed")

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


# Deaths of httpd's own processes

@fault
def death_of_a_child(trial, dice):
    maybe_quiet(trial, dice)
    trial.crowd.note_kill()
    trial.kill([dice.choice(trial.workers())])


@fault
def death_of_all_children(trial, dice):
    maybe_quiet(trial, dice)
    trial.crowd.note_kill()
    trial.kill(trial.workers())


@fault
def death_of_the_parent(trial, dice):
    maybe_quiet(trial, dice)
    orphans = children(trial.parent)
    trial.kill([trial.parent])
    trial.bury()
    time.sleep(dice.uniform(0, 0.5))
    trial.end_orphans(orphans)
    trial.start()


@fault
def death_of_all(trial, dice):
    maybe_quiet(trial, dice)
    time.sleep(dice.uniform(0, 1))
    trial.crowd.note_kill()
    trial.server.kill()
    trial.start()


@fault
def death_of_a_flusher(trial, dice):
    """At whatever moment it has come to."""
    found = wait_until(trial.flushers, 5, 0.001)
    time.sleep(dice.uniform(0, 0.03))
    trial.kill(found)


# Restarts and settings

@fault
def graceful_restart(trial, dice):
    for _ in range(dice.randint(1, 4)):
        trial.server.graceful()
        time.sleep(dice.uniform(0, 0.5))


@fault
def restart(trial, dice):
    trial.server.restart()


@fault
def stop_and_start(trial, dice):
    trial.stop()
    trial.start()


SETTINGS = {"UsageTable": ("1024", "2048"),
            "UsageVisitors": ("1024", "2048", "4096")}


def set_words(trial, dice):
    """Change the configuration: sizes, sites added, removed and renamed."""
    with open(trial.server.config) as file:
        text = file.read()
    lines = []
    for line in text.splitlines():
        word = line.split(" ")[0]
        if word in SETTINGS:
            line = f"{word} {dice.choice(SETTINGS[word])}"
        if line.strip().startswith("ServerName ") and "site.test" not in line:
            names = ["one.test", "two.test", "gone.test", "new.test"]
            line = f"    ServerName {dice.choice(names)}"
        if line.strip().startswith("ServerName ") or "UsageSite" in line:
            if dice.random() < 0.3:
                lines.append(f"    UsageSite renamed-{dice.randint(1, 3)}")
            if "UsageSite" in line:
                continue
        lines.append(line)
    with open(trial.server.config, "w") as file:
        file.write("\n".join(lines) + "\n")


@for_each(("half-replaced",), ("kill",))
def death_of_a_start_with_other_sizes(trial, dice, point, kind):
    with open(trial.server.config) as file:
        text = file.read()
    sizes = ["UsageTable 1024", "UsageTable 2048"]
    if sizes[0] not in text:
        sizes.reverse()
    elif dice.random() < 0.5:
        trial.order("begun", "kill")  # what waits has room in a larger table
    trial.stop()
    trial.withdraw()
    trial.server.replace_in_config(*sizes)
    start_with_death(trial, point, kind)


@fault
def other_settings_gracefully(trial, dice):
    set_words(trial, dice)
    trial.server.graceful()
    time.sleep(dice.uniform(0, 0.5))


@fault
def other_settings_after_a_stop(trial, dice):
    trial.stop()
    set_words(trial, dice)
    trial.start()


# Upgrades, there and back: old and new children at once

@fault
def upgrade(trial, dice):
    trial.install()
    trial.server.graceful()
    time.sleep(dice.uniform(0, 4))


@fault
def upgrade_with_a_restart(trial, dice):
    trial.install()
    trial.server.restart()
    time.sleep(dice.uniform(0, 4))


@fault
def upgrade_after_a_stop(trial, dice):
    """With all written, or by the old version again."""
    while not trial.stop():
        trial.start()
    trial.install()
    trial.start()


@fault
def upgrade_and_stop(trial, dice):
    trial.install()
    trial.server.graceful()
    time.sleep(dice.uniform(0.1, 1))
    trial.stop()
    trial.start()


@for_each(FLUSHER_POINTS, ("kill",))
def upgrade_with_death(trial, dice, point, kind):
    """Of the caretaker's flusher, or of the new server's."""
    trial.install()
    trial.server.graceful()
    trial.order(point, kind)
    trial.is_taken(point)


# The parent as it forks, starts and stops

@for_each(FORK_POINTS, ("kill", "abort"))
def death_of_a_forking_parent(trial, dice, point, kind):
    maybe_quiet(trial, dice)
    orphans = children(trial.parent)
    trial.order(point, kind)
    assert trial.is_taken(point), "the parent does not fork"
    trial.bury()
    trial.end_orphans(orphans + trial.server.leftovers())
    trial.start()


def start_with_death(trial, point, kind):
    trial.order(point, kind)
    trial.start()
    assert trial.is_taken(point, 0), f"no start came to {point}"


@for_each(READ_POINTS, ("kill",))
def death_of_a_start(trial, dice, point, kind):
    """After a stop; sometimes the final flush could not write all."""
    if dice.random() < 0.5:
        trial.order("begun", "kill")
    trial.stop()
    trial.withdraw()
    start_with_death(trial, point, kind)


@for_each(CREATE_POINTS, ("kill",))
def death_of_a_start_from_a_state(trial, dice, point, kind):
    trial.stop()
    start_with_death(trial, point, kind)


@for_each(ADOPT_POINTS, ("kill",))
def death_of_a_start_after_death(trial, dice, point, kind):
    maybe_quiet(trial, dice)
    trial.crowd.note_kill()
    trial.server.kill()
    start_with_death(trial, point, kind)


@for_each(SAVE_POINTS, ("kill", "abort"))
def death_of_a_stop(trial, dice, point, kind):
    """Sometimes the final flush could not write all."""
    if dice.random() < 0.5:
        trial.order("begun", "kill")
    trial.order(point, kind)
    os.kill(trial.parent, signal.SIGTERM)
    trial.bury()
    assert trial.is_taken(point, 0), f"no stop came to {point}"
    trial.withdraw()
    trial.start()


@fault
def no_room_for_the_state(trial, dice):
    """What the final flush wrote is safe; what it could not would be told."""
    trial.order("half-saved", "error")
    trial.stop()
    trial.withdraw()
    trial.start()


# The database

@fault
def database_away(trial, dice):
    with trial.keeper.trouble(dice):
        time.sleep(dice.uniform(0.5, 3))


@fault
def disk_full(trial, dice):
    with trial.keeper.full(dice):
        time.sleep(dice.uniform(0.5, 3))


@fault
def slow_disk(trial, dice):
    with trial.keeper.slow(dice):
        time.sleep(dice.uniform(0.5, 2))


@fault
def stop_and_start_without_a_database(trial, dice):
    with trial.keeper.trouble(dice):
        trial.stop()
        if dice.random() < 0.5:
            trial.start()
    if trial.parent is None:
        trial.start()


@fault
def death_of_all_without_a_database(trial, dice):
    maybe_quiet(trial, dice)
    with trial.keeper.trouble(dice):
        time.sleep(dice.uniform(0, 1.5))
        trial.crowd.note_kill()
        trial.server.kill()
        trial.start()
