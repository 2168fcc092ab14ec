"""Every fault of a server, at a tool node: bounded time, the right gap, nobody else harmed.

Printed as a table with `-s`; all nodes and both transports of each fault are proved at length.
"""

from collections.abc import Iterable, Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Final

import pytest

from tests.agents.fault_bench import NODES, Cell, Transport, answers, expected, run_cell
from tests.servers.faults import IN_CALL
from tests.servers.faulty_http import OF_HTTP
from tests.servers.faulty_stdio import OF_PROCESS
from tests.servers.hostile import OF_SERVER

SHARED: Final = (*IN_CALL, *OF_SERVER)
FAULTS: Final[dict[Transport, tuple[str, ...]]] = {
    "stdio": (*SHARED, *OF_PROCESS),
    "http": (*SHARED, *OF_HTTP),
}
Row = tuple[str, str, str, str, str]


def _some(faults: Iterable[str]) -> Iterator[str]:
    return islice(faults, None, None, 9)


def _sample() -> list[Cell]:
    """Return every ninth fault of each kind: nodes and transports in turn."""
    nodes, transports = cycle(NODES), cycle(FAULTS)
    both = [Cell(fault, next(nodes), next(transports)) for fault in _some(SHARED)]
    own = [Cell(fault, next(nodes), "stdio") for fault in _some(OF_PROCESS)]
    return [*both, *own, *(Cell(fault, next(nodes), "http") for fault in _some(OF_HTTP))]


@pytest.fixture(scope="module")
def table() -> Iterator[list[Row]]:
    """Gather what came of the cells, and print it."""
    rows: list[Row] = []
    yield rows
    widths = [max(len(row[place]) for row in rows) for place in range(5)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of good answers."""
    return answers(tmp_path_factory.mktemp("answers"))


def _checked(cell: Cell, folder: Path, good: Path, table: list[Row]) -> None:
    found = run_cell(cell, folder, good)
    told = (cell.fault, cell.transport, cell.node, found.outcome)
    table.append((*told, "; ".join(found.wrong) or f"{found.seconds:.1f} s"))
    assert (found.outcome, found.wrong) == (expected(cell), [])


@pytest.mark.parametrize("cell", _sample(), ids=lambda cell: f"{cell.fault}-{cell.transport}")
def test_a_fault_costs_its_own_tool_and_nothing_else(
    cell: Cell, tmp_path: Path, good: Path, table: list[Row]
) -> None:
    _checked(cell, tmp_path / "cell", good, table)


@pytest.mark.prove
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("transport", FAULTS)
@pytest.mark.parametrize("node", NODES)
def test_every_fault_at_every_node_costs_its_own_tool_and_nothing_else(
    transport: Transport, node: str, tmp_path: Path, good: Path, table: list[Row]
) -> None:
    for place, fault in enumerate(FAULTS[transport]):
        _checked(Cell(fault, node, transport), tmp_path / str(place), good, table)
