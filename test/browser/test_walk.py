# SPDX-License-Identifier: Apache-2.0
"""Who has never seen the page finds, from the page alone, which of the site's
pages lost readers last week, and where its readers come from."""

import pytest

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

DAY = 24 * 60 * 60

# Each page's views a day, in the week before the last seven days and in them.
WEEKS = {"/rising.html": (10, 20), "/steady.html": (12, 12),
         "/losing.html": (30, 9),
         **{f"/busy-{i:02}.html": (50, 60) for i in range(12)}}

# What lost nearly all, and so is in no list of the most viewed.
GONE = "/gone.html"
WEEKS[GONE] = (45, 0.15)

VIEW = """
INSERT INTO {table} (grain, start, {keys}, views, visitors, visits,
  returning_visits, bounces, exits, seconds, bytes, millis)
VALUES (1, {day}, {values}, {views}, {views}, {views}, 0, 0, 0, 0, 0, 0);
"""


def views_of(weeks, days):
    """Views of a page on the day so many days ago; one of a week, on a day."""
    views = weeks[days < 7]
    return views if views >= 1 else int(days == 3)


def statements(today):
    """Two weeks of each page, the last day being today, which has its sum
    already."""
    for path, weeks in WEEKS.items():
        for days in range(14):
            views = views_of(weeks, days)
            if not views:
                continue
            day = today - days * DAY
            yield VIEW.format(table="usage_page", keys="site, path", day=day,
                              values=f"'main.test', '{path}'", views=views)
            yield VIEW.format(table="usage_all", day=day, views=views,
                              keys='part, device, browser, "system", path',
                              values=f"0, '', '', '', '{path}'")
    for days in range(1, 14):
        views = sum(views_of(weeks, days) for weeks in WEEKS.values())
        yield VIEW.format(table="usage_total", keys="site", views=views,
                          values="'main.test'", day=today - days * DAY)


@pytest.fixture(scope="module")
def weeks(server):
    """Weeks to look back on, taken away in the end."""
    total = server.store.read(["usage_total"])["usage_total"]
    today = max(row["start"] for row in total if row["grain"] == 1)
    server.store.run("".join(statements(today)))
    yield
    names = ", ".join(f"'{path}'" for path in WEEKS)
    server.store.run(
        f"DELETE FROM usage_page WHERE path IN ({names});"
        f"DELETE FROM usage_all WHERE path IN ({names});"
        f"DELETE FROM usage_total WHERE grain = 1 AND start < {today}")


def follow(look, text, within="body"):
    """Click what a reader sees by its words."""
    for link in look.driver.find_elements(By.CSS_SELECTOR, f"{within} a"):
        if link.is_displayed() and link.text.strip() == text:
            before = look.driver.current_url
            link.click()
            WebDriverWait(look.driver, 60).until(
                lambda driver: driver.current_url != before)
            return
    raise AssertionError(f"nobody sees a link {text}")


def titled(look, title):
    """The part of the page under a heading."""
    for part in look.driver.find_elements(By.CSS_SELECTOR, "main section"):
        head = part.find_element(By.TAG_NAME, "h2")
        if head.is_displayed() and head.text.startswith(title):
            return part
    raise AssertionError(f"nobody sees a heading {title}")


def column(part, name):
    """{row: what it says} of a column, by its head."""
    heads = [head.text for head in
             part.find_elements(By.CSS_SELECTOR, "thead th")]
    place = heads.index(name)
    found = {}
    for row in part.find_elements(By.CSS_SELECTOR, "tbody tr:not(.rest)"):
        cells = row.find_elements(By.CSS_SELECTOR, "th, td")
        found[cells[0].text] = cells[place].text
    return found


def test_the_page_that_lost_readers_and_where_readers_come_from(look, weeks):
    look.open()
    follow(look, "7 days", "nav")
    assert "Compared with" in look.driver.find_element(
        By.TAG_NAME, "header").text
    assert GONE not in column(titled(look, "Top pages"), "Change")
    follow(look, "Lost most", "#pages")
    change = column(titled(look, "Top pages"), "Change")
    assert list(change)[:2] == [GONE, "/losing.html"]
    lost = {name for name, text in change.items()
            if text.startswith("\N{MINUS SIGN}")}
    assert lost == {GONE, "/losing.html"}
    assert column(titled(look, "Top pages"), "Difference")[GONE].startswith(
        "\N{MINUS SIGN}")
    look.screenshot("-lost")
    assert look.too_wide() <= 0
    follow(look, "Gained most", "#pages")
    assert column(titled(look, "Top pages"), "Change")[
        "/busy-00.html"].startswith("+")
    follow(look, "Lost most", "#pages")
    follow(look, GONE, "#pages")
    assert GONE in look.driver.find_element(By.CLASS_NAME, "chips").text
    assert titled(look, "Views")
    look.screenshot("-walk")
    follow(look, "Show all", "header")
    sources = column(titled(look, "Sources"), "Visits")
    assert any(name.startswith("Google") for name in sources)
    assert look.complaints() == []
