"""One morning of a Vietnamese portfolio manager on imported data, in a browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.app.web.sites import Here
from tests.app.web.test_desk_page import READY, moved, picture, places

pytestmark = [pytest.mark.real_data, pytest.mark.prove]
ANSWER_MS = 180_000
QUESTION = "Ngành nào đang dẫn dắt thị trường Việt Nam và khối ngoại có xác nhận không?"
WHAT_IF = "Nếu giới hạn ngân hàng 20 % và loại bất động sản thì sao?"


def test_a_morning_at_the_vietnamese_desk(real_site: Here, page: Page) -> None:
    page.goto(f"{real_site.url}/?universe=vn&lang=vi")
    page.wait_for_selector(READY, timeout=ANSWER_MS)
    expect(page.locator("header")).to_contain_text("Luân chuyển")
    shown = picture(page)
    assert 0 < len(places(page)) <= 12
    page.get_by_role("button", name="Ngày", exact=True).click()
    expect(page.locator("#panes")).not_to_have_js_property("innerHTML", shown)
    page.wait_for_selector(READY)
    page.locator("#slider").fill(str(int(page.locator("#slider").input_value()) - 20))
    before = places(page)
    page.locator("#play").click()
    moved(page, before)
    page.locator("#play").click()

    page.goto(f"{real_site.url}/heatmap?universe=vn&lang=vi")
    page.locator("a.heat-cell").first.click()
    expect(page).to_have_url(re.compile(r"/sectors/"))
    expect(page.locator("main h1")).not_to_be_empty()

    page.goto(f"{real_site.url}/alerts?universe=vn&lang=vi")
    ask_and_what_if(page)

    page.goto(f"{real_site.url}/reports?universe=vn&lang=vi")
    page.locator("main a[href*='/reports/']").first.click()
    expect(page).to_have_url(re.compile(r"/reports/[a-z0-9-]+"))
    with page.expect_download() as download:
        page.locator("main a[href*='pdf']").first.click()
    assert download.value.path().read_bytes()[:5] == b"%PDF-"


def ask_and_what_if(page: Page) -> None:
    box = page.get_by_label("Câu hỏi", exact=True)
    box.fill(QUESTION)
    box.press("Enter")
    page.get_by_role("button", name="Chạy", exact=True).click()
    expect(page.locator(".verified")).to_be_visible(timeout=ANSWER_MS)
    box.fill(WHAT_IF)
    box.press("Enter")
    page.get_by_role("button", name="Chạy", exact=True).last.click()
    page.reload()
    last = page.locator(".turn").last
    expect(last.locator(".verified")).to_be_visible(timeout=ANSWER_MS)
    expect(page.locator(".turn")).to_have_count(2)
    expect(last.locator(".difference")).to_contain_text("→")
