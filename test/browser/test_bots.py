# SPDX-License-Identifier: Apache-2.0
"""The panels of bots, as a reader finds them."""

import pytest

from selenium.webdriver.common.by import By


def rows(look, panel):
    """{name: text of its row} of a panel, as shown."""
    found = {}
    for row in look.driver.find_elements(
            By.CSS_SELECTOR, f'table[aria-labelledby="{panel}-title"]'
                             " tbody tr"):
        assert row.is_displayed()
        found[row.find_element(By.CSS_SELECTOR, "th a, th bdi").text] = \
            row.text
    return found


@pytest.mark.parametrize("query", ["", "?period=day", "?period=all",
                                   "?site=other.test"])
def test_bots_are_shown_by_name_and_kind(look, query):
    look.open("/usage-stats" + query)
    bots, kinds = rows(look, "bots"), rows(look, "bot-kinds")
    assert list(bots) == ["Googlebot", "<b>a bot</b>"]
    assert "search" in bots["Googlebot"].split()
    assert "monitor" in bots["<b>a bot</b>"].split()
    assert list(kinds) == ["search", "monitor"]
    assert "finds pages for a search engine" in kinds["search"]
    titles = [title.text for title in
              look.driver.find_elements(By.CSS_SELECTOR, "main h2")]
    assert "Bots" in titles and "What the bots do" in titles
    assert look.too_wide() <= 0
    assert look.complaints() == []
