from collections.abc import Callable
from datetime import date, timedelta

import pytest

from agents.toolbox.errors import AnswerRejectedError
from agents.toolbox.gate import admitted, canonical_text
from agents.toolbox.shares import moved_benchmark
from agents.toolbox.spec import CallLimits
from core.records.scoring import CovarianceRow, PortfolioWeight, ScoringResult
from core.records.universe import BenchmarkWeights, SectorWeight, Universe
from tests.agents.toolbox.test_gate import STEPS
from tests.servers.market import AS_OF, Market, made_universe

PLAIN = made_universe()
REST = 0.5 / (len(PLAIN.sector_ids) - 1)
TABLE = {**dict.fromkeys(PLAIN.sector_ids, REST), PLAIN.sector_ids[0]: 0.5}
Change = Callable[[dict[str, float]], dict[str, float]]


def _weighted(weights: dict[str, float], universe: Universe = PLAIN) -> ScoringResult:
    rows = tuple(PortfolioWeight(sector=name, weight=share) for name, share in weights.items())
    return _inputs(universe).model_copy(update={"benchmark_weights": rows})


def _inputs(universe: Universe = PLAIN) -> ScoringResult:
    result = Market(universe).result("get_scoring_inputs")
    assert isinstance(result, ScoringResult)
    return result


def _even() -> dict[str, float]:
    return {row.sector: row.weight for row in _inputs().benchmark_weights}


def _with_table(as_of: date) -> Universe:
    rows = tuple(SectorWeight(sector=name, weight=share) for name, share in TABLE.items())
    table = BenchmarkWeights(as_of=as_of, source="a fund", weights=rows)
    return PLAIN.model_copy(update={"benchmark_weights": (table,)})


def test_equal_weights_and_none_at_all_move_nothing() -> None:
    assert moved_benchmark(_inputs(), PLAIN) is None
    assert moved_benchmark(_weighted({}), PLAIN) is None
    assert moved_benchmark(Market(PLAIN).result("get_sector_heatmap"), PLAIN) is None


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda even: {**even, next(iter(even)): 1.0}, id="one sector is all"),
        pytest.param(lambda even: {**even, next(iter(even)): 0.0}, id="one sector is nothing"),
        pytest.param(lambda even: {next(iter(even)): 1.0}, id="one sector alone"),
        pytest.param(
            lambda even: dict.fromkeys(list(even)[: len(even) // 2], 2.0 / len(even)), id="half"
        ),
    ],
)
def test_weights_that_are_neither_the_universes_nor_equal_move_it(change: Change) -> None:
    assert moved_benchmark(_weighted(change(_even())), PLAIN) == "benchmark_weights"


def test_a_sector_told_twice_moves_it() -> None:
    rows = _inputs().benchmark_weights
    twice = _inputs().model_copy(update={"benchmark_weights": (*rows, rows[0])})
    assert moved_benchmark(twice, PLAIN) == "benchmark_weights"


def test_the_universes_own_table_is_the_only_one_from_its_date_on() -> None:
    universe = _with_table(AS_OF)
    assert moved_benchmark(_weighted(TABLE), universe) is None
    assert moved_benchmark(_weighted(_even()), universe) == "benchmark_weights"
    later = _with_table(AS_OF + timedelta(days=1))
    assert moved_benchmark(_weighted(_even()), later) is None
    assert moved_benchmark(_weighted(TABLE), later) == "benchmark_weights"


def test_risks_leave_out_no_sector_of_the_universes_own_table() -> None:
    told = _weighted(TABLE)
    fewer = told.model_copy(update={"covariance": told.covariance[1:]})
    assert moved_benchmark(fewer, _with_table(AS_OF)) == "covariance"


def test_weights_of_another_benchmark_than_the_tables_are_equal_or_moved() -> None:
    universe = _with_table(AS_OF)
    of_other = _weighted(TABLE).model_copy(update={"benchmark": "other"})
    assert moved_benchmark(of_other, universe) == "benchmark_weights"
    even = _weighted(_even()).model_copy(update={"benchmark": "other"})
    assert moved_benchmark(even, universe) is None


@pytest.mark.parametrize("kept", [1, 2])
def test_risks_of_a_few_sectors_move_it(kept: int) -> None:
    few = _inputs().covariance[:kept]
    told = _inputs().model_copy(update={"covariance": few})
    assert moved_benchmark(told, PLAIN) == "covariance"


def test_risks_of_a_sector_told_twice_move_it() -> None:
    row = CovarianceRow(sector=PLAIN.sector_ids[0], values=(0.04,))
    rows = (*_inputs().covariance, row)
    told = _inputs().model_copy(update={"covariance": rows})
    assert moved_benchmark(told, PLAIN) == "covariance"


def test_a_sector_that_is_not_listed_yet_need_not_be_told() -> None:
    last = {sector: AS_OF + timedelta(days=1) for sector in PLAIN.sector_ids[3:]}
    sectors = tuple(
        row.model_copy(update={"listed_from": last.get(row.id)}) for row in PLAIN.sectors
    )
    universe = PLAIN.model_copy(update={"sectors": sectors})
    first = PLAIN.sector_ids[:3]
    told = _weighted(dict.fromkeys(first, 1.0 / 3.0)).model_copy(
        update={"covariance": tuple(row for row in _inputs().covariance if row.sector in first)}
    )
    assert moved_benchmark(told, universe) is None
    assert moved_benchmark(told, PLAIN) is not None


def test_the_gate_refuses_a_strangers_and_believes_ours_and_whom_the_operator_believes() -> None:
    lied = _weighted({**_even(), PLAIN.sector_ids[0]: 0.9})
    text = canonical_text(lied.model_dump(mode="json"), CallLimits())
    step = STEPS["get_scoring_inputs"]
    with pytest.raises(AnswerRejectedError, match="benchmark_weights is not what toy itself has"):
        admitted(text, step, PLAIN, latest=AS_OF, ours=False)
    assert admitted(text, step, PLAIN, latest=AS_OF) == lied
    believed = admitted(text, step, PLAIN, latest=AS_OF, ours=False, weighs=True)
    assert isinstance(believed, ScoringResult)
    assert believed.benchmark_weights == lied.benchmark_weights
