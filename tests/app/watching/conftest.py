"""The synthetic market as it is looked at."""

from pathlib import Path

import pytest

from app.data import tool_context
from app.settings import Settings
from tests.app.watching.watched import UNIVERSES
from tests.homes import FITTED_WITH
from tools.context import ToolContext


@pytest.fixture(scope="package")
def settings(demo_home: Path) -> Settings:
    """Of the synthetic market's home."""
    return Settings(home=demo_home, views=FITTED_WITH)


@pytest.fixture(scope="package")
def context(settings: Settings) -> ToolContext:
    """Its tools."""
    return tool_context(settings, UNIVERSES)
