"""A home with two plain reports, a what-if and holdings, made as a user's questions would be."""

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.compose import Composition
from app.files.holdings import store_holdings
from app.files.universes import load_universes
from app.research import research
from app.settings import Settings
from core.records.holdings import Holdings, Position
from core.records.mandate import MandatePatch, SectorCap
from core.records.report import Report
from core.records.request import Request
from tests.app.web.asking import client_of
from tests.homes import FITTED_WITH

EARLIER, LATER = date(2024, 11, 22), date(2024, 12, 20)
CAPPED = MandatePatch(caps=(SectorCap(sector="technology", cap=0.05),))


@dataclass(frozen=True)
class Kept:
    """The home, a client of its site, and the names of its runs."""

    home: Path
    client: TestClient
    earlier: str
    later: str
    what_if: str
    reports: dict[str, Report]


@pytest.fixture(scope="session")
def kept(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("kept") / "home"))
    base = Composition(settings=Settings(home=home, views=FITTED_WITH), universes=load_universes())
    held = (Position(sector="technology", weight=0.3), Position(sector="energy", weight=0.2))
    store_holdings(
        home,
        Holdings(universe="demo", dated=EARLIER, source="=form", nav_bn=10.0, positions=held),
    )
    made = [
        asyncio.run(research(request, base))
        for request in (_asked(EARLIER), _asked(LATER), _asked(LATER, patch=CAPPED))
    ]
    names = [one.run for one in made]
    with client_of(home) as client:
        earlier, later, what_if = names
        yield Kept(home, client, earlier, later, what_if, {one.run: one.report for one in made})


def _asked(day: date, patch: MandatePatch | None = None) -> Request:
    text = "" if patch is None else "=cmd|' /C calc'!A0 <b>cap</b> technology"
    intent = "report" if patch is None else "what_if"
    return Request(
        text=text, language="en", intent=intent, universes=("demo",), as_of=day, patch=patch
    )
