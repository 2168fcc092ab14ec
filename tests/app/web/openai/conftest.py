"""A real server of a copy of the demo home, for other people's clients."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from openai import OpenAI

from app.snapshots import RUNS
from core.records.report import Report
from tests.app.web.sites import Site, served_site


@dataclass(frozen=True, slots=True)
class Served:
    """The server, the unchanged client library on it, and what its home holds."""

    site: Site
    client: OpenAI

    @property
    def base_url(self) -> str:
        """Where clients of OpenAI's interface ask."""
        return f"{self.site.url}/v1"

    def runs(self) -> set[str]:
        """Return the finished runs."""
        return {path.parent.name for path in (self.site.home / RUNS).glob("*/run.json")}

    def report(self, run: str) -> Report:
        """Return a run's report."""
        return Report.model_validate_json((self.site.home / RUNS / run / "report.json").read_text())


@pytest.fixture(scope="session")
def served(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The server; its tests share it, so each counts the runs it adds."""
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("clients") / "home"))
    with served_site(home) as site, OpenAI(base_url=f"{site.url}/v1", api_key="none") as client:
        yield Served(site, client)
