# SPDX-License-Identifier: Apache-2.0
"""What befalls httpd's own processes: deaths, restarts, other settings,
upgrades, starts and stops."""

import os
import signal
import time

from processes import children, wait_until
from registry import FLUSHER_POINTS, fault, for_each, maybe_quiet

# Where the parent can be: as it forks, starts and stops.
FORK_POINTS = ("fork",)
CREATE_POINTS = ("creating", "created")
ADOPT_POINTS = ("adopted",)
READ_POINTS = ("half-read", "read", "taken-over")
SAVE_POINTS = ("saving", "half-saved", "saved", "renamed")

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
