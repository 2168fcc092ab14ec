import pytest

from app.universes import load_universes
from core.records.universe import Universe
from tools.upstream.wire import Manners

QUICK = Manners(
    connect_seconds=0.5, read_seconds=1.0, total_seconds=1.5, tries=2, pause_seconds=0.0
)


@pytest.fixture(scope="session")
def us() -> Universe:
    return load_universes()["us"]


@pytest.fixture
def quick() -> Manners:
    """Limits short enough for tests, and no pause."""
    return QUICK
