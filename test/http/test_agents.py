# SPDX-License-Identifier: Apache-2.0
"""UsageBotPattern and client hints, as a server has them."""

import pytest

from server import BROWSER

PHONE = ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like "
         "Gecko) Chrome/126.0.0.0 Mobile Safari/537.36")
DESKTOP_SITE = ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, "
                "like Gecko) Chrome/126.0.0.0 Safari/537.36")


@pytest.mark.parametrize("line", [
    "UsageBotPattern seo quux", "UsageBotPattern SEO qu",
    'UsageBotPattern ai-crawler "our probe" other ' + "x" * 80])
def test_good_patterns(serve, line):
    is_good, said = serve(line + "\n", start=False).check()
    assert is_good, said


@pytest.mark.parametrize("line, words", [
    ("UsageBotPattern seo", "UsageBotPattern"),
    ("UsageBotPattern robot quux", "no kind of bot: search, ai-crawler"),
    ("UsageBotPattern seo q", "2 to 80 bytes"),
    ("UsageBotPattern seo " + "x" * 81, "2 to 80 bytes"),
    ("<Location /x>\nUsageBotPattern seo quux\n</Location>",
     "not allowed in <Location>")])
def test_bad_patterns(serve, line, words):
    is_good, said = serve(line + "\n", start=False).check()
    assert not is_good
    assert words in said


def test_patterns_of_server_and_virtual_host(serve):
    server = serve("UsageBotPattern monitor OurProbe\n", start=False)
    port = server.port
    server.configure(f"""
        UsageBotPattern monitor OurProbe
        <VirtualHost 127.0.0.1:{port}>
            ServerName one.test
            UsageBotPattern seo quux linux;
        </VirtualHost>
        <VirtualHost 127.0.0.1:{port}>
            ServerName two.test
        </VirtualHost>""")
    server.start()
    for host, agent in [("one.test", BROWSER + " ourprobe"),
                        ("one.test", PHONE), ("two.test", PHONE),
                        ("two.test", BROWSER + " ourprobe"),
                        ("two.test", BROWSER + " quux"),
                        ("two.test", BROWSER)]:
        assert server.status("/a.html", agent=agent,
                             headers={"Host": host}) == 200
    database = server.count()
    assert database.outcomes(site="one.test") == {"bot": 2}
    assert database.outcomes(site="two.test") == {"bot": 1, "view": 3}


def test_client_hints_win_for_a_person(serve):
    server = serve()
    hints = {"Sec-CH-UA-Mobile": "?1", "Sec-CH-UA-Platform": '"Android"'}
    assert server.status("/a.html", agent=DESKTOP_SITE, headers=hints) == 200
    assert server.status("/b.html", agent=DESKTOP_SITE) == 200
    assert server.status("/a.html", agent="curl/8.5.0", headers=hints) == 200
    database = server.count()
    assert database.by("path", "device", "system") == {
        ("/a.html", "mobile", "Android"): 1,
        ("/b.html", "desktop", "Linux"): 1}
    assert database.outcomes() == {"view": 2, "bot": 1}
