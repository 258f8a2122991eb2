# SPDX-License-Identifier: Apache-2.0
"""The dashboard in a real browser: narrow and wide, by day and by night."""

import html
import re

from urllib.parse import parse_qs, urljoin, urlsplit

import pytest

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

PERIODS = ("day", "7d", "30d", "90d", "month", "12mo", "all")


def check(look):
    """What must hold of every page shown."""
    assert look.too_wide() <= 0
    assert look.complaints() == []
    for url in look.requests():
        assert url.startswith((look.root + "/usage-stats", "data:",
                               "chrome:")), url


def row_names(look, panel):
    return [cell.text for cell in look.driver.find_elements(
        By.CSS_SELECTOR, f'table[aria-labelledby="{panel}-title"]'
                         " tbody th :is(a, bdi)")]


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
    assert period == "30d" or \
        f"period={period}" in current.get_attribute("href")


def test_names_are_shown_as_text(look):
    look.open("/usage-stats?period=7d")
    assert "/<script>alert(1)</script>" in row_names(look, "pages")
    assert [script.get_attribute("src").partition("?")[0] for script in
            look.driver.find_elements(By.TAG_NAME, "script")] == [
                look.root + "/usage-stats/script.js"]
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
    assert look.driver.execute_script(
        "const middles = ['label', 'select', 'button'].map(name => {"
        " const one = document.querySelector('form.site ' + name),"
        " box = one.getBoundingClientRect();"
        " return (box.top + box.bottom) / 2; });"
        "return Math.max(...middles) - Math.min(...middles) < 2")
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


def targets(look, base):
    """Where the links of a page lead: paths with arguments."""
    text = look.server.get(base).body.decode()
    found = set()
    for href in re.findall(r'<a[^>]* href="([^"]*)"', text):
        url = urljoin(look.root + base, html.unescape(href))
        assert url.startswith(look.root + "/usage-stats"), url
        target = urlsplit(url)
        if target.fragment:
            assert f'id="{target.fragment}"' in text
        found.add(target.path + (target.query and "?" + target.query))
    return found


def test_every_link_leads_somewhere(look):
    """All of the page's own and of a list's, and all of those pages' too,
    where one state leads to the next; in the browser, those of the first."""
    first = targets(look, "/usage-stats")
    assert len(first) > 50
    for path in sorted(first | targets(
            look, "/usage-stats?panel=pages&limit=2&page=2")):
        assert look.server.get(path).status == 200, path
    if look.name == "1440-light":
        for path in ("/usage-stats?f=device:mobile&lang=ar",
                     "/usage-stats?f=count:source-site&period=7d",
                     "/usage-stats?panel=events&limit=1",
                     "/usage-stats?site=nobody.test&metric=bounce"):
            for target in sorted(targets(look, path)):
                assert look.server.get(target).status == 200, target
    for link in sorted(first)[::1 if look.name == "1440-light" else 12]:
        if link.startswith("/usage-stats?"):
            look.open(link)
            check(look)
            assert look.driver.find_elements(By.CSS_SELECTOR, "main h2")


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
    look.driver.find_element(By.CSS_SELECTOR, ".numbers summary").click()
    table = look.driver.find_element(By.CSS_SELECTOR, ".numbers table")
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
