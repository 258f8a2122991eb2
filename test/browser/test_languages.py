# SPDX-License-Identifier: Apache-2.0
"""The links between the page's languages."""

from urllib.parse import parse_qs, urlsplit

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

DIRECTIONS = {"en": "ltr", "de": "ltr", "ar": "rtl"}
LINKS = ".languages a"


def language(look):
    """The document's language and its direction, as it says itself."""
    root = look.driver.find_element(By.TAG_NAME, "html")
    return root.get_dom_attribute("lang"), root.get_dom_attribute("dir")


def marks(look):
    """{language: how its link is marked}."""
    return {link.get_dom_attribute("lang"):
            link.get_dom_attribute("aria-current")
            for link in look.driver.find_elements(By.CSS_SELECTOR, LINKS)}


def follow(look, tag):
    """Click the link of a language."""
    before = look.driver.find_element(By.TAG_NAME, "html").id
    look.driver.find_element(By.CSS_SELECTOR,
                             f'{LINKS}[lang="{tag}"]').click()
    WebDriverWait(look.driver, 60).until(
        lambda driver: driver.find_element(By.TAG_NAME, "html").id != before
        and driver.execute_script("return document.readyState") == "complete")


def test_each_language_is_reached_from_each_other(look):
    """One link is marked: that of the language which is shown."""
    look.open("/usage-stats?period=7d")
    assert language(look) == ("en", "ltr")
    for tag in ("de", "ar", "de", "en", "ar", "en", "de", "de"):
        follow(look, tag)
        assert language(look) == (tag, DIRECTIONS[tag])
        assert marks(look) == {
            other: "true" if other == tag else None for other in DIRECTIONS}
        assert look.driver.execute_script(
            "return getComputedStyle(document.body).direction"
        ) == DIRECTIONS[tag]
        assert parse_qs(urlsplit(look.driver.current_url).query)[
            "period"] == ["7d"]
