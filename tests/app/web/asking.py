"""Asks the REST answers of a home in process, without its guard and without a browser."""

from pathlib import Path

from fastapi.testclient import TestClient

from app.cli.serving_pages import opened_house
from app.files.universes import load_universes
from app.settings import Settings
from app.web.application import web_application
from tests.homes import FITTED_WITH


def client_of(home: Path, **settings: object) -> TestClient:
    """Return a client of the home's site."""
    given = {"home": home, "views": FITTED_WITH, **settings}
    house = opened_house(Settings.model_validate(given), load_universes())
    return TestClient(web_application(house), raise_server_exceptions=False)
