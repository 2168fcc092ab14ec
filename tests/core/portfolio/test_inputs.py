from dataclasses import replace
from datetime import date
from functools import cache

import pandas as pd
import pytest

from core.errors import CallerError
from core.forecast.model import ForecastModel
from core.forecast.walkforward import fit
from core.markets.basket import sector_shares
from core.panel import TABLE_COLUMNS, MarketPanels, Table
from core.portfolio.inputs import scoring_inputs
from core.records.universe import Benchmark, BenchmarkWeights, SectorWeight
from tests.core.market import SECTORS, SINGLE, Spec, market


@cache
def toy() -> MarketPanels:
    return market(Spec(n_sessions=1100))


@cache
def toy_model() -> ForecastModel:
    return fit(toy())


def day(row: int) -> date:
    return date.fromisoformat(str(toy().sectors.closes.index[row].date()))


def mark(name: str, **fields: object) -> Benchmark:
    given = {"id": name, "name_en": name, "name_vi": name, "treatment": "price"}
    return Benchmark.model_validate(given | fields)


def with_marks(*marks: Benchmark, own: tuple[BenchmarkWeights, ...] = ()) -> MarketPanels:
    of = toy().universe.model_copy(update={"benchmarks": marks, "benchmark_weights": own})
    return replace(toy(), universe=of)


def filed(*tables: tuple[str, date, date, float]) -> Table:
    """Tables of (benchmark, period, known_at, weight of the first sector)."""
    rows = [
        (
            name,
            sector,
            period,
            known,
            False,
            first if place == 0 else (1 - first) / 5,
            f"Co {known}",
        )
        for name, period, known, first in tables
        for place, sector in enumerate(SECTORS)
    ]
    frame = pd.DataFrame(rows, columns=list(TABLE_COLUMNS["weights"]))
    for name in ("period", "known_at"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
    return Table("weights", frame.sort_values(["known_at", "period"], ignore_index=True))


def own_table(as_of: date, first: float) -> BenchmarkWeights:
    rest = (1.0 - first) / (len(SECTORS) - 1)
    rows = [SectorWeight(sector=name, weight=rest) for name in SECTORS[1:]]
    whole = (SectorWeight(sector=SECTORS[0], weight=first), *rows)
    return BenchmarkWeights(as_of=as_of, source="index provider; 2024", weights=whole)


def test_an_unfitted_model_is_named() -> None:
    inputs = scoring_inputs(toy(), None, as_of=day(1000), horizon="1M")
    assert [cell.reason for cell in inputs.missing] == ["model_not_fitted"]
    assert inputs.weights == ()
    fitted = scoring_inputs(toy(), toy_model(), as_of=day(1000), horizon="1M")
    assert fitted.missing == ()
    assert fitted.trained_until is not None
    assert fitted.trained_until < day(1000)


def test_benchmark_weights_are_the_universes_latest_known_then() -> None:
    tables = (own_table(day(200), 0.25), own_table(day(900), 0.5))
    panels = with_marks(mark("index", ticker="INDEX"), own=tables)
    for row, first, source in (
        (100, None, "equal_weight"),
        (500, 0.25, "universe"),
        (950, 0.5, "universe"),
    ):
        inputs = scoring_inputs(panels, None, as_of=day(row), horizon="1M")
        assert inputs.benchmark_weights_source == source
        if first is not None:
            assert {w.sector: w.weight for w in inputs.benchmark_weights}[SECTORS[0]] == first
            assert inputs.benchmark_weights_origin == "index provider 2024"
            assert inputs.benchmark_weights_as_of == (day(200) if row == 500 else day(900))


def test_the_universes_own_table_is_of_its_default_benchmark_alone() -> None:
    tables = (own_table(day(200), 0.25),)
    panels = with_marks(mark("index", ticker="INDEX"), mark("other", ticker="OTHER"), own=tables)
    inputs = scoring_inputs(panels, None, as_of=day(1000), horizon="1M", benchmark="other")
    assert (inputs.benchmark, inputs.benchmark_weights_source) == ("other", "equal_weight")


def test_equal_weights_are_over_the_sectors_a_weight_may_be_chosen_for() -> None:
    panels = with_marks(mark("index", ticker="INDEX"))
    inputs = scoring_inputs(panels, None, as_of=day(1000), horizon="1M")
    assert inputs.benchmark_weights_source == "equal_weight"
    assert {row.sector for row in inputs.benchmark_weights} == set(SECTORS) - {SINGLE}
    assert {row.weight for row in inputs.benchmark_weights} == {0.2}


def test_a_baskets_weights_are_its_sectors_shares_thin_ones_included() -> None:
    inputs = scoring_inputs(toy(), None, as_of=day(1000), horizon="1M")
    known = toy().until(day(1000))
    assert known.stocks is not None
    assert known.members is not None
    shares = sector_shares(known.stocks, known.members, toy().universe)
    assert inputs.benchmark_weights_source == "basket"
    assert {row.sector: row.weight for row in inputs.benchmark_weights} == shares
    assert SINGLE in shares
    assert sum(shares.values()) == pytest.approx(1.0)


def test_an_ex_groups_weights_leave_the_group_out() -> None:
    panels = with_marks(mark("all"), mark("rest", kind="ex_group", without=("EN0",)))
    inputs = scoring_inputs(panels, None, as_of=day(1000), horizon="1M", benchmark="rest")
    assert (inputs.benchmark, inputs.benchmark_weights_source) == ("rest", "basket")
    assert SINGLE not in {row.sector for row in inputs.benchmark_weights}
    assert sum(row.weight for row in inputs.benchmark_weights) == pytest.approx(1.0)


def test_an_imported_table_stands_before_all_others() -> None:
    panels = with_marks(mark("all"), mark("other"), own=(own_table(day(200), 0.25),))
    tables = filed(("all", day(300), day(300), 0.4), ("all", day(600), day(610), 0.6))
    panels = replace(panels, weights=tables)
    expected = ((250, "universe", 0.25), (605, "file", 0.4), (610, "file", 0.6))
    for row, source, first in expected:
        inputs = scoring_inputs(panels, None, as_of=day(row), horizon="1M")
        assert inputs.benchmark_weights_source == source
        assert {w.sector: w.weight for w in inputs.benchmark_weights}[SECTORS[0]] == first
    last = scoring_inputs(panels, None, as_of=day(1000), horizon="1M")
    assert last.benchmark_weights_as_of == day(600)
    assert last.benchmark_weights_origin == f"Co {day(610)}"
    other = scoring_inputs(panels, None, as_of=day(1000), horizon="1M", benchmark="other")
    assert other.benchmark_weights_source == "basket"


def test_a_revision_replaces_the_table_of_its_date() -> None:
    tables = filed(("all", day(300), day(300), 0.4), ("all", day(300), day(400), 0.5))
    panels = replace(toy(), weights=tables)
    for row, first in ((399, 0.4), (400, 0.5)):
        inputs = scoring_inputs(panels, None, as_of=day(row), horizon="1M")
        assert {w.sector: w.weight for w in inputs.benchmark_weights}[SECTORS[0]] == first
        assert len(inputs.benchmark_weights) == len(SECTORS)
        assert inputs.benchmark_weights_origin == f"Co {day(300 if row < 400 else 400)}"


def test_benchmark_weights_never_see_the_future() -> None:
    tables = filed(("all", day(300), day(300), 0.4), ("all", day(900), day(900), 0.6))
    for panels in (toy(), replace(toy(), weights=tables)):
        early = scoring_inputs(panels.until(day(640)), None, as_of=day(640), horizon="1M")
        assert early == scoring_inputs(panels, None, as_of=day(640), horizon="1M")


def test_an_unknown_benchmark_is_refused() -> None:
    with pytest.raises(CallerError, match="no benchmark 'spx': use one of all"):
        scoring_inputs(toy(), None, as_of=day(640), horizon="1M", benchmark="spx")
