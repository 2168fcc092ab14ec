from dataclasses import replace

import pytest

from app.files.universes import load_universes
from core.records.universe import Universe
from tools.upstream.wire import Manners

QUICK = Manners(
    connect_seconds=0.5, read_seconds=1.0, total_seconds=1.5, tries=2, pause_seconds=0.0
)
HURRIED = replace(QUICK, read_seconds=0.3, total_seconds=0.5)


@pytest.fixture(scope="session")
def us() -> Universe:
    return load_universes()["us"]


@pytest.fixture
def quick(request: pytest.FixtureRequest) -> Manners:
    """Limits short enough for tests, and no pause; shorter where a fault lets them run out."""
    callspec = getattr(request.node, "callspec", None)
    fault = None if callspec is None else callspec.params.get("fault")
    return HURRIED if fault in {"hang", "drip"} else QUICK
