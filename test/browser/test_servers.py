# SPDX-License-Identifier: Apache-2.0
"""The panel of servers, as a reader finds it."""

from selenium.webdriver.common.by import By

TABLE = "#nodes table"


def test_a_silent_server_is_told_in_words_and_by_its_looks(look):
    look.open()
    table = look.driver.find_element(By.CSS_SELECTOR, TABLE)
    assert "can\u2019t tell" in table.find_element(By.TAG_NAME, "caption").text
    heads = table.find_elements(By.CSS_SELECTOR, "thead th")
    assert [head.get_attribute("scope") for head in heads] == ["col"] * 3
    silent, own = table.find_elements(By.CSS_SELECTOR, "tbody tr")
    assert "another-server" in silent.text
    assert "Has not flushed for 1 h" in silent.text or \
        "Has not flushed for 60 min" in silent.text
    assert "shows this page" in own.text
    colours = [row.find_element(By.TAG_NAME, "th").value_of_css_property(
        "background-color") for row in (silent, own)]
    assert colours[0] != colours[1]
    assert look.too_wide() <= 0
    assert look.complaints() == []


def test_a_site_s_page_is_of_the_site_alone(look):
    look.open("/usage-stats?site=main.test")
    assert look.driver.find_elements(By.CSS_SELECTOR, TABLE) == []
