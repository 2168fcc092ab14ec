"""Strings on real pages in a real browser: all as names, some or all as questions."""

import json
import shutil
from collections.abc import Iterator
from importlib.resources import files
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Dialog, Page

from tests.app.web.security.strings import Table, everything, texts
from tests.app.web.sites import Here, site_here

LIVE = (
    "script:not([src]):not([type='application/json']), iframe, object, embed, base, [onerror],"
    " [onload], [onclick], [onfocus], [ontoggle], [href^='javascript'], [href*='evil.example'],"
    " [src*='evil.example'], [action*='evil.example'], [srcdoc], meta[http-equiv], marquee"
)
PAGES = ("/", "/heatmap", "/sectors/technology", "/allocation", "/macro")
TOGETHER = 12
"""How many strings make one name: all of them are the names of one market."""


def hostile(text: str) -> str:
    """Return a universe's text with attack strings for all its names."""
    strings = [one for _, one in everything()]
    handfuls = cycle(" ".join(strings[n : n + TOGETHER]) for n in range(0, len(strings), TOGETHER))
    return "\n".join(
        f"{line.partition('=')[0]}= {json.dumps(next(handfuls), ensure_ascii=False)}"
        if line.startswith(("name_en", "name_vi"))
        else line
        for line in text.splitlines()
    )


@pytest.fixture(scope="module")
def attacked_site(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Here]:
    """A site whose market, sectors and threads are all named by attack strings."""
    folder = tmp_path_factory.mktemp("hostile")
    home = Path(shutil.copytree(demo_home, folder / "home"))
    text = files("core.universes").joinpath("demo.toml").read_text(encoding="utf-8")
    own = folder / "hostile.toml"
    own.write_text(hostile(text), encoding="utf-8")
    with site_here(home, universe_files=(own,)) as site:
        yield site


def threads(site: Here, asked: list[str]) -> list[str]:
    """Return threads of these questions, as far as they are questions."""
    made = []
    for text in asked:
        opened = httpx.post(f"{site.url}/api/threads", json={"universe": "demo"}, timeout=60).json()
        turns = f"{site.url}/api/threads/{opened['thread']}/turns"
        if httpx.post(turns, json={"text": text}, timeout=60).status_code == 201:
            made.append(opened["thread"])
    return made


@pytest.mark.parametrize(
    ("questions", "pages"),
    [(texts(3000)[:1], PAGES[:1]), pytest.param(texts(3000), PAGES, marks=pytest.mark.prove)],
    ids=["first", "all"],
)
def test_no_string_runs_is_markup_or_asks_anybody_for_anything(
    attacked_site: Here, page: Page, table: Table, questions: list[str], pages: tuple[str, ...]
) -> None:
    hits: list[str] = []
    page.expose_function("hit", lambda *_: hits.append(page.url))

    def dismissed(dialog: Dialog) -> None:
        hits.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismissed)
    asked = threads(attacked_site, questions)
    assert asked
    shown = [f"{pages[n % len(pages)]}?thread={name}" for n, name in enumerate(asked)]
    shown += [f"{path}?lang=vi" for path in pages[len(asked) :]]
    shown += ["/reports", f"/login?next={quote('/<img src=x onerror=hit()>')}"]
    found: list[str] = []
    for address in shown:
        page.goto(attacked_site.url + address, wait_until="networkidle")
        found += [f"{address}: {tag}" for tag in page.eval_on_selector_all(LIVE, OUTER)]
    for kind, _ in everything():
        table.note("browser", kind, hits[0] if hits else (found[0] if found else None))
    assert hits == []
    assert found == []


OUTER = "found => found.map(node => node.outerHTML.slice(0, 200))"
