"""What pages show from closed values and nested parts, in either language."""

import pytest
from playwright.sync_api import Page

from app.files.universes import load_universes
from app.render.words import Words
from app.web.assets import asset_path
from app.web.pages.chat_words import closed_words
from app.web.reports.kept import mandate_said
from core.records.mandate import Mandate
from core.records.request import Language
from tests.app.web.sites import Here

DEMO = load_universes()["demo"]
BUILT = """async (name) => {
  const { make, fill } = await import(name);
  const part = () => [[make("p", {}, "one")], [[make("p", {}, "two")]]];
  const filled = make("section");
  fill(filled, part());
  return [make("details", {}, part()).innerHTML, filled.innerHTML];
}"""


@pytest.mark.parametrize(
    ("language", "spans"), [("en", ["1W", "1M", "3M"]), ("vi", ["1 tuần", "1T", "3T"])]
)
def test_a_horizon_is_written_short_in_the_language_of_the_page(
    language: Language, spans: list[str]
) -> None:
    said = closed_words(Words(language, DEMO))
    assert [said[f"span.{horizon}"] for horizon in ("1W", "1M", "3M")] == spans


@pytest.mark.parametrize(
    ("language", "packaged", "own"),
    [
        ("en", "packaged limits", "growth, version 3"),
        ("vi", "giới hạn mặc định", "growth, phiên bản 3"),
    ],
)
def test_limits_are_named_in_words(language: Language, packaged: str, own: str) -> None:
    words = Words(language, DEMO)
    assert mandate_said(Mandate(id="default"), words) == packaged
    assert mandate_said(Mandate(id="growth", version=3), words) == own


def test_parts_in_parts_become_elements_never_text(site: Here, page: Page) -> None:
    page.goto(f"{site.url}/alerts?universe=demo")
    built = page.evaluate(BUILT, asset_path("core/dom.js"))
    assert built == ["<p>one</p><p>two</p>"] * 2
