"""A guarded site in this process, over a home with secrets inside and a stranger's file beside."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.testclient import TestClient

from app.cli.serving_pages import opened_house
from app.files.universes import load_universes
from app.settings import Settings
from app.web.application import guarded_site, web_application
from app.web.house import House
from app.web.security.guard import Guarded, Rules
from app.web.security.limits import Limits
from app.web.security.tokens import Tokens
from tests.app.web.security.asking import NAMED, OWN, TOKEN, Answer, Pairs, asked
from tests.app.web.security.strings import Table
from tests.homes import FITTED_WITH

CANARIES = ("c4nary-mcp-0123456789", "c4nary-ssi-0123456789", "c4nary-0uts1de-the-home")
KEY = ("authorization", f"Bearer {TOKEN}")
UNPACED = Limits(requests_a_minute=10_000_000)


@dataclass(frozen=True, slots=True)
class Attacked:
    """A site that answers in this process."""

    site: Guarded
    house: House
    home: Path
    portal: BlockingPortal
    client: TestClient

    def ask(
        self, address: str, method: str = "GET", *, headers: Pairs = (KEY,), body: bytes = b""
    ) -> Answer:
        """Return its answer, asked with the key unless the headers say otherwise."""
        said = [*headers, ("content-type", "application/json")] if body else list(headers)
        call = partial(asked, self.site, address, method=method, headers=said, body=(body,))
        return self.portal.call(call)


@pytest.fixture(scope="session")
def attacked(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    """The site of a copy of the demo home, open."""
    folder = tmp_path_factory.mktemp("attacked")
    home = Path(shutil.copytree(demo_home, folder / "home"))
    (folder / "outside.txt").write_text(CANARIES[2], encoding="utf-8")
    (home / "mcp.json").write_text('{"mcpServers": {}}', encoding="utf-8")
    settings = Settings(
        home=home,
        views=FITTED_WITH,
        token=SecretStr(TOKEN),
        mcp_token=SecretStr(CANARIES[0]),
        ssi_secret=SecretStr(CANARIES[1]),
    )
    house = opened_house(settings, load_universes())
    site = guarded_site(house, Rules(NAMED, Tokens(TOKEN), limits=UNPACED))
    with TestClient(site, base_url=f"http://{OWN}") as client:
        assert client.portal is not None
        yield Attacked(site, house, home, client.portal, client)


@pytest.fixture(scope="session")
def unguarded(attacked: Attacked) -> FastAPI:
    """The site's doors, to read which there are."""
    return web_application(attacked.house)


@pytest.fixture(scope="session")
def table() -> Iterator[Table]:
    """What was tried, printed at the end."""
    made = Table()
    yield made
    if made.tried:
        print(made.text())
