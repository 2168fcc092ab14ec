import re

import pytest
from playwright.sync_api import Page, expect

from tests.app.web.sites import Here


def test_the_three_pictures_palette_and_cards_work_by_mouse_and_keyboard(
    site: Here, page: Page
) -> None:
    page.goto(f"{site.url}/heatmap?universe=demo")
    cells = page.locator("table.heat a.heat-cell")
    expect(cells).to_have_count(27)
    expect(page.locator("table.heat th.ahead .no-skill")).to_have_count(1)

    shown = cells.first.locator("xpath=..")
    green = shown.evaluate("cell => getComputedStyle(cell).backgroundColor")
    page.get_by_role("button", name="Blue and orange").click()
    assert shown.evaluate("cell => getComputedStyle(cell).backgroundColor") != green

    cells.nth(1).hover()
    card = page.locator("#hover")
    expect(card).to_contain_text("80% interval")
    expect(card).to_contain_text("Against (1M, hundredths of a point)")
    expect(card).to_contain_text(re.compile(r"IC .*, t .*, hits .*, n"))
    cells.nth(1).focus()
    page.keyboard.press("ArrowDown")
    expect(cells.nth(4)).to_be_focused()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()

    squares = page.locator("table.heat td:nth-of-type(7) svg.square")
    expect(squares).to_have_count(0)
    page.get_by_role("button", name="3M", exact=True).click()
    expect(page).to_have_url(re.compile("horizon=3M"))
    expect(squares).to_have_count(9)

    unfold_the_factors(page)
    page.reload()
    expect(page.get_by_role("tab", name="Factors")).to_have_attribute("aria-selected", "true")
    expect(page.locator("table.factors .factor").first).to_be_visible()


def unfold_the_factors(page: Page) -> None:
    page.get_by_role("tab", name="Factors").click()
    expect(page.locator("table.factors")).to_be_visible()
    view = page.locator("table.factors .factor").first
    expect(view).to_be_hidden()
    page.locator("table.factors .unfold").first.click()
    expect(view).to_be_visible()
    page.get_by_role("button", name="z", exact=True).click()
    expect(page).to_have_url(re.compile("shown=z"))


@pytest.mark.prove
def test_weeks_fill_in_and_a_cell_opens_its_sector(site: Here, page: Page) -> None:
    page.goto(f"{site.url}/heatmap?universe=demo&tab=weeks&lang=vi")
    expect(page.locator("table.weeks th.day")).to_have_count(26)
    expect(page.locator("table.weeks tbody tr")).to_have_count(9)
    expect(page.locator("progress")).to_be_visible()
    last = page.locator("table.weeks tbody tr").first.locator("td.number:not(.past)")
    expect(last.last).to_be_in_viewport()

    page.get_by_role("tab", name="Kỳ hạn").click()
    page.locator("table.heat a.heat-cell").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/sectors/\w+\?.*universe=demo"))


@pytest.mark.prove
def test_on_a_phone_the_heatmap_is_a_list_of_one_horizon(site: Here, phone: Page) -> None:
    phone.goto(f"{site.url}/heatmap?universe=demo")
    expect(phone.locator(".heat-list li")).to_have_count(9)
    marks = phone.locator("#heat-benchmark select")
    marks.evaluate("select => select.append(new Option('a long name of a benchmark '.repeat(4)))")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_role("button", name="1W", exact=True).click()
    expect(phone).to_have_url(re.compile("horizon=1W"))
    expect(phone.get_by_role("button", name="1W", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
