import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from app.web.pages.page import Page as Chosen
from app.web.pages.page import words
from app.web.pages.registry import PAGES
from tests.app.web.sites import Here

OPEN = [page for page in PAGES if page.nav]
SERIOUS = {"serious", "critical"}
WHOLE: dict[str, object] = {"preload": False}
COLOURS: dict[str, object] = {"preload": False, "runOnly": ["color-contrast"]}
NAMES = [page.name for page in PAGES]


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_say_the_same_things(name: str) -> None:
    assert words(name, "en").keys() == words(name, "vi").keys()


@pytest.mark.parametrize(
    "entries", [OPEN[:1], pytest.param(OPEN[1:], marks=pytest.mark.prove)], ids=["first", "rest"]
)
def test_no_page_has_a_serious_barrier_in_light_or_dark(
    site: Here, examined: Page, entries: list[Chosen]
) -> None:
    found: list[str] = []
    for entry in entries:
        examined.emulate_media(color_scheme="light")
        examined.goto(f"{site.url}{entry.path}?universe=demo", wait_until="networkidle")
        found += [f"{entry.name}, light: {barrier}" for barrier in barriers(examined, WHOLE)]
        examined.emulate_media(color_scheme="dark")
        found += [f"{entry.name}, dark: {barrier}" for barrier in barriers(examined, COLOURS)]
    assert found == []


def barriers(page: Page, options: dict[str, object]) -> list[str]:
    """Return what axe finds serious."""
    return [
        f"{item['id']}: {[node['html'][:160] for node in item['nodes'][:3]]}"
        for item in Axe().run(page, options=options).response["violations"]
        if item["impact"] in SERIOUS
    ]
