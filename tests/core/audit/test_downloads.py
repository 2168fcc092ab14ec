import numpy as np
import pandas as pd
import pytest

from core.audit.downloads import revisions
from core.errors import CallerError
from tests.core.market import framed


def series(n_days: int = 200, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return framed(
        {"a": list(rng.normal(5.0, 1.0, n_days)), "b": list(rng.normal(9.0, 1.0, n_days))}
    )


def changed(row: int, value: float, column: str = "a") -> pd.DataFrame:
    later = series()
    later.loc[later.index[row], column] = value
    return later


def test_the_same_past_is_clean_and_new_rows_are_none_of_it() -> None:
    assert revisions(series().iloc[:150], series()) == ((), ())


def test_a_revised_value_is_named_with_its_date() -> None:
    found, odd = revisions(series().iloc[:150], changed(40, 7.0))
    assert odd == ()
    assert [(leak.kind, leak.column, leak.cells_count) for leak in found] == [("revision", "a", 1)]
    assert found[0].first == series().index[40].date()
    assert found[0].before == pytest.approx(series()["a"].iloc[40])
    assert found[0].after == 7.0


def test_values_filled_in_later_are_told_from_revised_ones() -> None:
    early = changed(40, np.nan).iloc[:150]
    found, _ = revisions(early, series())
    assert [(leak.kind, leak.before) for leak in found] == [("backfill", None)]


def test_a_value_that_vanished_is_a_revision() -> None:
    found, _ = revisions(series().iloc[:150], changed(40, np.nan))
    assert [(leak.kind, leak.after) for leak in found] == [("revision", None)]


def test_the_earlier_downloads_last_value_may_have_been_provisional() -> None:
    found, odd = revisions(series().iloc[:150], changed(149, 7.0))
    assert found == ()
    assert [(row.kind, row.column) for row in odd] == [("provisional", "a")]


def test_seven_printed_digits_are_no_revision() -> None:
    assert revisions(series().iloc[:150].round(6), series()) == ((), ())


def test_one_ratio_everywhere_only_rebases() -> None:
    found, odd = revisions(series().iloc[:150], series().assign(b=series()["b"] * 0.5))
    assert found == ()
    assert [(row.kind, row.column, row.value) for row in odd] == [("rebased", "b", 0.5)]


def test_a_ratio_that_is_one_first_and_another_later_is_a_revision() -> None:
    later = series()
    later.iloc[100:, 0] *= 1.5
    found, _ = revisions(series(), later)
    assert [leak.kind for leak in found] == ["revision"]


def test_downloads_with_nothing_in_common_are_refused() -> None:
    with pytest.raises(CallerError, match="no date and column in common"):
        revisions(series().rename(columns=str.upper), series())
