# SPDX-License-Identifier: Apache-2.0
"""The panels of breakdowns and events, as a reader finds them."""

import pytest

from selenium.webdriver.common.by import By

from test_bots import rows


@pytest.mark.parametrize("query", ["", "?period=day"])
def test_breakdowns_are_shown_with_what_they_mean(look, query):
    look.open("/usage-stats" + query)
    assert "direct" in rows(look, "sources")["(direct)"]
    assert "from a link on another site" in rows(look, "source-kinds")["site"]
    assert "OK" in rows(look, "statuses")["200"]
    assert "(none)" in rows(look, "languages")
    assert "iOS 17" in rows(look, "system-versions")
    assert "reading" in rows(look, "events")["<i>seen</i>"]
    assert set(rows(look, "event-categories")) == {"reading", "event"}
    assert look.too_wide() <= 0
    assert look.complaints() == []


def test_what_is_off_is_told_in_one_line(look):
    look.open()
    line = look.driver.find_element(By.CLASS_NAME, "missing")
    assert line.text == ("Not counted here: countries "
                         "(UsageBreakdown country).")


def test_panels_fill_their_rows(look):
    """Whatever of them there is, no hole is left beside one."""
    look.open()
    boxes = look.driver.find_elements(By.CLASS_NAME, "panels")
    right = boxes[0].rect["x"] + boxes[0].rect["width"]
    by_top = {}
    for panel in look.driver.find_elements(By.CSS_SELECTOR,
                                           ".panels > section"):
        rect = panel.rect
        by_top[rect["y"]] = max(by_top.get(rect["y"], 0),
                                rect["x"] + rect["width"])
    assert len(by_top) > 3
    assert all(abs(end - right) < 2 for end in by_top.values())


def test_every_table_can_be_read_aloud(look):
    look.open()
    tables = look.driver.find_elements(By.CSS_SELECTOR, ".panels table")
    assert len(tables) > 14
    for table in tables:
        assert table.accessible_name
        for head in table.find_elements(By.TAG_NAME, "th"):
            assert head.get_attribute("scope") in ("row", "col")
