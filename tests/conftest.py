"""What every test shares: no network, no user's settings, and where real data may be."""

import os
from pathlib import Path

import pytest
from pytest_socket import socket_allow_hosts

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(autouse=True)
def _no_network() -> None:
    """Refuse every connection that leaves the loopback interface."""
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(("SECTORWISE_", "OPENAI_", "LANGSMITH_", "LANGCHAIN_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SECTORWISE_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real market data beside the project; its absence fails in CI and skips elsewhere."""
    if SHARED_DATA.is_dir():
        return SHARED_DATA
    if os.environ.get("CI"):
        pytest.fail(f"CI must have the shared market data at {SHARED_DATA}")
    pytest.skip("real market data are not published with the project")
