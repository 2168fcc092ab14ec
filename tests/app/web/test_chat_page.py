import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.app.web.sites import Here

PAGE = "/alerts?universe=demo"
"""Any page has the chat; this one draws nothing beside it."""
ANSWER_MS = 120_000
SERIOUS = {"serious", "critical"}


def test_a_question_is_planned_agreed_to_answered_and_every_number_names_its_source(
    site: Here, page: Page, browser: Browser
) -> None:
    page.goto(site.url + PAGE)
    page.locator(".example").first.click()
    plan = page.get_by_role("region", name="Plan")
    expect(plan.get_by_role("button", name="Run")).to_be_focused()
    expect(plan).to_contain_text("No language model")
    choices = plan.get_by_role("checkbox")
    left_out = choices.first.get_attribute("value")
    choices.first.uncheck()
    with page.expect_request(re.compile(r"/consent$")) as sent:
        page.keyboard.press("Tab")
        plan.get_by_role("button", name="Run").click()
    assert sent.value.post_data_json == {"verdict": "run", "without": [left_out]}
    expect(page.locator(".verified")).to_be_visible(timeout=ANSWER_MS)
    expect(page.locator(".steps > summary")).to_contain_text(re.compile(r"steps, [0-9.]+ s"))
    expect(page.locator(".outcome")).to_contain_text("Synthetic data")
    number = page.locator(".answer .figure", has_text=re.compile(r"\d+\.\d")).first
    number.focus()
    card = page.locator("#hover")
    for heading in ("Value", "Measure", "As of", "Frequency", "Against", "Tool", "Server"):
        expect(card).to_contain_text(heading)
    expect(number).to_have_attribute("aria-describedby", "hover")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    with page.expect_download() as download:
        page.get_by_role("link", name="MD").click()
    assert download.value.path().stat().st_size > 1000
    assert _barriers(browser, page.url) == []


@pytest.mark.prove
def test_a_what_if_shows_its_difference_stops_resumes_and_survives_a_reload(
    site: Here, page: Page
) -> None:
    page.goto(site.url + PAGE)
    box = page.get_by_label("Question", exact=True)
    page.get_by_role("switch").check()
    box.fill("Which sectors are")
    box.press("Shift+Enter")
    box.type("leading?")
    assert box.input_value() == "Which sectors are\nleading?"
    box.press("Enter")
    expect(page.locator(".verified")).to_be_visible(timeout=ANSWER_MS)
    box.fill("What if I cap every sector, utilities at 2 % and energy at 2 %?")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        box.press("Enter")
    page.reload()  # it goes on streaming
    expect(page.locator(".turn").last.locator(".verified")).to_be_visible(timeout=ANSWER_MS)
    what_if = page.locator(".turn").last
    expect(what_if).to_contain_text("Stated")
    expect(what_if.locator(".difference")).to_contain_text("→")
    expect(what_if.locator(".note", has_text="known before")).to_be_visible()
    assert page.get_by_role("switch").is_checked()
    box.fill("and three months instead of one?")
    box.press("Enter")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.locator(".outcome", has_text="Stopped. The thread stays.")).to_be_visible()
    page.get_by_role("button", name="Resume").click()
    expect(page.locator(".turn").last.locator(".verified")).to_be_visible(timeout=ANSWER_MS)
    expect(page.locator(".turn").last.locator(".understood")).to_contain_text("3 months")
    page.get_by_role("button", name="Threads").click()
    row = page.locator("#chat-list li", has_text="Which sectors are leading?")
    expect(row.first).to_contain_text("questions: 3")
    row.first.get_by_role("button", name="Delete").click()
    row_asked = page.locator("#chat-list li", has_text="Delete this thread?")
    row_asked.get_by_role("button", name="Delete").click()
    expect(page.locator(".example")).to_have_count(3)


def test_a_question_that_cannot_be_answered_is_refused_in_a_sentence(
    site: Here, browser: Browser
) -> None:
    page = browser.new_page()  # not watched: the browser's console tells every refusal
    page.goto(site.url + PAGE)
    box = page.get_by_label("Question", exact=True)
    box.fill("Which sectors lead over the next 5 years?")
    box.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("5 years")
    expect(box).to_have_value("Which sectors lead over the next 5 years?")
    expect(page.locator(".example")).to_have_count(3)
    page.close()


def test_a_question_about_something_else_gets_no_seal_and_no_files_and_is_no_report(
    site: Here, page: Page
) -> None:
    page.goto(site.url + PAGE)
    box = page.get_by_label("Question", exact=True)
    box.fill("What is the capital of France?")
    box.press("Enter")
    expect(page.locator(".turn")).to_contain_text("sectors", timeout=ANSWER_MS)
    expect(page.locator(".steps > summary")).to_contain_text(re.compile(r"steps, [0-9.]+ s"))
    expect(page.locator(".verified, .outcome .files")).to_have_count(0)
    page.goto(f"{site.url}/reports?universe=demo&every=1")
    expect(page.locator("#listed .busy")).to_have_count(0)
    expect(page.locator("#listed")).not_to_contain_text("France")


@pytest.mark.prove
def test_what_another_tab_does_to_the_thread_is_seen_and_said(site: Here, browser: Browser) -> None:
    context = browser.new_context(locale="en-GB")  # not watched: a deleted thread is a refusal
    page = context.new_page()
    page.goto(site.url + PAGE)
    box = page.get_by_label("Question", exact=True)
    box.fill("Which sectors are leading?")
    box.press("Enter")
    expect(page.locator(".plan")).to_contain_text("more calls into what ranks first")
    other = context.new_page()
    other.goto(page.url)
    other.get_by_role("button", name="Run", exact=True).click()
    for tab in (page, other):
        expect(tab.locator(".verified")).to_be_visible(timeout=ANSWER_MS)
        assert "demo " not in " ".join(tab.locator(".steps li li").all_text_contents())
    other.get_by_label("Question", exact=True).fill("and three months?")
    other.get_by_label("Question", exact=True).press("Enter")
    expect(other.locator(".turn")).to_have_count(2)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator(".turn")).to_have_count(2)
    other.get_by_role("button", name="Threads").click()
    row = other.locator("#chat-list li", has_text="Which sectors are leading?").first
    row.get_by_role("button", name="Delete").click()
    sure = other.locator("#chat-list li", has_text="Delete this thread?")
    sure.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("alert")).to_contain_text("This thread was deleted")
    assert "thread=" not in page.url
    other.goto(f"{site.url}{PAGE}&thread=20200101-000000-000000-000000")
    expect(other.get_by_role("alert")).to_contain_text("The thread of this address is not here")
    box.fill("Which sectors are leading?")
    box.press("Enter")
    expect(page.get_by_role("region", name="Plan")).to_be_visible()
    context.close()


@pytest.mark.parametrize("agreed", [False, True], ids=["declined", "answered"])
@pytest.mark.prove
def test_the_phone_s_drawer_answers_in_vietnamese_and_gives_the_focus_back(
    site: Here, phone: Page, agreed: bool
) -> None:
    phone.emulate_media(color_scheme="dark")
    phone.goto(f"{site.url}{PAGE}&lang=vi")
    panel = phone.locator("#chat")
    expect(panel).to_be_hidden()
    question = "Ngành nào đang dẫn dắt?"
    ask = 'text => document.dispatchEvent(new CustomEvent("ask", { detail: text }))'
    phone.evaluate(ask, question)
    box = phone.get_by_label("Câu hỏi", exact=True)
    expect(box).to_be_focused()
    expect(box).to_have_value(question)
    box.press("Enter")
    phone.get_by_role("button", name="Hủy").click()
    expect(phone.locator(".outcome", has_text="Đã hủy: không có lượt gọi nào.")).to_be_visible()
    if agreed:
        phone.get_by_role("button", name="Hỏi lại").click()
        phone.get_by_role("button", name="Chạy", exact=True).last.click()
        verified = phone.locator(".outcome", has_text="Mọi con số đã được kiểm chứng.")
        expect(verified).to_be_visible(timeout=ANSWER_MS)
    width = phone.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    box.press("Escape")
    expect(panel).to_be_hidden()
    expect(phone.locator("#chat-fold")).to_be_focused()


def _barriers(browser: Browser, url: str) -> list[str]:
    """Return what axe finds serious of an answered thread; axe's own styles break the policy."""
    page = browser.new_page(bypass_csp=True)
    page.goto(url)
    expect(page.locator(".verified")).to_be_visible()
    found = [
        f"{item['id']}: {[node['html'][:120] for node in item['nodes'][:2]]}"
        for item in Axe().run(page).response["violations"]
        if item["impact"] in SERIOUS
    ]
    page.close()
    return found
