"""Two finished pages of the synthetic market, made once for the tests here."""

from datetime import date
from pathlib import Path

import pytest

from evals.kit.good import Good
from evals.numbers.reports import Wanted
from evals.second.reading import Object
from tests.evals.second.finished import After, finished
from tests.evals.second.held import VALUED

WANTED = (
    Wanted(date(2024, 11, 29), "1M", "en"),
    After(Wanted(date(2024, 12, 31), "1M", "vi", Good(noise=0.5)), VALUED),
)


@pytest.fixture(scope="session")
def pages(evals_home: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Object]]:
    """An English page by template; a Vietnamese one by a model, after it, with holdings."""
    return finished(evals_home, WANTED, tmp_path_factory.mktemp("pages"))
