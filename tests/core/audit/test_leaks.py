from itertools import count

import numpy as np
import pandas as pd
import pytest

from core.audit.cuts import audit_cuts
from core.audit.leaks import leaks
from core.errors import CallerError
from tests.core.market import days_of, framed


def closes(n_days: int = 260) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    walk = 50.0 * np.exp(np.cumsum(rng.normal(0.0, 0.01, (n_days, 2)), axis=0))
    return framed({"a": list(walk[:, 0]), "b": list(walk[:, 1])})


CUTS = audit_cuts(closes(), count=8, since=closes().index[40].date())


def test_a_leak_names_its_column_first_date_and_size() -> None:
    def signal(prices: pd.DataFrame) -> pd.DataFrame:
        clean = prices.pct_change(fill_method=None)
        return clean.assign(b=clean["b"].shift(-1))

    found = {leak.kind: leak for leak in leaks(signal, closes(), cuts=CUTS)}
    assert set(found) == {"truncation", "perturbation"}
    moves = closes()["b"].pct_change(fill_method=None)
    cut = CUTS[0]
    following = moves[moves.index > pd.Timestamp(cut)].iloc[0]
    forgotten, other = found["truncation"], found["perturbation"]
    assert (forgotten.column, forgotten.first, forgotten.cut) == ("b", cut, cut)
    assert (forgotten.cells_count, forgotten.cuts_count) == (1, len(CUTS))
    assert forgotten.before == pytest.approx(following)
    assert forgotten.after is None
    assert forgotten.size is None
    assert other.size is not None
    assert other.size > 0.01


def test_a_signal_that_fetches_its_own_data_is_told_from_one_that_is_given_them() -> None:
    whole = closes()
    found = leaks(lambda _: whole.pct_change(fill_method=None), closes(), cuts=CUTS)
    assert {leak.kind for leak in found} == {"outside"}


def test_rounding_is_forgiven_only_where_it_is_allowed() -> None:
    def transformed(prices: pd.DataFrame) -> pd.DataFrame:
        """Subtracting and adding the future's mean leaves its rounding behind."""
        shift = float(prices.to_numpy().sum())
        return (prices + shift) - shift

    assert leaks(transformed, closes(), cuts=CUTS, tolerance=1e-9) == ()
    assert leaks(transformed, closes(), cuts=CUTS) != ()


def test_the_last_row_of_a_running_month_is_no_leak_but_its_value_on_earlier_days_is() -> None:
    def months(prices: pd.DataFrame) -> pd.DataFrame:
        last = pd.Series(prices.index, index=prices.index).groupby(
            pd.DatetimeIndex(prices.index).to_period("M")
        )
        return prices.loc[last.last()]

    def spread(prices: pd.DataFrame) -> pd.DataFrame:
        return prices.groupby(pd.DatetimeIndex(prices.index).to_period("M")).transform("last")

    assert leaks(months, closes(), cuts=CUTS) == ()
    assert {leak.kind for leak in leaks(spread, closes(), cuts=CUTS)} >= {"truncation"}


def test_days_dropped_in_hindsight_are_a_leak() -> None:
    def calm(prices: pd.DataFrame) -> pd.DataFrame:
        moves = prices.pct_change(fill_method=None)
        return moves[moves["a"].abs() < moves["a"].abs().quantile(0.9)]

    assert {leak.kind for leak in leaks(calm, closes(), cuts=CUTS)} >= {"truncation"}


def test_the_signal_cannot_change_the_data_it_is_given() -> None:
    def spoiling(prices: pd.DataFrame) -> pd.DataFrame:
        prices.iloc[0, 0] = 1.0
        return prices * 2.0

    given = closes()
    assert leaks(spoiling, given, cuts=CUTS) == ()
    pd.testing.assert_frame_equal(given, closes())


def test_a_signal_that_draws_anew_each_time_is_refused() -> None:
    draws = count()
    with pytest.raises(CallerError, match="fix its random seed"):
        leaks(lambda prices: prices + next(draws), closes(), cuts=CUTS)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (closes()["a"], "got Series"),
        (closes().reset_index(drop=True), "RangeIndex"),
        (closes().assign(a="high"), "numbers"),
        (pd.concat([closes(), closes()]), "every date and column once"),
        (closes().iloc[:0], "no value on any date"),
    ],
)
def test_what_is_no_frame_of_dated_numbers_is_refused_in_a_sentence(
    answer: pd.DataFrame, said: str
) -> None:
    with pytest.raises(CallerError, match=said):
        leaks(lambda _: answer, closes(), cuts=CUTS)


def test_cuts_are_told_as_they_come() -> None:
    told: list[str] = []
    leaks(lambda prices: prices, closes(), cuts=CUTS[:2], tell=told.append)
    assert told == [f"cut 1 of 2: {CUTS[0]}", f"cut 2 of 2: {CUTS[1]}"]


def test_dates_are_those_of_days() -> None:
    assert CUTS[0] in {stamp.date() for stamp in days_of(260)}
