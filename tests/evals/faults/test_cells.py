"""A model's endpoint that fails costs a notice: never a decision, nor a part of an answer.

Printed as a table with `-s`; every mode for both agents, whole and streamed, is proved at length.
"""

from collections.abc import Iterator

import pytest

from agents.llm.protocol import LanguageModel
from agents.toolbox.spec import CallLimits
from core.records.report import Report
from evals.faults.cells import Cell, cells, expected, run_cell
from evals.kit.modes import MODES
from tests.agents.bench import Bench, a_request

PATIENT = CallLimits(call_seconds=60, start_seconds=60)
SAMPLED = ("other_form", "unfinished", "breaking", "truncated_body", "quota", "nan", "length")
"""One mode of each kind that needs no waiting; each for one agent, in turn whole and streamed."""
SAMPLE = [
    Cell(mode, "reporter" if place % 3 else "planner", stream=place % 2 == 0)
    for place, mode in enumerate(SAMPLED)
]


def _reported(model: LanguageModel | None) -> Report:
    return Bench(limits=PATIENT).run(a_request(), model=model)


@pytest.fixture(scope="module")
def plain() -> Report:
    """The report without a model."""
    return _reported(None)


@pytest.fixture(scope="module")
def table() -> Iterator[list[tuple[str, ...]]]:
    """Gather what came of the cells, and print it."""
    rows: list[tuple[str, ...]] = []
    yield rows
    for row in rows:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, (20, 9, 7, 22, 0), strict=True))
        )


def _check(cell: Cell, plain: Report, table: list[tuple[str, ...]]) -> None:
    found = run_cell(cell, _reported, plain=plain)
    form = "stream" if cell.stream else "whole"
    told = f"{found.requests} asked, {found.seconds:.2f} s"
    table.append((cell.mode, cell.agent, form, found.outcome, "; ".join(found.wrong) or told))
    assert (found.outcome, found.wrong) == (expected(cell), ())


@pytest.mark.parametrize("cell", SAMPLE, ids=str)
def test_a_failing_endpoint_costs_a_notice_and_nothing_else(
    cell: Cell, plain: Report, table: list[tuple[str, ...]]
) -> None:
    _check(cell, plain, table)


@pytest.mark.prove
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("mode", MODES)
def test_every_failure_of_every_agent_costs_a_notice_and_nothing_else(
    mode: str, plain: Report, table: list[tuple[str, ...]]
) -> None:
    for cell in cells():
        if cell.mode == mode:
            _check(cell, plain, table)
