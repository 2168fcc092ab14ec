import re

import pytest
from playwright.sync_api import Page, expect

from tests.app.web.sites import Here

SETTLED = ("macro", "record", "alerts", "servers")
UNWORDED = re.compile(r"\b[a-z]+_[a-z_0-9]+\b|undefined|NaN|\[object")


def opened(page: Page, site: Here, path: str) -> None:
    page.goto(f"{site.url}{path}", wait_until="networkidle")
    expect(page.locator("main .busy")).to_have_count(0)


@pytest.mark.prove
def test_the_economy_can_be_read_and_each_choice_changes_its_picture(
    site: Here, page: Page
) -> None:
    opened(page, site, "/macro?universe=demo")
    chart = page.locator("#series .chart svg")
    regimes = page.locator("#regime .chart svg")
    expect(chart).to_have_count(1)
    expect(regimes).to_have_count(1)
    first, long = chart.inner_html(), regimes.inner_html()

    page.get_by_role("button", name="Unemployment rate").click()
    expect(page.locator("#series .note")).to_contain_text("Unemployment rate")
    assert chart.inner_html() != first
    assert "series=unemployment_rate" in page.url

    page.get_by_role("button", name="1 year", exact=True).click()
    expect(page.locator("#regime summary")).to_contain_text("Dec 2023")
    expect(regimes).to_have_count(1)
    assert regimes.inner_html() != long

    page.reload(wait_until="networkidle")
    expect(page.locator("#series .note")).to_contain_text("Unemployment rate")
    pressed = page.locator("#spans [aria-pressed=true]")
    expect(pressed).to_have_text("1 year")

    page.locator("#strain summary").click()
    expect(page.locator("#strain tbody tr")).to_have_count(6)
    expect(page.locator("#calendar time").first).to_be_visible()
    page.locator("#series .chart svg").hover(position={"x": 300, "y": 80})
    expect(page.locator("#hover")).to_contain_text("Released")


@pytest.mark.prove
def test_the_record_is_of_the_chosen_horizon_and_alerts_of_the_chosen_kind(
    site: Here, page: Page
) -> None:
    opened(page, site, "/record?universe=demo&horizon=1M")
    cuts = page.locator("#cuts .note")
    expect(page.locator("#cuts .chart svg")).to_have_count(1)
    expect(page.locator("#forecast tbody tr")).to_have_count(3)
    said = cuts.inner_text()
    page.get_by_role("button", name="3 months").click()
    expect(cuts).not_to_have_text(said)
    assert "horizon=3M" in page.url

    opened(page, site, "/alerts?universe=demo")
    every = page.locator(".alert").count()
    assert every > 0
    kinds = page.locator(".kinds button")
    assert kinds.count() > 1
    kinds.nth(1).click()
    chosen = page.locator(".alert").count()
    assert 0 < chosen <= every
    page.reload(wait_until="networkidle")
    expect(page.locator(".alert")).to_have_count(chosen)
    page.locator(".alert summary").first.click()
    expect(page.locator(".alert details .note").first).to_be_visible()


@pytest.mark.prove
def test_servers_are_shown_and_cannot_be_changed(site: Here, page: Page) -> None:
    opened(page, site, "/servers?universe=demo")
    page.locator("#servers summary").first.click()
    expect(page.locator("#servers .tools")).to_contain_text("get_sector_heatmap")
    expect(page.locator("main").locator("input, textarea, select, form, button")).to_have_count(0)


@pytest.mark.prove
@pytest.mark.parametrize("name", SETTLED)
def test_every_text_is_worded_and_fits_a_phone(site: Here, phone: Page, name: str) -> None:
    opened(phone, site, f"/{name}?universe=demo&lang=vi")
    wide = phone.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    phone.evaluate("document.querySelectorAll('main code').forEach((one) => one.remove())")
    assert UNWORDED.findall(phone.locator("main").inner_text()) == []
