"""The real server, for other people's clients."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from openai import OpenAI

from app.snapshots import RUNS
from core.records.report import Report
from tests.app.web.sites import Here


@dataclass(frozen=True, slots=True)
class Served:
    """The server, the unchanged client library on it, and what its home holds."""

    site: Here
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
def served(site: Here) -> Iterator[Served]:
    """The server; its tests share it, so each counts the runs it adds."""
    with OpenAI(base_url=f"{site.url}/v1", api_key="none") as client:
        yield Served(site, client)
