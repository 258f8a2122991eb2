# SPDX-License-Identifier: Apache-2.0
"""Every state of the page, judged by tools and kept as a picture."""

import os
import re
import subprocess

import pytest

from conftest import LOOKS, RULES, look_name

STATES = {
    "default": "",
    "day": "?period=day",
    "bounce": "?metric=bounce&period=7d",
    "duration": "?metric=duration&compare=none",
    "year": "?period=12mo&compare=year",
    "filtered": "?f=device:mobile&f=browser:Safari",
    "filtered-page": "?f=page:/a.html",
    "counted": "?f=count:source-site",
    "counted-name": "?f=count:source-search/Google&compare=none",
    "all": "?period=all",
    "month": "?period=month",
    "lost": "?period=7d&sort=loss",
    "gained": "?period=7d&sort=gain",
    "lost-alone": "?period=7d&sort=loss&panel=pages&limit=2&page=2",
    "alone": "?panel=pages&limit=2&page=2",
    "beyond": "?panel=pages&page=9",
    "site": "?site=other.test",
    "dates": "?from=2026-01-01&to=2026-01-20",
    "empty": "?site=nobody.test",
    "german": "?lang=de",
    "arabic": "?lang=ar",
    "arabic-filtered": "?lang=ar&f=device:mobile&metric=visits",
    "arabic-site": "?lang=ar&site=other.test",
}

LISTS = {name + "-alone": "?panel=" + name
         for name in ("sources", "countries", "events", "outcomes")}


def check(look, tools, state, arguments):
    """What holds of every state."""
    look.open("/usage-stats" + arguments)
    look.screenshot("-" + state)
    assert look.too_wide() <= 0
    assert look.judge(tools) == []
    assert look.complaints() == []
    for url in look.requests():
        assert url.startswith((look.root + "/usage-stats", "data:",
                               "chrome:")), url


@pytest.mark.parametrize("state", STATES)
def test_state_is_accessible_and_fits(look, tools, state):
    check(look, tools, state, STATES[state])


@pytest.mark.parametrize("look", LOOKS[:2], ids=look_name, indirect=True)
@pytest.mark.parametrize("state", LISTS)
def test_list_alone_is_accessible_and_fits(look, tools, state):
    """Where there is least room."""
    check(look, tools, state, LISTS[state])
    assert look.driver.find_element("css selector", "main h2").is_displayed()


def test_a_problem_is_accessible(look, tools):
    look.open("/usage-stats?period=x")
    look.screenshot("-problem")
    assert look.driver.find_element("css selector", ".notice").is_displayed()
    assert look.too_wide() <= 0
    assert look.judge(tools) == []
    assert all("400" in line for line in look.complaints())


def test_without_script_it_is_accessible(look, tools):
    """As it is read; judged, it is by a script."""
    def run_scripts(value):
        look.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled",
                                    {"value": not value})
    run_scripts(False)
    try:
        look.open("/usage-stats?period=7d")
    finally:
        run_scripts(True)
    assert not look.driver.find_element("id", "keys").is_displayed()
    assert look.too_wide() <= 0
    assert look.judge(tools) == []


def test_folded_parts_are_accessible(look, tools):
    """With everything that can be unfolded, unfolded."""
    look.open()
    look.driver.execute_script(
        "for (const one of document.querySelectorAll('details'))"
        " one.open = true")
    look.screenshot("-unfolded")
    assert look.too_wide() <= 0
    assert look.judge(tools) == []


def test_page_is_printed(look):
    """On paper there is nothing to click, and nothing that scrolls hides."""
    look.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
        "media": "print"})
    try:
        look.open()
        look.screenshot("-print")
        for gone in ("header nav ul", "form", "summary", ".intervals",
                     ".languages", ".compare a:not([aria-current])"):
            assert not look.driver.find_element("css selector",
                                                gone).is_displayed(), gone
        for kept in (".days", ".compare [aria-current]", "#chart", "#pages",
                     "#newest", "#health"):
            assert look.driver.find_element("css selector",
                                            kept).is_displayed(), kept
        assert look.driver.execute_script(
            "return [...document.querySelectorAll('.scroll')].every("
            "one => one.scrollHeight <= one.clientHeight + 1)")
    finally:
        look.prefer()


def test_database_that_is_away(look, tools):
    store = look.server.store
    look.server.expect("USG0012")  # a flush that comes just now
    store.run("ALTER TABLE usage_total RENAME TO usage_elsewhere")
    try:
        # One that no other asks for: an answer is kept for a moment.
        look.open(f"/usage-stats?limit={17 + len(look.name)}")
        assert "Live numbers only" in look.driver.find_element(
            "css selector", ".notice").text
        look.screenshot("-away")
        assert look.too_wide() <= 0
        assert look.judge(tools) == []
        assert look.driver.find_elements("id", "newest")
    finally:
        store.run("ALTER TABLE usage_elsewhere RENAME TO usage_total")


def test_html_is_valid(server, tools, tmp_path):
    for state, arguments in {
            **STATES, **LISTS, "bad": "?period=x"}.items():
        body = server.get("/usage-stats" + arguments).body
        (tmp_path / f"{state}.html").write_bytes(body)
    done = subprocess.run(
        [os.path.join(tools, ".bin", "html-validate"), "--config", RULES,
         *map(str, sorted(tmp_path.glob("*.html")))],
        capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_page_is_one_stylesheet_and_one_script_large(server, look):
    look.open()
    look.requests()
    look.open()
    paths = {url.removeprefix(look.root).partition("?")[0]
             for url in look.requests()
             if not url.startswith("data:")}  # a date field's own picture
    assert paths == {
        "/usage-stats", "/usage-stats/style.css", "/usage-stats/script.js"}
    assert len(server.get("/usage-stats/script.js").body) < 4096
    assert len(server.get("/usage-stats").body) < 60000


def test_language_is_the_reader_s(server):
    def language(header):
        answer = server.get("/usage-stats",
                            headers={"Accept-Language": header})
        assert "Accept-Language" in answer.headers["Vary"]
        return answer.body.decode().split('<html lang="')[1][:2]
    assert [language(header) for header in
            ("de-CH,de;q=0.9,en;q=0.8", "fr,ar;q=0.5", "fr", "en")] == [
                "de", "ar", "en", "en"]


def test_days_are_written_as_the_language_writes_them(look):
    for tag, day in (("en", r"\d+ [A-Z][a-z]{2}"),
                     ("de", r"\d+\. (\w{3}\.|Mai|Juni|Juli|M\u00e4rz)")):
        look.open(f"/usage-stats?lang={tag}")
        labels = [one.text for one in look.driver.find_elements(
            "css selector", ".chart .x") if one.text]
        assert labels and all(re.fullmatch(day, one) for one in labels), labels
