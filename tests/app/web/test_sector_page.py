import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app.web.sites import Here
from tests.app.web.test_pages import COLOURS, WHOLE, barriers


def test_a_sector_opens_with_forecast_charts_members_and_flows(site: Here, page: Page) -> None:
    page.goto(f"{site.url}/sectors/energy?universe=demo")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Energy")
    summary = page.locator("#sector-summary")
    expect(summary).to_contain_text("What argues against")
    expect(summary.locator("tbody tr")).to_have_count(3)
    expect(page.locator("#sector-score .chart svg")).to_be_visible()
    expect(page.locator("#sector-rotation .chart svg")).to_be_visible()
    expect(page.locator("#sector-stays table")).to_have_count(2)
    expect(page.locator("#sector-accounts")).to_contain_text("five years")
    expect(page.locator("#sector-flows")).to_contain_text("volume spikes")

    members = page.locator("#sector-members table").first
    symbols = members.locator("tbody th")
    before = symbols.all_inner_texts()
    members.get_by_role("button", name="1M, %", exact=True).click()
    assert sorted(symbols.all_inner_texts()) == sorted(before)
    expect(members.locator("th[aria-sort=descending]")).to_contain_text("1M")

    screen = page.locator("#sector-screen")
    expect(screen.locator("form")).to_be_visible()
    everyone = screen.locator("p").first.inner_text()
    screen.get_by_label("P/E at most").fill("15")
    screen.get_by_role("button", name="Screen", exact=True).click()
    expect(screen.locator("[aria-live] > p").first).not_to_have_text(everyone)
    expect(page).to_have_url(re.compile("s_pe_x_max=15"))
    narrowed = screen.locator("[aria-live] > p").first.inner_text()
    page.reload()
    expect(screen.locator("[aria-live] > p").first).to_have_text(narrowed)

    assert barriers(page, WHOLE) == []
    page.emulate_media(color_scheme="dark")
    assert barriers(page, COLOURS) == []


@pytest.mark.prove
def test_a_gap_is_a_sentence_and_an_unknown_sector_too(site: Here, browser: Browser) -> None:
    context = browser.new_context(locale="vi-VN")
    page = context.new_page()
    page.goto(f"{site.url}/sectors/technology?universe=europe")
    gaps = page.locator(".gap")
    expect(gaps.first).to_contain_text("sectorwise import --universe europe")
    expect(gaps.first).to_contain_text("Ai cần xử lý")
    page.goto(f"{site.url}/sectors/moon?universe=demo")
    expect(page.locator("main")).to_contain_text("moon")
    expect(page.locator(".later")).to_have_count(0)
    context.close()


@pytest.mark.prove
def test_on_a_phone_nothing_but_tables_scrolls_sideways(site: Here, phone: Page) -> None:
    phone.goto(f"{site.url}/sectors/technology?universe=demo")
    expect(phone.locator("#sector-flows table").first).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
