# SPDX-License-Identifier: Apache-2.0
"""Keys and live numbers; and the page without its script."""

from datetime import date, timedelta

import pytest

from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

PERIOD_KEYS = {"d": "period=day", "w": "period=7d", "n": "period=90d",
               "m": "period=month", "y": "period=12mo", "a": "period=all"}


def wait_for(look, holds, seconds=60):
    WebDriverWait(look.driver, seconds).until(lambda driver: holds())


@pytest.mark.parametrize("key", PERIOD_KEYS)
def test_key_chooses_the_period(look, key):
    look.open()
    look.press(key)
    wait_for(look, lambda: PERIOD_KEYS[key] in look.driver.current_url)


def test_t_is_thirty_days_and_arrows_step(look):
    look.open("/usage-stats?period=7d")
    look.press("t")
    wait_for(look, lambda: "7d" not in look.driver.current_url)
    look.press(Keys.ARROW_LEFT)
    wait_for(look, lambda: "from=" in look.driver.current_url)
    before = look.driver.current_url
    look.press(Keys.ARROW_RIGHT)
    wait_for(look, lambda: look.driver.current_url != before)


def arrow(look, way):
    """The arrow of the period before (prev) or after (next)."""
    return look.driver.find_element(By.CSS_SELECTOR, f"a.arrow[rel={way}]")


def shown_days(look):
    """The first day and the last, as the fields for other days have them."""
    return [date.fromisoformat(look.driver.find_element(
        By.ID, name).get_attribute("value")) for name in ("from", "to")]


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_arrows_lead_to_where_they_point(look, lang):
    """From right to left, the days before are on the right."""
    week = timedelta(7)
    back, forth = (Keys.ARROW_RIGHT, Keys.ARROW_LEFT) if lang == "ar" else (
        Keys.ARROW_LEFT, Keys.ARROW_RIGHT)
    look.open(f"/usage-stats?lang={lang}&period=7d")
    days = shown_days(look)
    look.press(back)
    wait_for(look, lambda: "from=" in look.driver.current_url)
    assert shown_days(look) == [day - week for day in days]
    is_right = arrow(look, "prev").rect["x"] > arrow(look, "next").rect["x"]
    assert is_right == (lang == "ar")
    before = look.driver.current_url
    look.press(forth)
    wait_for(look, lambda: look.driver.current_url != before)
    assert shown_days(look) == days


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_help_tells_where_arrows_lead(look, lang):
    """In the words of the arrows themselves."""
    look.open(f"/usage-stats?lang={lang}&from=2026-01-08&to=2026-01-14")
    look.press("?")
    told = {row.find_element(By.TAG_NAME, "kbd").text:
            row.find_element(By.TAG_NAME, "dd").text
            for row in look.driver.find_elements(By.CSS_SELECTOR, "#keys div")}
    names = {"ArrowLeft": "\N{LEFTWARDS ARROW}",
             "ArrowRight": "\N{RIGHTWARDS ARROW}"}
    for way in ("prev", "next"):
        link = arrow(look, way)
        assert told[names[link.get_attribute("data-key")]] == \
            link.get_attribute("aria-label")


def page_names(look):
    return [cell.text for cell in look.driver.find_elements(
        By.CSS_SELECTOR, "#pages tbody th a")]


def keys_of(look):
    """What each link of the page is followed by."""
    return [link.get_attribute("data-key") for link in
            look.driver.find_elements(By.CSS_SELECTOR, "a[data-key]")]


def test_j_and_k_go_through_a_list(look):
    """To its end and back, whatever the period's keys are."""
    look.open("/usage-stats?panel=pages&limit=1000")
    names = page_names(look)
    look.open("/usage-stats?panel=pages&limit=3")
    look.press("?")
    told = [key.text for key in look.driver.find_elements(
        By.CSS_SELECTOR, "#keys kbd")]
    assert {"J", "K"} <= set(told) and len(set(told)) == len(told)
    shown = page_names(look)
    while len(shown) < len(names):
        assert len(set(keys_of(look))) == len(keys_of(look))
        before = look.driver.current_url
        look.press("j")
        wait_for(look, lambda was=before: look.driver.current_url != was)
        shown += page_names(look)
    assert shown == names and len(names) > 6
    assert "j" not in keys_of(look)
    last = page_names(look)
    before = look.driver.current_url
    look.press("k")
    wait_for(look, lambda: look.driver.current_url != before)
    assert page_names(look) == names[-3 - len(last):-len(last)]


def test_x_turns_the_comparison_off_and_on(look):
    look.open()
    look.press("x")
    wait_for(look, lambda: "compare=none" in look.driver.current_url)
    look.press("x")
    wait_for(look, lambda: "compare=" not in look.driver.current_url)


def test_escape_takes_off_the_filters(look):
    look.open("/usage-stats?f=device:mobile&period=7d")
    look.press(Keys.ESCAPE)
    wait_for(look, lambda: look.driver.current_url.endswith("?period=7d"))


def test_question_mark_shows_the_keys(look):
    look.open()
    keys = look.driver.find_element(By.ID, "keys")
    look.press("?")
    wait_for(look, lambda: keys.get_attribute("open"))
    assert keys.is_displayed()
    look.press("?")
    wait_for(look, lambda: not keys.get_attribute("open"))


def test_keys_are_left_to_fields(look):
    look.open()
    look.driver.find_element(By.ID, "site").send_keys("w")
    assert "period=" not in look.driver.current_url


def test_live_parts_stay_live(look):
    """A view of just now is shown without a reload."""
    look.open()
    newest = look.driver.find_element(By.ID, "newest")
    mark = f"/b.html?{look.name}"
    look.driver.execute_script("window.stays = true")
    look.server.get("/look-" + look.name + mark,
                    headers={"Host": "main.test"})
    wait_for(look, lambda: "/look-" + look.name in newest.text)
    assert look.driver.execute_script("return window.stays")
    assert look.complaints() == []


# The page's script, at fifty times its pace.
HURRY = "const own = setInterval;" \
    "window.setInterval = (todo, time) => own(todo, time / 50);"


@pytest.fixture
def hurried(look):
    made = look.driver.execute_cdp_cmd(
        "Page.addScriptToEvaluateOnNewDocument", {"source": HURRY})
    yield look
    look.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument",
                                made)
    look.prefer()


def asks_again(look):
    """Whether the page asks for itself, ten times as long as it would take."""
    look.open()
    look.requests()
    found = []
    try:
        WebDriverWait(look.driver, 2, 0.1).until(
            lambda driver: found.extend(look.requests()) or found)
    except TimeoutException:
        pass
    return any(url.endswith("/usage-stats") for url in found)


def moving(look):
    """Elements that change their looks slowly, or move."""
    return look.driver.execute_script(
        "const moves = (one) => { const is = getComputedStyle(one);"
        " return is.transitionDuration !== '0s' || is.animationName !== 'none'"
        " || is.scrollBehavior !== 'auto' };"
        "return [...document.querySelectorAll('*')].filter(moves)"
        ".map(one => one.outerHTML.slice(0, 80))")


def test_who_wants_less_motion_has_none(hurried):
    look = hurried
    assert asks_again(look)
    look.prefer(prefers_reduced_motion="reduce")
    assert not asks_again(look)
    assert moving(look) == []
    assert look.complaints() == []


@pytest.fixture
def without_script(look):
    look.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled",
                                {"value": True})
    yield look
    look.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled",
                                {"value": False})


def test_without_script_only_keys_are_missing(without_script):
    look = without_script
    look.open("/usage-stats?period=7d")
    assert not look.driver.find_element(By.ID, "keys").is_displayed()
    look.driver.find_element(By.CSS_SELECTOR,
                             "#devices tbody th a").click()
    wait_for(look, lambda: "f=device:" in look.driver.current_url)
    look.screenshot("-without-script")
    look.driver.find_element(By.CSS_SELECTOR, ".chips a").click()
    wait_for(look, lambda: look.driver.current_url.endswith("?period=7d"))
