# SPDX-License-Identifier: Apache-2.0
"""What befalls the database."""

import time

from registry import fault, maybe_quiet


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
