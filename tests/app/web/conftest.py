"""A real site and a real browser; a page that tells of every error fails its test."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from app.cli.serving_pages import opened_house
from app.files.universes import load_universes
from app.settings import Settings
from app.web.application import web_application
from app.web.house import House
from tests.app.web.sites import PATIENCE_MS, Here, site_here
from tests.homes import FITTED_WITH

FLAGS = (
    "--no-sandbox", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
NOISE = ("error", "warning")
SHARED = ("demo_house", "kept", "attacked", "ruled")
BROWSED = ("page", "phone", "examined", "browser")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give what shares a site, a browser or a home of several files to one worker."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if "markets_made" in names or item.get_closest_marker("xdist_group"):
            continue
        if any(name in names for name in BROWSED):
            item.add_marker(pytest.mark.xdist_group("browser"))
        for shared in SHARED:
            if shared in names:
                item.add_marker(pytest.mark.xdist_group(shared))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The machine's Chromium; its absence fails in CI and skips elsewhere."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None and os.environ.get("CI"):
        pytest.fail("CI must have Chromium: apt-get install chromium")
    if found is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    return found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for the tests of a file: while it is open, no test may run a loop of its own."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def site(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Here]:
    """The site of a copy of the demo home, which tests may write to."""
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("site") / "home"))
    with site_here(home) as running:
        yield running


@pytest.fixture(scope="session")
def demo_house(demo_home: Path) -> House:
    """The demo home's tools and conversations in this process, for tests that only read."""
    settings = Settings(home=demo_home, views=FITTED_WITH, universe="demo")
    return opened_house(settings, load_universes())


@pytest.fixture(scope="session")
def demo_client(demo_house: House) -> TestClient:
    """A client of its REST answers, without the guard."""
    return TestClient(
        web_application(demo_house), base_url="http://127.0.0.1", raise_server_exceptions=False
    )


@pytest.fixture(scope="session")
def real_site(real_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Here]:
    """The same of the shared Vietnamese and American data."""
    home = Path(shutil.copytree(real_home, tmp_path_factory.mktemp("real-site") / "home"))
    with site_here(home, universe="vn") as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A desktop page; console errors and requests that leave the host fail the test."""
    yield from _watched(browser, {"width": 1440, "height": 1000})


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """The same on a phone."""
    yield from _watched(browser, {"width": 390, "height": 844})


@pytest.fixture
def examined(browser: Browser) -> Iterator[Page]:
    """The same for axe, which writes styles of its own into the page it examines."""
    yield from _watched(browser, {"width": 1440, "height": 1000}, bypass_csp=True)


def _watched(browser: Browser, size: dict[str, int], *, bypass_csp: bool = False) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        locale="en-GB", accept_downloads=True, bypass_csp=bypass_csp,
    )  # fmt: skip
    context.set_default_timeout(PATIENCE_MS)
    shown = context.new_page()
    wrong: list[str] = []
    shown.on("console", lambda said: wrong.append(_told(said)) if said.type in NOISE else None)
    shown.on("pageerror", lambda error: wrong.append(str(error)))
    shown.on("request", lambda asked: wrong.append(asked.url) if _leaves(asked) else None)
    yield shown
    context.close()
    assert wrong == []


def _told(said: ConsoleMessage) -> str:
    return f"{said.type}: {said.text} ({said.location.get('url')})"


def _leaves(asked: Request) -> bool:
    parts = urlsplit(asked.url)
    return parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname != "127.0.0.1"
