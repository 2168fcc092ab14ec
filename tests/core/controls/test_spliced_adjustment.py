"""A history joined from two bases of adjustment is found, and our store never makes one."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from app.files.universes import load_universes
from core.audit.downloads import revisions
from tests.core.market import days_of
from tools.intake.importing import imported
from tools.storage.panels import market_panels
from tools.storage.store import Store

PAID = 0.02
"""A dividend of two percent."""


def raw(n_days: int = 300) -> pd.Series:
    rng = np.random.default_rng(8)
    moves = rng.normal(0.0004, 0.01, n_days)
    return pd.Series(50.0 * np.exp(np.cumsum(moves)), index=days_of(n_days), name="fund")


def downloaded(closes: pd.Series, paid_on: int, known: int) -> pd.DataFrame:
    """Return the adjusted history as it is downloaded after `known` sessions."""
    factor = np.where(np.arange(len(closes)) < paid_on, 1.0 - PAID, 1.0)
    adjusted = closes * (factor if known > paid_on else 1.0)
    return adjusted.iloc[:known].to_frame()


def test_a_dividend_between_two_downloads_only_rebases_the_past() -> None:
    early, late = downloaded(raw(), 200, known=150), downloaded(raw(), 200, known=300)
    found, odd = revisions(early, late)
    assert found == ()
    assert [row.kind for row in odd] == ["rebased"]
    assert odd[0].value == pytest.approx(1.0 - PAID)


def test_appending_the_new_download_to_the_old_one_is_found_as_a_splice() -> None:
    early, late = downloaded(raw(), 200, known=150), downloaded(raw(), 200, known=300)
    joined = pd.concat([early, late.iloc[150:]])
    found, _ = revisions(joined, late)
    assert [(leak.kind, leak.column) for leak in found] == [("splice", "fund")]
    assert found[0].first == joined.index[150].date()
    false_return = joined["fund"].iloc[150] / joined["fund"].iloc[149] - 1.0
    true_return = late["fund"].iloc[150] / late["fund"].iloc[149] - 1.0
    assert false_return - true_return == pytest.approx(-PAID, abs=0.002)
    assert found[0].first > date(2020, 1, 1)


def store_of(folder: Path, *histories: pd.DataFrame) -> pd.DataFrame:
    """Import each download of a fund's and its benchmark's adjusted closes; return the closes."""
    universe, store = load_universes()["us"], Store(folder)
    for place, frame in enumerate(histories):
        own = pd.DataFrame({"date": frame.index, "adj_close": frame["fund"].to_numpy()})
        rows = pd.concat([own.assign(ticker=ticker) for ticker in ("SPY", "XLK")])
        path = folder / f"download{place}.csv"
        rows.assign(close=rows["adj_close"].round(4)).to_csv(path, index=False)
        imported(store, (path,), "prices", universe)
    return market_panels(store, universe).sectors.closes[["technology"]]


def false_returns(closes: pd.DataFrame) -> int:
    """Return how many returns are not those of the one true history, dividend included."""
    true = downloaded(raw(), 200, known=300)["fund"][closes.index].pct_change(fill_method=None)
    ours = closes["technology"].pct_change(fill_method=None)
    return int(((ours - true).abs() > 1e-6).sum())


def test_our_store_takes_a_download_whole_and_never_joins_two(tmp_path: Path) -> None:
    early, late = downloaded(raw(), 200, known=150), downloaded(raw(), 200, known=300)
    (tmp_path / "whole").mkdir()
    (tmp_path / "tail").mkdir()
    whole = store_of(tmp_path / "whole", early, late)
    assert false_returns(whole) == 0
    assert len(whole) > 280, "all but the exchange's holidays"
    tail = store_of(tmp_path / "tail", early, late.iloc[140:])
    assert tail.index[0] == late.index[140], "the shorter history stands alone"
    assert false_returns(tail) == 0
    joined = pd.concat([early, late.iloc[150:]]).rename(columns={"fund": "technology"})
    assert false_returns(joined) == 1
