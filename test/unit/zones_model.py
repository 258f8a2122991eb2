# SPDX-License-Identifier: Apache-2.0
"""Days and base intervals of a time zone, told slowly: a clock that goes by the
rules of Python's zoneinfo is watched, each five minutes or, where it is set at
an odd one, each minute.
"""
import bisect
import datetime
import functools
import zoneinfo

MINUTE, DAY = 60, 86400
EPOCH = datetime.date(1970, 1, 1)


def seen(zone, time):
    """What a zone's clock shows: date, and seconds since midnight."""
    local = datetime.datetime.fromtimestamp(time, zone)
    return local.date(), local.hour * 3600 + local.minute * 60 + local.second


def offset(name, time):
    """Seconds from UTC to the zone's clock."""
    zone = zoneinfo.ZoneInfo(name)
    return int(datetime.datetime.fromtimestamp(time, zone).utcoffset()
               .total_seconds())


@functools.lru_cache(None)
def watched(name, begin, end, step):
    """The days [(first second, date)] that begin between two times, and when
    the clock ran onto ten minutes: [(time, seconds since midnight)]; onto a
    new day is None.
    """
    zone = zoneinfo.ZoneInfo(name)
    date, of_day = seen(zone, begin - step)
    days, ran_onto = [], []
    for time in range(begin, end, step):
        onto = of_day + step
        shown, of_day = seen(zone, time)
        if shown > date:
            date = shown
            days.append((time, date))
            ran_onto.append((time, None))
        elif onto % 600 == 0:
            ran_onto.append((time, onto))
    return days, ran_onto


class Model:
    """A zone from one year to another, both whole."""

    def __init__(self, name, interval, first, last):
        def second(year):
            return int(datetime.datetime(
                year, 1, 1, tzinfo=datetime.timezone.utc).timestamp())
        self.name = name
        step = MINUTE if name == "America/St_Johns" else 5 * MINUTE
        self.days, ran_onto = watched(name, second(first) - 5 * DAY,
                                      second(last + 1) + 5 * DAY, step)
        self.starts = [time for time, onto in ran_onto
                       if onto is None or onto % interval == 0]
        self.midnights = [time for time, _ in self.days]
        self.from_, self.until = second(first), second(last + 1)

    def day(self, time):
        """(first second, date) of the day that holds a time."""
        return self.days[bisect.bisect(self.midnights, time) - 1]

    def day_next(self, time):
        """(first second, date) of the day after it."""
        return self.days[bisect.bisect(self.midnights, time)]

    def start(self, time):
        """The first second of the base interval that holds a time."""
        return self.starts[bisect.bisect(self.starts, time) - 1]

    def start_next(self, time):
        """The first second of the one after it."""
        return self.starts[bisect.bisect(self.starts, time)]


class Utc:
    """What a Model tells, of any time, in UTC."""

    def __init__(self, interval):
        self.interval = interval

    def day(self, time):
        return time // DAY * DAY, EPOCH + datetime.timedelta(time // DAY)

    def day_next(self, time):
        return self.day(time + DAY)

    def start(self, time):
        return time // self.interval * self.interval

    def start_next(self, time):
        return self.start(time) + self.interval


@functools.lru_cache(None)
def clock_of(name, interval, first=2025, last=2026):
    """The model of a zone's clock in some years."""
    return (Utc(interval) if name == "UTC"
            else Model(name, interval, first, last))


def number(date):
    """A date as the engine has it."""
    return (date - EPOCH).days


def month(date):
    """The month of a date as the database has it."""
    return number(date.replace(day=1)) * DAY
