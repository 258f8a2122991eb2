# SPDX-License-Identifier: Apache-2.0
"""The summary has the fields of `Data`, each worked out here from the views
that were asked for."""

from collections import Counter

from outputs import json_of
from server import BROWSER
from test_agreement import DAY, NOON, VIEWS, play, visits_of

IPHONE = ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) "
          "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
          "Mobile/15E148 Safari/604.1")
ANDROID = ("Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 "
           "(KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36")

# Each visitor's agent, and what it is.
CLIENTS = {"a": (IPHONE, "mobile", "Safari", "iOS"),
           "b": (ANDROID, "tablet", "Chrome", "Android"),
           **dict.fromkeys("cdef", (BROWSER, "desktop", "Firefox", "Linux"))}

# Two hours before the last moment there was a minute busier than any later.
BUSY = [(7200, "ea"[i % 5 == 0], f"/busy-{i % 12:02}") for i in range(125)]
AFTER = next(i for i, view in enumerate(VIEWS) if view[0] < 7200)
STORY = VIEWS[:AFTER] + BUSY + VIEWS[AFTER:]

NEWEST = 50


def percentages(names):
    """{name: its percentage}."""
    counts = Counter(names)
    return {name: 100 * count / len(STORY) for name, count in counts.items()}


def is_close(found, expected):
    return found.keys() == expected.keys() and all(
        abs(found[name] - expected[name]) < 1e-9 for name in expected)


def returning(visits):
    """How many were of one who had come before on that day."""
    seen, count = set(), 0
    for visitor, its in visits:
        person = (NOON - its[0][0]) // DAY, visitor
        count += person in seen
        seen.add(person)
    return count


def test_each_field_of_the_summary(serve):
    """Of several devices, browsers and systems, of people who come again, and
    of two days; and the busiest minute is over for long."""
    server = play(serve, STORY, {name: its[0] for name, its in
                                 CLIENTS.items()})
    data = json_of(server, "?shape=summary&period=90d")
    visits = visits_of(STORY)
    again = returning(visits)
    days = Counter((NOON - view[0]) // DAY for view in STORY)
    today = NOON // DAY
    assert 0 < again < len(visits) and days[today] != days[today - 1] > 0
    devices, browsers, _ = (percentages(CLIENTS[view[1]][part]
                                        for view in STORY)
                            for part in (1, 2, 3))
    last = sum(view[0] < 3600 for view in STORY)
    expected = {
        "unique_visitors": len(visits), "new_visitors": len(visits) - again,
        "returning_visitors": again, "total_page_views": len(STORY),
        "today_page_views": days[today],
        "yesterday_page_views": days[today - 1],
        "top_device_type": max(devices, key=devices.get),
        "top_browser": max(browsers, key=browsers.get),
        "recent_visit_count": NEWEST}
    assert {name: data[name] for name in expected} == expected
    shares = {"views_per_visitor": len(STORY) / len(visits),
              "top_device_percentage": max(devices.values()),
              "hourly_activity_percentage": 100 * last / len(BUSY),
              **{f"{name}_percentage": its for name, its in devices.items()}}
    assert len(devices) == len(set(devices.values())) == 3
    assert is_close({name: data[name] for name in shares}, shares)
    assert is_close(data["browser_breakdown"], browsers)
    pages = Counter(view[2] for view in STORY)
    assert len(pages) > 10 == len(data["top_pages"])
    assert [page["views"] for page in data["top_pages"]] == [
        count for _, count in pages.most_common(10)]
    assert all(pages[page["path"]] == page["views"]
               for page in data["top_pages"])
    names = ("path", "device_type", "browser", "os")
    assert [{name: visit[name] for name in names}
            for visit in data["recent_visits"]] == [
                dict(zip(names, (view[2], *CLIENTS[view[1]][1:])))
                for view in STORY[:-NEWEST - 1:-1]]
    assert set(data) == {*expected, *shares, "browser_breakdown", "top_pages",
                         "recent_visits"}
