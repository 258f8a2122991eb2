# SPDX-License-Identifier: Apache-2.0
"""The dashboard in a real browser: narrow and wide, by day and by night."""

from urllib.parse import parse_qs, urlsplit

import pytest

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

PERIODS = ("day", "7d", "30d", "90d", "month", "12mo", "all")


def check(look):
    """What must hold of every page shown."""
    assert look.too_wide() <= 0
    assert look.complaints() == []
    for url in look.requests():
        assert url.startswith((look.root + "/usage-stats",
                               look.root + "/favicon.ico", "data:",
                               "chrome:")), url


def row_names(look, panel):
    return [cell.text for cell in look.driver.find_elements(
        By.CSS_SELECTOR, f'table[aria-labelledby="{panel}-title"]'
                         " tbody th bdi")]


def test_page_fits_and_is_quiet(look):
    look.open()
    assert "Usage" in look.driver.title
    check(look)
    look.screenshot()


@pytest.mark.parametrize("period", PERIODS)
def test_each_period_fits(look, period):
    look.open("/usage-stats?period=" + period)
    check(look)
    current = look.driver.find_element(By.CSS_SELECTOR,
                                       'nav [aria-current="page"]')
    assert f"period={period}" in current.get_attribute("href")


def test_names_are_shown_as_text(look):
    look.open("/usage-stats?period=7d")
    assert "/<script>alert(1)</script>" in row_names(look, "pages")
    assert look.driver.find_elements(By.TAG_NAME, "script") == []
    check(look)


def test_colours_follow_the_reader(look):
    look.open()
    colours = look.driver.execute_script(
        "const page = getComputedStyle(document.body);"
        "const root = getComputedStyle(document.documentElement);"
        "return [page.color, page.backgroundColor, root.backgroundColor]")

    def brightness(text):
        parts = [float(word) for word in
                 text[text.index("(") + 1:-1].replace("/", ",").split(",")]
        return None if len(parts) == 4 and parts[3] == 0 else sum(parts[:3])
    ink = brightness(colours[0])
    paper = next(value for value in map(brightness, colours[1:])
                 if value is not None)
    if "dark" in look.name:
        assert ink > paper + 200
    else:
        assert paper > ink + 200


def test_site_form(look):
    look.open("/usage-stats?period=7d")
    Select(look.driver.find_element(By.NAME, "site")).select_by_value(
        "other.test")
    look.driver.find_element(By.CSS_SELECTOR, "form button").click()
    WebDriverWait(look.driver, 10).until(
        lambda driver: "site=other.test" in driver.current_url)
    arguments = parse_qs(urlsplit(look.driver.current_url).query)
    assert arguments == {"site": ["other.test"], "period": ["7d"]}
    assert "other.test" in look.driver.find_element(By.TAG_NAME, "h1").text
    check(look)
    for link in look.driver.find_elements(By.CSS_SELECTOR, "nav a"):
        assert "site=other.test" in link.get_attribute("href")


def test_every_link_leads_somewhere(look):
    todo, seen = ["/usage-stats"], set()
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        look.open(path)
        check(look)
        assert look.driver.find_elements(By.CSS_SELECTOR, "main h2")
        for link in look.driver.find_elements(By.TAG_NAME, "a"):
            url = link.get_attribute("href")
            assert url.startswith(look.root), url
            target = urlsplit(url)
            if target.fragment:
                assert look.driver.find_elements(By.ID, target.fragment)
            todo.append(target.path + (target.query and "?" + target.query))
    assert len(seen) >= len(PERIODS)


def test_links_work_with_a_slash_at_the_end(look):
    look.open("/usage-stats/")
    look.driver.find_element(By.CSS_SELECTOR,
                             'nav a[href*="period=90d"]').click()
    WebDriverWait(look.driver, 10).until(
        lambda driver: "period=90d" in driver.current_url)
    assert look.driver.find_elements(By.CSS_SELECTOR, "main h2")
    check(look)


def test_numbers_as_a_table(look):
    look.open("/usage-stats?period=7d")
    summary = look.driver.find_element(By.CSS_SELECTOR, "details summary")
    summary.click()
    table = look.driver.find_element(By.CSS_SELECTOR, "details table")
    assert table.is_displayed()
    check(look)
    look.screenshot("-table")


def test_nothing_to_show(look):
    look.open("/usage-stats?site=nobody.test")
    assert "Nothing was counted" in look.driver.find_element(
        By.TAG_NAME, "main").text
    check(look)
    look.screenshot("-nothing")


def test_a_bad_argument_is_told(look):
    look.open("/usage-stats?period=x")
    notice = look.driver.find_element(By.CLASS_NAME, "notice")
    assert notice.text.endswith(".")
    # The answer's status, 400, is told to the console, and nothing else.
    assert all("400" in line for line in look.complaints())
    assert look.too_wide() <= 0
