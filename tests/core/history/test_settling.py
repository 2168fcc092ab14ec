"""Twenty weekly reports on a market where `a` gains 1 % a week and all else stands still."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from core.forecast.model import settles
from core.history.realised import Realised
from core.history.settling import Said, horizon_settled
from core.records.decision import Stance
from core.records.history import CallsMade, SectorCall
from core.records.sectors import Expectation
from core.records.universe import Horizon
from tests.core.market import days_of, universe

NAMES = ("a", "b", "c", "d")
TOY = universe(NAMES)
N_SESSIONS = 160


def _closes() -> pd.DataFrame:
    flat = np.full(N_SESSIONS, 100.0)
    rising = 100.0 * 1.01 ** (np.arange(N_SESSIONS) / 5.0)
    return pd.DataFrame({"a": rising, "b": flat, "c": flat, "d": flat}, index=days_of(N_SESSIONS))


CLOSES = _closes()
DAYS = [day.date() for day in CLOSES.index[:100:5]]
EXCESS = 1.0 - 0.25
"""Of `a` over the mean of four, percent a week."""


def _said(
    day: date,
    *,
    stances: dict[str, Stance],
    expected: dict[str, tuple[float, float, float, float]] | None = None,
    scores: dict[str, float] | None = None,
    horizon: Horizon = "1W",
) -> Said:
    calls = tuple(
        SectorCall(
            sector=name,
            stance=stances.get(name, "neutral"),
            benchmark_weight=0.25,
            target_weight=0.25,
            momentum_rank=place,
            expected=tuple(
                Expectation(
                    horizon="1W", settles=settles(day, "1W"), excess_pct=row[0], low_pct=row[1],
                    high_pct=row[2], outperform_fraction=row[3],
                )
                for row in [(expected or {}).get(name)]
                if row is not None
            ),
        )
        for place, name in enumerate(NAMES, start=1)
    )  # fmt: skip
    made = CallsMade(
        universe="toy",
        universe_hash=TOY.content_hash(),
        as_of=day,
        horizon=horizon,
        settles=settles(day, horizon),
        mandate="default",
        mandate_version=0,
        trained_until=None,
        report_sha256="c" * 64,
        calls=calls,
    )
    return Said(made, scores or {})


def _known(days: int = N_SESSIONS) -> Realised:
    return Realised.known(CLOSES, TOY, as_of=CLOSES.index[days - 1].date())


def test_scores_stances_and_forecasts_are_held_to_the_excess_that_came() -> None:
    said = [
        _said(
            day,
            stances={"a": "overweight", "b": "underweight", "c": "overweight"},
            scores={"a": 2.0, "b": 0.5, "c": 0.5, "d": 0.5},
            expected={"a": (1.0, 0.0, 2.0, 0.9), "b": (0.0, 0.0, 0.5, 0.25)},
        )
        for day in DAYS
    ]
    found = horizon_settled(said, _known(), "1W")
    assert (found.reports_count, found.settled_count) == (20, 20)
    assert found.score_ic_index == 1.0
    assert found.momentum_ic_index == pytest.approx(0.774596669)
    assert found.calls_count == 60
    assert found.hit_fraction == pytest.approx(2 / 3)
    assert found.excess_mean_pct == pytest.approx((EXCESS + 0.25 - 0.25) / 3.0, abs=1e-9)
    assert (found.forecasts_count, found.covered_fraction) == (40, 0.5)
    assert found.brier_index == pytest.approx((0.1**2 + 0.25**2) / 2.0)
    assert [(b.said_fraction, b.came_fraction, b.forecasts_count) for b in found.bins] == [
        (0.25, 0.0, 20), (0.9, 1.0, 20),
    ]  # fmt: skip


def test_a_report_settles_when_its_horizon_has_ended_and_not_before() -> None:
    said = [_said(day, stances={"a": "overweight"}) for day in DAYS]
    found = horizon_settled(said, _known(days=56), "1W")
    assert (found.settled_count, found.calls_count) == (11, 11)
    assert horizon_settled(said, _known(days=5), "1W").settled_count == 0
    assert horizon_settled(said, _known(days=5), "1W").hit_fraction is None


def test_what_comes_after_the_settlement_changes_nothing_of_it() -> None:
    said = [_said(day, stances={"a": "overweight"}, scores={"a": 1.0, "b": 0.0}) for day in DAYS]
    as_of = CLOSES.index[60].date()
    other = CLOSES.copy()
    other.iloc[61:] = 7.0
    for horizon in TOY.horizons:
        assert horizon_settled(said, Realised.known(CLOSES, TOY, as_of=as_of), horizon) == (
            horizon_settled(said, Realised.known(other, TOY, as_of=as_of), horizon)
        )


def test_scores_and_stances_count_for_the_reports_own_horizon_alone() -> None:
    said = [_said(day, stances={"a": "overweight"}, scores={"a": 1.0, "b": 0.0, "c": -1.0})
            for day in DAYS]  # fmt: skip
    found = horizon_settled(said, _known(), "1M")
    assert found.settled_count == 20
    assert (found.score_ic_index, found.calls_count, found.hit_fraction) == (None, 0, None)
    assert found.momentum_ic_index is not None


def test_a_t_needs_twenty_dates_and_counts_overlapping_ones_for_less() -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        100.0 * np.exp(np.cumsum(0.01 * rng.standard_normal((400, 4)), axis=0)),
        index=days_of(400), columns=list(NAMES),
    )  # fmt: skip
    known = Realised.known(frame, TOY, as_of=frame.index[-1].date())

    def ts(step: int, count: int) -> float | None:
        days = [day.date() for day in frame.index[: step * count : step]]
        said = [_said(day, stances={"a": "overweight"}) for day in days]
        return horizon_settled(said, known, "1W").excess_t_index

    assert ts(5, 19) is None
    apart, daily = ts(5, 60), ts(1, 300)
    assert apart is not None
    assert daily is not None
    assert abs(daily) < abs(apart) * np.sqrt(5.0)


def test_a_date_without_a_session_counts_from_the_last_one_before_it() -> None:
    friday = CLOSES.index[4].date()
    known = _known()
    assert friday.weekday() == 4
    assert known.excess_pct(friday, "1W") == known.excess_pct(friday + timedelta(days=2), "1W")
    assert known.excess_pct(CLOSES.index[0].date() - timedelta(days=1), "1W") is None
