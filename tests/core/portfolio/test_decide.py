import json
from datetime import date
from functools import cache

import pytest

from core.errors import DateError
from core.forecast.model import ForecastModel
from core.forecast.walkforward import fit
from core.panel import MarketPanels
from core.portfolio.allocation import allocate
from core.portfolio.decide import decide
from core.portfolio.scoring import scorecard
from core.records.mandate import Mandate
from core.records.result import FactorValue
from core.records.scoring import ScoringResult
from core.records.universe import Horizon
from tests.core.market import LATE, SECTORS, SINGLE, Spec, market, relabelled

HORIZONS: tuple[Horizon, ...] = ("1W", "1M", "3M")


@cache
def toy() -> MarketPanels:
    return market(Spec(n_sessions=1100))


@cache
def toy_model() -> ForecastModel:
    return fit(toy())


def day(row: int) -> date:
    return date.fromisoformat(str(toy().sectors.closes.index[row].date()))


@pytest.mark.parametrize(
    ("row", "horizon"),
    [
        pytest.param(row, horizon, marks=() if across == down else pytest.mark.prove)
        for across, row in enumerate((420, 900, 1050))
        for down, horizon in enumerate(HORIZONS)
    ],
)
def test_a_decision_from_json_equals_the_one_from_panels(row: int, horizon: Horizon) -> None:
    for model in (toy_model(), None):
        made = decide(toy(), model, as_of=day(row), horizon=horizon, mandate=Mandate())
        sent = [json.loads(json.dumps(value.model_dump(mode="json"))) for value in made.factors]
        factors = [FactorValue.model_validate(value) for value in reversed(sent)]
        inputs = ScoringResult.model_validate_json(made.inputs.model_dump_json())
        card = scorecard(toy().universe, factors, inputs, as_of=day(row), horizon=horizon)
        assert card.canonical_json() == made.scorecard.canonical_json()
        allocation = allocate(toy().universe, card, inputs, Mandate())
        assert allocation.canonical_json() == made.allocation.canonical_json()


@pytest.mark.parametrize(
    "row",
    [pytest.param(300, marks=pytest.mark.prove), 640, pytest.param(1000, marks=pytest.mark.prove)],
)
def test_a_decision_never_sees_the_future(row: int) -> None:
    past = toy().until(day(row))
    early = decide(past, fit(past), as_of=day(row), horizon="1M", mandate=Mandate())
    late = decide(toy(), toy_model(), as_of=day(row), horizon="1M", mandate=Mandate())
    assert early == late


def test_the_order_of_sectors_changes_only_the_order_of_lines() -> None:
    other = relabelled(toy(), tuple(reversed(SECTORS)))
    one = decide(toy(), toy_model(), as_of=day(1000), horizon="1M", mandate=Mandate())
    two = decide(other, toy_model(), as_of=day(1000), horizon="1M", mandate=Mandate())
    assert two.scorecard.sectors == one.scorecard.sectors
    assert two.allocation.lines[::-1] == one.allocation.lines


def test_a_sector_with_too_few_members_is_scored_and_not_weighted() -> None:
    made = decide(toy(), None, as_of=day(1000), horizon="1M", mandate=Mandate())
    line = next(row for row in made.allocation.lines if row.sector == SINGLE)
    assert next(row for row in made.scorecard.sectors if row.sector == SINGLE).score is not None
    assert (line.stance, line.target_weight) == ("not_weighted", line.benchmark_weight)
    assert SINGLE not in {row.sector for row in made.inputs.covariance}


def test_a_sector_not_yet_listed_is_neither_scored_nor_weighted() -> None:
    made = decide(toy(), None, as_of=day(300), horizon="1M", mandate=Mandate())
    score = next(row for row in made.scorecard.sectors if row.sector == LATE)
    line = next(row for row in made.allocation.lines if row.sector == LATE)
    assert (score.score, score.reason) == (None, "not_listed")
    assert (line.stance, line.target_weight) == ("not_weighted", line.benchmark_weight)


def test_a_date_before_the_data_is_refused() -> None:
    with pytest.raises(DateError):
        decide(toy(), None, as_of=date(2000, 1, 3), horizon="1M", mandate=Mandate())
