import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from app.web.pages.page import words
from app.web.pages.registry import PAGES
from tests.app.web.sites import Site

OPEN = [page for page in PAGES if page.nav]
SERIOUS = {"serious", "critical"}
NO_FETCHES = {"preload": False}
NAMES = [page.name for page in PAGES]


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_say_the_same_things(name: str) -> None:
    assert words(name, "en").keys() == words(name, "vi").keys()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_has_a_serious_barrier(site: Site, examined: Page, theme: str) -> None:
    examined.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    found: list[str] = []
    for entry in OPEN:
        examined.goto(f"{site.url}{entry.path}?universe=demo", wait_until="networkidle")
        for violation in Axe().run(examined, options=NO_FETCHES).response["violations"]:
            if violation["impact"] in SERIOUS:
                nodes = [node["html"][:160] for node in violation["nodes"][:3]]
                found.append(f"{entry.name}: {violation['id']}: {nodes}")
    assert found == []
