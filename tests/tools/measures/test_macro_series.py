import numpy as np
import pandas as pd
import pytest

from core.language.printed.series import SERIES
from tools.measures.macro_series import KeySeries, Transform, declared_series, transformed
from tools.sources.lags import declared_lags


def _months(values: list[float], *, start: str = "2022-01-31") -> pd.DataFrame:
    """Monthly values, each known ten days after its month's end."""
    periods = pd.date_range(start, periods=len(values), freq="ME").as_unit("us")
    return pd.DataFrame(
        {
            "period": periods,
            "known_at": periods + pd.Timedelta(days=10),
            "value": values,
            "assumed": False,
            "revised": False,
        }
    )


def _last(history: pd.DataFrame, transform: Transform) -> float:
    return float(transformed(history, transform, "M")["value"].iloc[-1])


def test_each_transform_is_what_its_name_says() -> None:
    history = _months([100.0 + month for month in range(14)])
    assert _last(history, "level") == 113.0
    assert _last(history, "change") == 1.0
    assert _last(history, "mom") == pytest.approx(100.0 / 112.0)
    assert _last(history, "yoy") == pytest.approx(100.0 * (113.0 / 101.0 - 1.0))


def test_twelve_monthly_changes_compound_to_one_on_the_year() -> None:
    shown = transformed(_months([9.0, *[1.0] * 12]), "compounded", "M")
    assert shown["value"].tolist() == pytest.approx(
        [100.0 * (1.09 * 1.01**11 - 1.0), 100.0 * (1.01**12 - 1.0)]
    )
    assert transformed(_months([1.0] * 11), "compounded", "M").empty


def test_a_quarter_is_held_against_the_quarter_a_year_before() -> None:
    periods = pd.date_range("2022-03-31", periods=5, freq="QE").as_unit("us")
    history = _months([100.0, 0.0, 0.0, 0.0, 103.0]).assign(period=periods)
    assert transformed(history, "yoy", "Q")["value"].tolist() == pytest.approx([3.0])


def test_an_absent_period_is_not_bridged() -> None:
    history = _months([100.0 + month for month in range(14)]).drop(index=[1, 12])
    assert transformed(history, "change", "M")["period"].max() == pd.Timestamp("2022-12-31")
    assert transformed(history, "yoy", "M").empty


def test_a_growth_is_known_when_both_its_values_are_and_carries_their_marks() -> None:
    history = _months([100.0 + month for month in range(13)])
    late = pd.Timestamp("2023-06-01").as_unit("us")
    history.loc[0, "known_at"], history.loc[0, "revised"] = late, True
    row = transformed(history, "yoy", "M").iloc[-1]
    assert (row["known_at"], row["revised"], row["assumed"]) == (late, True, False)
    assert row["period"] == pd.Timestamp("2023-01-31")


def test_growth_from_nothing_is_absent() -> None:
    assert transformed(_months([0.0, *np.ones(12)]), "yoy", "M").empty


def test_a_row_is_named_and_measured_by_its_transform() -> None:
    assert KeySeries(id="UNRATE").slug == "unrate"
    assert KeySeries(id="CPIAUCSL", transform="yoy").slug == "cpiaucsl_yoy"
    assert KeySeries(id="CPIAUCSL", transform="yoy").unit("index") == "%"
    assert KeySeries(id="PAYEMS", transform="change").unit("thousands") == "thousands"
    assert KeySeries(id="UNRATE", transform="change").unit("%") == "pp"


def test_every_key_series_has_a_name_in_both_languages() -> None:
    for series in declared_series().series:
        assert set(SERIES[series.slug]) == {"en", "vi"}


def test_a_growth_is_declared_only_of_series_with_months_quarters_or_years() -> None:
    for series in declared_series().series:
        fact = declared_lags().series.get(series.id)
        assert series.transform == "level" or (fact is not None and fact.per in ("M", "Q", "A"))
