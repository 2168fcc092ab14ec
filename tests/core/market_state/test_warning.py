import numpy as np
import pandas as pd
import pytest

from core.market_state.readings import Readings
from core.market_state.warning import STATES, outcomes, state_row, warning_states

N = 400
DAYS = pd.bdate_range("2018-01-01", periods=N).as_unit("us")


def of(correlation: object, dispersion: object, breadth: object) -> Readings:
    columns = {"correlation": correlation, "dispersion": dispersion, "breadth": breadth}
    percentiles = pd.DataFrame(columns, index=DAYS, dtype=np.float64)
    return Readings(percentiles / 100, percentiles, "sectors")


@pytest.mark.parametrize(
    ("percentiles", "state", "signs"),
    [
        ((79.9, 79.9, 20.1), "calm", 0),
        ((80.0, 50.0, 50.0), "watch", 1),
        ((50.0, 50.0, 20.0), "watch", 1),
        ((50.0, 80.0, 20.0), "warning", 2),
        ((90.0, 95.0, 5.0), "warning", 3),
    ],
)
def test_the_state_is_by_signs_in_the_worst_fifth(
    percentiles: tuple[float, float, float], state: str, signs: int
) -> None:
    readings = of(*percentiles)
    row = state_row(readings, warning_states(readings))
    assert row is not None
    assert (row.market_warning, row.signs_count) == (state, signs)
    assert row.warning_since == DAYS[0].date()
    assert row.correlation_percentile_pct == percentiles[0]
    assert row.breadth_of == "sectors"


def test_a_state_needs_two_readings() -> None:
    lonely = of(90.0, np.nan, np.nan)
    assert state_row(lonely, warning_states(lonely)) is None
    pair = of(90.0, np.nan, 10.0)
    row = state_row(pair, warning_states(pair))
    assert row is not None
    assert (row.market_warning, row.dispersion_percentile_pct) == ("warning", None)


def test_a_state_runs_since_it_last_changed() -> None:
    breadth = np.full(N, 50.0)
    breadth[[100, 398, 399]] = 10.0
    readings = of(50.0, 50.0, breadth)
    row = state_row(readings, warning_states(readings))
    assert row is not None
    assert row.warning_since == DAYS[398].date()


def planted() -> tuple[Readings, pd.Series]:
    """Return a market that falls 1 % a day in the month after each of 12 lit sessions."""
    lit = np.arange(5, N - 30, 30)
    breadth, steps = np.full(N, 50.0), np.full(N, 0.001)
    breadth[lit] = 10.0
    for place in lit:
        steps[place + 1 : place + 22] = -0.01
    level = pd.Series(100 * np.cumprod(1 + steps), index=DAYS)
    return of(50.0, 85.0, breadth), level


def test_what_followed_a_warning_is_told_beside_what_always_follows() -> None:
    readings, level = planted()
    rows = {(row.kind, row.horizon): row for row in outcomes(warning_states(readings), level)}
    assert set(rows) == {(state, horizon) for state in STATES for horizon in ("1M", "3M")}
    month = rows["warning", "1M"]
    assert (month.sessions, month.episodes_count) == (13, 13)
    assert month.return_after_pct == pytest.approx(100 * (0.99**21 - 1))
    assert month.drawdown_after_pct == pytest.approx(100 * (0.99**21 - 1))
    always = (level.shift(-21) / level - 1).dropna() * 100
    assert month.return_always_pct == pytest.approx(always.mean())
    assert month.return_difference_pp == pytest.approx(
        100 * (0.99**21 - 1) - always.mean()
    )  # fmt: skip
    assert rows["calm", "1M"].sessions == 0
    assert rows["calm", "1M"].return_after_pct is None
    assert rows["watch", "1M"].return_t_index is not None


def test_the_deepest_fall_is_never_above_the_start() -> None:
    level = pd.Series(np.linspace(100, 200, N), index=DAYS)
    rows = outcomes(warning_states(of(50.0, 50.0, 50.0)), level)
    assert rows[0].drawdown_after_pct == 0.0


def test_outcomes_that_have_not_ended_are_not_counted() -> None:
    readings, level = planted()
    rows = outcomes(warning_states(readings), level)
    for horizon, sessions in (("1M", 21), ("3M", 63)):
        assert sum(row.sessions for row in rows if row.horizon == horizon) == N - sessions


def test_few_episodes_have_no_t_however_many_sessions() -> None:
    breadth = np.where(np.arange(N) < 100, 10.0, 50.0)
    level = pd.Series(100 + np.arange(N) % 7, index=DAYS, dtype=np.float64)
    rows = outcomes(warning_states(of(50.0, 85.0, breadth)), level)
    month = next(row for row in rows if (row.kind, row.horizon) == ("warning", "1M"))
    assert (month.sessions, month.episodes_count, month.return_t_index) == (100, 1, None)
