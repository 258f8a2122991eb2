# SPDX-License-Identifier: Apache-2.0
"""Graceful restarts under load lose no view and count none twice."""

import pytest

import load

from server import ANY_PATH

# Room for the children that still answer beside the new ones.
ROOMY = """
<IfModule mpm_prefork_module>
    ServerLimit 256
    MaxRequestWorkers 256
</IfModule>
<IfModule !mpm_prefork_module>
    ServerLimit 32
    MaxRequestWorkers 512
</IfModule>
"""


# A slow machine is restarted more often than marks of it wait for a flush.
MANY_MARKS = "USG0082"


def restart_under_load(server, least, pause, *options):
    server.expect(MANY_MARKS)
    whole = load.ask_while(server, "/a.html", least, server.graceful, pause,
                           *options)
    server.settle()
    assert server.hits() == whole
    database = server.count()
    assert database.pages() == {"/a.html": whole}
    assert database.outcomes() == {"view": whole}


def test_200000_requests_and_a_restart_every_second(serve):
    restart_under_load(serve(ROOMY), 200_000, 1, "--h1", "-c", "8")


@pytest.mark.each_mpm("worker", "prefork")
def test_restarts_under_load(serve):
    restart_under_load(serve(ROOMY), 50_000, 0.5, "--h1", "-c", "8")


def test_restarts_under_load_with_http2(serve):
    """A connection's end may cut off an answer that was given, and logged."""
    server = serve(ROOMY + "Protocols h2c http/1.1\n", modules=["http2"])
    server.expect(MANY_MARKS)
    whole = load.ask_while(server, "/a.html", 50_000, server.graceful, 0.5,
                           "-c", "8", "-m", "4")
    server.settle()
    given = server.hits()
    assert whole <= given <= whole + 100
    database = server.count()
    assert database.pages() == {"/a.html": given}
    assert database.outcomes() == {"view": given}


def test_restarts_and_flushes_and_many_pages(serve, tmp_path):
    """Flushers come and go between restarts; old children still count."""
    server = serve(ROOMY + "UsageFlushInterval 10s\n" + ANY_PATH,
                   modules=["alias"], hurried=True)
    paths = tmp_path / "paths"
    paths.write_text("".join(
        f"http://127.0.0.1:{server.port}/page/{number}\n"
        for number in range(2500)))

    def flush_and_restart():
        server.clock.advance(10)
        server.graceful()
    whole = load.ask_while(server, "/", 150_000, flush_and_restart, 1, "--h1",
                           "-c", "8", "-i", str(paths))
    server.settle()
    database = server.count()
    assert database.views() == whole
    assert len(database.pages()) == 2500
