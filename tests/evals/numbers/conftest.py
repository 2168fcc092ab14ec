"""Reports of the synthetic market, made once for the tests of this folder."""

import asyncio
from datetime import date
from pathlib import Path

import pytest

from agents.llm.protocol import LanguageModel
from core.records.request import Language
from evals.kit.good import Good
from evals.numbers.reports import Made, Wanted, made, retold

WAYS: tuple[tuple[Language, LanguageModel | None], ...] = (
    ("en", Good()),
    ("vi", None),
    ("vi", Good(noise=0.9, seed=1)),
)
WANTED = (
    Wanted(date(2024, 12, 31), "1M", "en"),
    Wanted(date(2022, 6, 30), "3M", "vi", Good(noise=0.5)),
)
PATH = Wanted(
    date(2024, 3, 31), "1M", "en",
    question="Retrace the path of Financials from October 2023 to March 2024.",
)  # fmt: skip


@pytest.fixture(scope="session")
def path(evals_home: Path) -> Made:
    """A report on one sector's stays in the quadrants."""

    async def told() -> Made:
        (report,) = [report async for report in made(evals_home, (PATH,))]
        return report

    return asyncio.run(told())


@pytest.fixture(scope="session")
def reports(evals_home: Path) -> tuple[Made, ...]:
    """Two reports by the product's own graph, and each told again in the other ways there are."""

    async def told() -> tuple[Made, ...]:
        own = [report async for report in made(evals_home, WANTED)]
        again = [
            await retold(report, language, model) for report in own for language, model in WAYS
        ]
        return (*own, *again)

    return asyncio.run(told())
