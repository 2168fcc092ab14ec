"""The allocation page and the reports' pages, as a portfolio manager goes through them."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from app.files.holdings import store_holdings
from core.records.holdings import Holdings, Position
from tests.app.command import sectorwise_apart
from tests.app.web.sites import Here, site_here

SERIOUS = {"serious", "critical"}
MADE_MS = 120_000


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{row['id']}: {row['nodes'][0]['target']}" for row in found if row["impact"] in SERIOUS
    ]


@pytest.fixture(scope="module")
def held(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Here]:
    """A site of its own: what is held moves every answer."""
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("held") / "home"))
    position = Position(sector="technology", weight=0.5)
    day = date(2024, 11, 1)
    store_holdings(
        home, Holdings(universe="demo", dated=day, source="book", nav_bn=5.0, positions=(position,))
    )
    with site_here(home) as running:
        yield running


@pytest.fixture(scope="module")
def reported(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Here]:
    """A site with two finished reports."""
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("reported") / "home"))
    for day in ("2024-11-29", "2024-12-31"):
        made = sectorwise_apart(
            "report",
            "--as-of",
            day,
            "--out",
            str(home.parent / day),
            "--formats",
            "json",
            home=home,
        )
        assert made.code == 0, made.error
    with site_here(home) as running:
        yield running


def weights_of(page: Page) -> dict[str, str]:
    rows = page.locator("#tried .of-differences tbody tr")
    return {
        row.locator("th").inner_text(): row.locator("td").nth(1).inner_text() for row in rows.all()
    }


def limits_are_checked(page: Page) -> None:
    page.locator("#limit-cap-technology").fill("5")
    page.locator("#check").click()
    expect(page.locator(".verdict .good")).to_contain_text("can all hold")
    expect(page.locator(".verdict li").first).to_contain_text("caps.technology: none → 5 %")
    page.get_by_text("The file that states them").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download demo.toml").click()
    assert "caps = {technology = 0.05}" in Path(saved.value.path()).read_text()


def limits_contradict(page: Page) -> None:
    page.locator("#limit-floor-technology").fill("60")
    page.locator("#limit-floor-energy").fill("60")
    page.locator("#check").click()
    expect(page.locator(".verdict")).to_contain_text("Cannot hold together")


def test_limits_are_checked_before_any_report(held: Here, page: Page) -> None:
    page.goto(f"{held.url}/allocation?universe=demo")
    expect(page.locator("#made")).to_contain_text("No report")
    limits_are_checked(page)
    limits_contradict(page)
    assert serious(page) == []


@pytest.mark.prove
def test_a_report_is_made_limits_are_tried_and_the_file_is_offered(held: Here, page: Page) -> None:
    page.goto(f"{held.url}/allocation?universe=demo")
    expect(page.locator("#made")).to_contain_text("No report")
    page.locator("#make").click()
    page.wait_for_selector("#score-chart svg", timeout=MADE_MS)
    expect(page.locator("#made")).to_contain_text("The report of")
    expect(page.locator("#weights-chart svg [aria-roledescription]").first).to_be_attached()
    expect(page.locator(".of-trades tbody tr").first).to_be_visible()
    expect(page.locator(".part-risk")).to_contain_text("Tracking error")
    assert serious(page) == []
    limits_are_checked(page)

    page.locator("#try").click()
    page.wait_for_selector("#tried .of-differences", timeout=MADE_MS)
    assert weights_of(page)["Information Technology"] == "5.0 %"
    expect(page.locator("#tried .note").first).to_contain_text("without these limits")
    expect(page.locator("#tried thead")).to_contain_text("Before · 31 Dec 2024")
    page.get_by_role("link", name="Show it on this page").click()
    page.wait_for_selector("#score-chart svg")
    expect(page.locator("#made")).to_contain_text("What-if")
    limits_contradict(page)


@pytest.mark.prove
def test_holdings_are_pasted_valued_and_kept(held: Here, page: Page) -> None:
    page.goto(f"{held.url}/allocation?universe=demo&tab=held")
    expect(page.locator(".worth")).to_contain_text("Information Technology")
    page.get_by_text("Paste or upload a table").click()
    page.locator("textarea").first.wait_for()
    page.get_by_label("Table of holdings").fill("sector,weight\nenergy,25%\ncash,75%\n")
    page.get_by_role("button", name="Read it").click()
    expect(page.locator(".worth")).to_contain_text("25.0 %")
    page.get_by_label("Date", exact=True).fill("2024-11-04")
    page.locator("#keep-held").click()
    expect(page.locator("#held")).to_contain_text("Kept: holdings of 4 Nov 2024")
    page.reload()
    expect(page.locator("#held")).to_contain_text("holdings of 4 Nov 2024 (page)")
    assert serious(page) == []


@pytest.mark.prove
def test_reports_are_listed_opened_compared_and_downloaded(reported: Here, page: Page) -> None:
    page.goto(f"{reported.url}/reports?universe=demo&lang=vi")
    page.wait_for_selector(".of-reports tbody tr")
    expect(page.locator("h1")).to_have_text("Báo cáo")
    page.goto(f"{reported.url}/reports?universe=demo&lang=en")
    boxes = page.locator(".of-reports tbody input")
    assert serious(page) == []
    for place in (0, 1):
        boxes.nth(place).check()
    page.locator("#compare").click()
    page.wait_for_selector(".of-differences tbody tr")
    expect(page.locator("#compared")).to_contain_text("Information Technology")
    assert serious(page) == []

    page.goto(f"{reported.url}/reports?universe=demo&lang=en")
    page.locator(".of-reports tbody th a").first.click()
    page.wait_for_selector(".part-heatmap table")
    number = page.locator("button.figure").first
    number.focus()
    expect(page.locator("#hover")).to_contain_text("SHA-256")
    region = page.locator(".part-heatmap .scroll")
    region.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#hover")).to_be_visible()
    expect(page.locator("#hover")).to_contain_text("·")
    for name, start in (("PDF", b"%PDF-"), ("XLSX", b"PK"), ("E-mail", b"<!doctype")):
        with page.expect_download() as saved:
            page.locator(".files a", has_text=name).first.click()
        assert Path(saved.value.path()).read_bytes().startswith(start)
    assert serious(page) == []


@pytest.mark.prove
def test_a_phone_shows_every_page_without_sideways_scrolling(reported: Here, phone: Page) -> None:
    for path in ("allocation", "reports", "compare"):
        phone.goto(f"{reported.url}/{path}?universe=demo&lang=vi")
        phone.wait_for_load_state("networkidle")
        wide = phone.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path
