import pandas as pd
import pytest

from tests.core.market import framed, prices
from tools.measures.turnover import turnover_shares

NAN = float("nan")


def shares(values: dict[str, list[float]], through: dict[str, list[float]]) -> pd.DataFrame:
    return turnover_shares(
        prices(framed(dict.fromkeys(values, [1.0] * 40)), values=framed(values),
               put_throughs=framed(through))
    )  # fmt: skip


def test_a_share_is_of_matched_and_put_through_and_its_change_in_points() -> None:
    found = shares(
        {"a": [3.0] * 40, "b": [1.0] * 20 + [3.0] * 20},
        {"a": [0.0] * 40, "b": [0.0] * 20 + [1.0] * 10 + [NAN] * 10},
    )
    now = 100.0 * 60.0 / (60.0 + 70.0)
    assert found["turnover_share_pct"].tolist() == pytest.approx([now, 100.0 - now])
    assert found["turnover_share_change_pp"].tolist() == pytest.approx([now - 75.0, 75.0 - now])


def test_an_unknown_value_is_not_none() -> None:
    found = shares(
        {"a": [1.0] * 40, "b": [NAN] * 40, "c": [NAN] * 20 + [1.0] * 20},
        {"a": [NAN] * 40, "b": [NAN] * 40, "c": [NAN] * 40},
    )
    assert found["turnover_share_pct"].to_numpy() == pytest.approx([50.0, NAN, 50.0], nan_ok=True)
    change = found["turnover_share_change_pp"].to_numpy()
    assert change == pytest.approx([-50.0, NAN, NAN], nan_ok=True)


def test_fewer_than_twenty_or_forty_sessions_tell_no_share_or_change() -> None:
    flat = prices(framed({"a": [1.0] * 39}), values=framed({"a": [1.0] * 39}))
    whole = turnover_shares(flat)
    assert whole.loc["a", "turnover_share_pct"] == 100.0
    assert whole["turnover_share_change_pp"].isna().all()
    assert turnover_shares(flat.until(flat.closes.index[18].date())).isna().to_numpy().all()


def test_a_market_nobody_trades_has_no_shares() -> None:
    assert shares({"a": [0.0] * 40}, {"a": [0.0] * 40}).isna().to_numpy().all()
