# SPDX-License-Identifier: Apache-2.0
"""Offsets, days and base intervals of time zones, as the engine has them and
as Python's zoneinfo says.
"""
import datetime
import functools
import os
import pathlib
import random
import subprocess
import sys
import zoneinfo

import pytest

sys.path.append(str(pathlib.Path(__file__).resolve().parent))

import zones_model  # noqa: E402

from zones_model import DAY, number, offset  # noqa: E402

REPLAY = pathlib.Path(os.environ["USAGE_BUILD"]) / "test/unit/replay_zone"
HOUR = 3600

# Each with what is odd about it in its years.
YEARS = [
    ("Europe/Berlin", 2025, 2026),          # 23 and 25 hours
    ("Australia/Lord_Howe", 2025, 2026),    # half an hour
    ("America/Sao_Paulo", 2017, 2018),      # no midnight in spring
    ("Asia/Kolkata", 2025, 2026),           # half an hour from UTC's hours
    ("Africa/Cairo", 2024, 2025),           # no midnight, and one twice
    ("Asia/Beirut", 2021, 2022),            # the same
    ("America/Havana", 2024, 2025),         # 0:00 twice in autumn
    ("Africa/Casablanca", 2024, 2025),      # back for a month a year
    ("Asia/Kathmandu", 2025, 2026),         # three quarters
    ("Pacific/Chatham", 2025, 2026),        # three quarters, and summer time
    ("America/St_Johns", 2010, 2011),       # set back at 0:01 to 23:01
    ("Pacific/Apia", 2011, 2012),           # a day left out
    ("Pacific/Kiritimati", 2025, 2026),     # the east, 14 hours
    ("Pacific/Pago_Pago", 2025, 2026),      # the west, 11 hours
    ("America/Nuuk", 2023, 2024),           # set over midnight
    ("Antarctica/Casey", 2010, 2011),       # three hours at once
    ("Asia/Pyongyang", 2015, 2018),         # half an hour, for three years
    ("UTC", 2024, 2025),
]
INTERVALS = 600, 3600, 6 * 3600, DAY

# One is asked by several tests.
Model = functools.lru_cache(None)(zones_model.Model)


def ask(*questions):
    """The engine's answers: a list of lists of numbers."""
    lines = ["\t".join(map(str, question)) for question in questions]
    done = subprocess.run([REPLAY], input="\n".join(lines) + "\n", text=True,
                          stdout=subprocess.PIPE, check=True)
    return [[int(field) for field in line.split("\t") if field]
            for line in done.stdout.splitlines()]


def pairs(numbers):
    return list(zip(numbers[::2], numbers[1::2]))


def second(year):
    return int(datetime.datetime(
        year, 1, 1, tzinfo=datetime.timezone.utc).timestamp())


@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize("name, first, last", YEARS)
def test_intervals_are_the_model_s(name, first, last, interval):
    """Each base interval of whole years, and the day that it is in."""
    model = Model(name, interval, first, last)
    (*walked, end), = ask(("zone", name, interval),
                          ("walk", model.from_, model.until))
    start = model.start(model.from_)
    should_be = []
    while start < model.until:
        should_be.append((start, model.day(start)[0]))
        start = model.start_next(start)
    assert pairs(walked) == should_be
    assert end == start


@pytest.mark.parametrize("interval", (1200, 3600, DAY))
@pytest.mark.parametrize("name, first, last", YEARS)
def test_each_question_is_answered_as_the_model_does(name, first, last,
                                                     interval):
    """Anywhere in the years, and around each change of the clock."""
    rng = random.Random(name)
    model = Model(name, interval, first, last)
    spans, = ask(("zone", name, interval), ("spans",))
    times = [rng.randrange(model.from_, model.until) for _ in range(300)]
    for change, _ in pairs(spans):
        if model.from_ < change < model.until:
            times += [change + rng.randrange(-4 * HOUR, 4 * HOUR)
                      for _ in range(40)]
            times += [change + near for near in (-1, 0, 1)]
    answers = ask(("zone", name, interval), *(("at", time) for time in times))
    for time, answer in zip(times, answers, strict=True):
        day, date = model.day(time)
        assert answer[:6] == [offset(name, time), number(date), day,
                              model.day_next(time)[0], model.start(time),
                              model.start_next(time)], (name, time)
        assert answer[6] == is_repeated(name, time), (name, time)


def is_repeated(name, time):
    """Python tells the second of two equal times by its fold."""
    zone = zoneinfo.ZoneInfo(name)
    return datetime.datetime.fromtimestamp(time, zone).fold


@pytest.mark.parametrize("name, first, last", YEARS)
def test_days_are_whole_intervals(name, first, last):
    """What the model says of each zone is what is promised of all."""
    for interval in INTERVALS:
        model = Model(name, interval, first, last)
        assert model.starts == sorted(set(model.starts))
        assert {day for day, _ in model.days} <= set(model.starts)


def lengths(name, first, last):
    model = Model(name, 3600, first, last)
    inside = [day for day, _ in model.days
              if model.from_ - DAY < day < model.until]
    return {(model.day_next(day)[0] - day) / HOUR for day in inside}


def test_years_have_what_they_were_chosen_for():
    found = {name: lengths(name, first, last) for name, first, last in YEARS}
    assert found["Europe/Berlin"] == {23, 24, 25}
    assert found["Australia/Lord_Howe"] == {23.5, 24, 24.5}
    assert found["America/Sao_Paulo"] == {23, 24, 25}
    assert found["America/St_Johns"] == {23, 24, 25}
    assert found["Antarctica/Casey"] == {21, 24, 27}
    assert found["Asia/Kolkata"] == found["UTC"] == {24}
    for name, date in (("America/Sao_Paulo", datetime.date(2017, 10, 15)),
                       ("Africa/Cairo", datetime.date(2024, 4, 26)),
                       ("Asia/Beirut", datetime.date(2022, 3, 27))):
        zone = zoneinfo.ZoneInfo(name)
        day, = (day for row in YEARS if row[0] == name
                for day, its in Model(name, 3600, *row[1:]).days if its == date)
        assert datetime.datetime.fromtimestamp(day, zone).hour == 1


def distinct_zones():
    """Every zone there is, but those that are another's by another name."""
    by_rules = {}
    for folder in zoneinfo.TZPATH:
        for name in sorted(zoneinfo.available_timezones()):
            path = pathlib.Path(folder, name)
            if path.is_file() and not name.startswith("right/"):
                by_rules.setdefault(path.read_bytes(), name)
    return sorted(by_rules.values())


def test_all_zones_change_when_zoneinfo_says():
    """From 2000 to 2069: at each change, and every fifth day between."""
    zones = distinct_zones()
    assert len(zones) > 250
    answers = ask(*(line for name in zones
                    for line in (("zone", name, 3600), ("spans",))))
    for name, answer in zip(zones, answers, strict=True):
        spans = pairs(answer)
        zone = zoneinfo.ZoneInfo(name)

        def its(time, zone=zone):
            local = datetime.datetime.fromtimestamp(time, zone)
            return local.utcoffset().total_seconds()
        for (change, after), (_, before) in zip(spans[1:], spans):
            assert (its(change - 1), its(change)) == (before, after), name
        times = range(second(2000), second(2069), 5 * DAY)
        at = 0
        for time in times:
            while at + 1 < len(spans) and spans[at + 1][0] <= time:
                at += 1
            assert its(time) == spans[at][1], (name, time)


if __name__ == "__main__":
    sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", __file__]))
