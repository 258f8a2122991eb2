# SPDX-License-Identifier: Apache-2.0
"""Two years of days: what keeping leaves in a SQLite file, after each day, as
the model says.
"""
import sys

import pytest

from days import BEGIN, DAY, HOUR, SHORT, Replay, Time, check
from days_model import DEFAULTS

pytest_plugins = ["days"]


@pytest.mark.parametrize("retain, days", [(DEFAULTS, 830), (SHORT, 300)],
                         ids=["defaults", "short"])
def test_every_day_leaves_what_the_model_says(file, retain, days):
    time = Time(seed=days, retain=retain)
    gaps = cut = closed = folded = dropped = 0
    down = 0
    with Replay(file) as replay:
        for number in range(days):
            now = BEGIN + (number + 1) * DAY + HOUR
            if down > 0:
                down -= 1
                continue
            if number == 200:
                time.recent = 3
            time.pass_day(replay, number)
            if time.rng.random() < 0.02:
                down = time.rng.randrange(1, 9)  # no keeping on this day, too
                gaps += down > 1
                continue
            if time.rng.random() < 0.2:  # too early: the day is not closed
                if time.keep(replay, now - 50 * 60).is_complete:
                    check(file, time.model, number)
            if time.rng.random() < 0.1:
                report = time.keep(replay, now - 1800, ticks=12, rows=3)
                cut += report.is_mine and not report.is_complete
            report = time.keep(replay, now)
            if report.is_doubted:
                assert not report.closed + report.folded + report.dropped
                now += HOUR
                report = time.keep(replay, now)
            assert report.is_complete
            closed += report.closed
            folded += report.folded
            dropped += report.dropped
            check(file, time.model, number)
    assert gaps > 2 and cut > 10
    assert closed > days and folded > days / 4 and dropped > days


if __name__ == "__main__":
    sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", __file__]))
