# SPDX-License-Identifier: Apache-2.0
"""Fixtures: `serve` makes servers, each closed and checked after its test.

A test marked `everywhere` runs on each MPM, started as root and as an
ordinary user; every other runs on event, as root where the tests run as root.
A test marked `each_mpm` runs on each MPM (or those it names), started as the
tests are. A test marked `each_database` runs on each database (or those it
names), every other on SQLite.

Tests run beside others (pytest -n). One that is marked `alone` measures what
others would disturb, and has none beside it.

With sanitizers, which look at the module alone, there is no worker and no
MariaDB where event or PostgreSQL is: the module does the same there.
"""

import os
import signal
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import engines  # noqa: E402
import place as places  # noqa: E402
import probe  # noqa: E402
import processes  # noqa: E402
import server as servers  # noqa: E402


def pytest_configure(config):
    config.addinivalue_line("markers", "everywhere: on each MPM, as root and "
                                       "as an ordinary user")
    config.addinivalue_line("markers", "each_mpm: on each MPM")
    config.addinivalue_line("markers", "each_database: on each database")
    config.addinivalue_line("markers", "alone: with no other test beside it")
    processes.adopt_orphans()
    # Told to end, still stop the servers that were started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_sessionfinish():
    engines.stop_all()


def pytest_collection_modifyitems(items):
    """Nobody waits for those that run alone but they for each other."""
    items.sort(key=lambda item: item.get_closest_marker("alone") is not None)


def thinned(all_of_them, same, as_other):
    """Without what is the same to sanitizers as another that is there."""
    if places.SANITIZE and any(map(as_other, all_of_them)):
        return [one for one in all_of_them if not same(one)]
    return list(all_of_them)


def pytest_generate_tests(metafunc):
    marker = metafunc.definition.get_closest_marker("each_database")
    if marker:
        names = thinned(marker.args or engines.NAMES, "mysql".__eq__,
                        "pgsql".__eq__)
        metafunc.parametrize("engine", names, indirect=True)
    if "place" not in metafunc.fixturenames:
        return
    if metafunc.definition.get_closest_marker("everywhere"):
        chosen = places.all_places()
    elif marker := metafunc.definition.get_closest_marker("each_mpm"):
        chosen = [places.Place(mpm) for mpm in marker.args or places.MPMS]
    else:
        chosen = [places.Place()]
    chosen = thinned(chosen, lambda place: place.mpm == "worker",
                     lambda place: place.mpm == "event")
    metafunc.parametrize("place", chosen, ids=[p.name for p in chosen])


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    report = (yield).get_result()
    if report.failed:
        item.has_failed = True
        for server in getattr(item, "servers", ()):
            report.sections.append((f"error log of {server.folder}",
                                    server.log()[-8000:]))


@pytest.fixture(autouse=True)
def turn(request):
    """A test's place among those that run at the same time."""
    alone = request.node.get_closest_marker("alone") is not None
    with processes.turn(alone):
        yield


@pytest.fixture
def engine(request):
    """The database that this test's servers write to."""
    return engines.engine(getattr(request, "param", "sqlite3"))


@pytest.fixture
def serve(request, place, engine):
    """A function that makes, and unless told otherwise starts, a server.

    One that is hurried has a parent that looks around often, and a clock that
    the test advances: what comes by the clock comes when the test wants it."""
    request.node.servers = made = []

    def serve(config="", start=True, hurried=False, now=None, **details):
        details.setdefault("engine", engine)
        server = servers.Server(place, config, **details)
        made.append(server)
        if hurried:
            probe.hasten(server)
            server.clock = probe.Clock(server, now)
        return server.start() if start else server

    yield serve
    problems = []
    for server in made:
        try:
            server.close()
        except AssertionError as problem:
            problems.append(str(problem))
        if not os.environ.get("USAGE_KEEP"):
            server.remove()
    assert not problems, "\n".join(problems)
