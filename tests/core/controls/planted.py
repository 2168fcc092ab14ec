"""Signals with a known look-ahead planted in them, and honest ones beside."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.panel import MarketPanels
from core.records.audit import LeakKind
from core.signals.trailing import week_numbers

Signal = Callable[[MarketPanels], pd.DataFrame]


@dataclass(frozen=True)
class Planted:
    """A signal and the kinds of test that must find its leak; none for an honest one."""

    name: str
    signal: Signal
    kinds: frozenset[LeakKind]


def _closes(panels: MarketPanels) -> pd.DataFrame:
    return panels.sectors.closes


def _months(panels: MarketPanels) -> pd.DataFrame:
    return _closes(panels).ffill(limit=5).pct_change(21, fill_method=None)


def _full_sample_scale(panels: MarketPanels) -> pd.DataFrame:
    moves = _months(panels)
    return (moves - moves.mean()) / moves.std()


def _centred_window(panels: MarketPanels) -> pd.DataFrame:
    return _closes(panels).rolling(11, center=True, min_periods=3).mean()


def _back_filled(panels: MarketPanels) -> pd.DataFrame:
    return _closes(panels).bfill()


def _interpolated(panels: MarketPanels) -> pd.DataFrame:
    return _closes(panels).interpolate(limit_area="inside")


def _next_return(panels: MarketPanels) -> pd.DataFrame:
    return _closes(panels).pct_change(fill_method=None).shift(-1)


def _rank_over_time(panels: MarketPanels) -> pd.DataFrame:
    return _months(panels).rank(pct=True)


def _own_week(panels: MarketPanels) -> pd.DataFrame:
    """The week's last close stands on all its days."""
    closes = _closes(panels)
    return closes.groupby(week_numbers(pd.DatetimeIndex(closes.index))).transform("last")


def _best_window_in_hindsight(panels: MarketPanels) -> pd.DataFrame:
    closes = _closes(panels).ffill(limit=5)
    ahead = closes.pct_change(5, fill_method=None).shift(-5)
    tried = [closes.pct_change(window, fill_method=None) for window in (5, 21, 42, 63, 126)]
    earned = [(move.rank(axis=1) * ahead).to_numpy() for move in tried]
    gains = [float(np.nansum(cells) / max(int((~np.isnan(cells)).sum()), 1)) for cells in earned]
    return tried[int(np.argmax(gains))]


def _series(panels: MarketPanels) -> pd.DataFrame:
    assert panels.macro is not None
    return panels.macro.rows[panels.macro.rows["series"] == "cpi"]


def _on_sessions(panels: MarketPanels, values: pd.Series) -> pd.DataFrame:
    dates = pd.DatetimeIndex(_closes(panels).index)
    return values.sort_index().reindex(dates, method="ffill").to_frame("cpi")


def _macro_by_period(panels: MarketPanels) -> pd.DataFrame:
    """Each first release stands on the day its period ended."""
    first = _series(panels).drop_duplicates("period")
    return _on_sessions(panels, first.set_index("period")["value"])


def _last_revision(panels: MarketPanels) -> pd.DataFrame:
    """Each period's latest revision stands where its first release did."""
    rows = _series(panels)
    latest = rows.groupby("period")["value"].last()
    first = rows.drop_duplicates("period")
    dated = pd.Series(latest[first["period"]].to_numpy(), index=first["known_at"])
    return _on_sessions(panels, dated[~dated.index.duplicated(keep="last")])


def _as_released(panels: MarketPanels) -> pd.DataFrame:
    rows = _series(panels).drop_duplicates("known_at", keep="last")
    return _on_sessions(panels, rows.set_index("known_at")["value"])


def _mean_of(panels: MarketPanels, symbols: list[str]) -> pd.DataFrame:
    assert panels.stocks is not None
    moves = panels.stocks.closes[symbols].pct_change(fill_method=None)
    return moves.mean(axis=1).to_frame("all")


def _survivors(panels: MarketPanels) -> pd.DataFrame:
    """The mean over stocks that are still members of their first sector at the end."""
    assert panels.members is not None
    rows = panels.members.rows
    begun = rows[rows["start"] == rows["start"].min()]
    return _mean_of(panels, sorted(begun[begun["end"].isna()]["symbol"]))


def _latest_membership(panels: MarketPanels) -> pd.DataFrame:
    """The mean of the banks as they are listed at the end, over all the past."""
    assert panels.members is not None
    latest = panels.members.rows.sort_values("start").drop_duplicates("symbol", keep="last")
    banks = sorted(latest[latest["sector"] == "banks"]["symbol"])
    return _mean_of(panels, banks) if banks else _mean_of(panels, ["BA0"]) * np.nan


def _as_members_then(panels: MarketPanels) -> pd.DataFrame:
    assert panels.members is not None
    assert panels.stocks is not None
    moves = panels.stocks.closes.pct_change(fill_method=None)
    inside = pd.DataFrame(False, index=moves.index, columns=moves.columns)
    rows = panels.members.rows[panels.members.rows["sector"] == "banks"]
    for symbol, start, end in zip(rows["symbol"], rows["start"], rows["end"], strict=True):
        stop = end if pd.notna(end) else moves.index[-1] + pd.Timedelta(days=1)
        inside.loc[(moves.index >= start) & (moves.index < stop), symbol] = True
    return moves.where(inside).mean(axis=1).to_frame("banks")


def folds(panels: MarketPanels, *, purged: bool) -> pd.DataFrame:
    """Slopes of the next month's return on the last one's, learned anew each quarter.

    Without the purge a fold learns from labels that end after its cut.
    """
    closes = _closes(panels).ffill(limit=5)
    past = closes.pct_change(21, fill_method=None)
    ahead = past.shift(-21)
    index = pd.DatetimeIndex(closes.index)
    rows = np.arange(len(index))
    found = {}
    for cut in pd.date_range(index[0], index[-1], freq="QS")[2:]:
        row = int(index.searchsorted(cut))
        learnt = rows < row - (21 if purged else 0)
        x, y = past[learnt].to_numpy().ravel(), ahead[learnt].to_numpy().ravel()
        both = ~np.isnan(x) & ~np.isnan(y)
        found[cut] = float(x[both] @ y[both] / (x[both] @ x[both])) if both.any() else np.nan
    cuts = pd.DatetimeIndex(list(found))
    return pd.DataFrame({"slope": list(found.values())}, index=cuts, dtype="float64")


CODE = frozenset[LeakKind]({"truncation", "perturbation"})
RELEASES = frozenset[LeakKind]({"truncation", "vintage"})

LEAKS = (
    Planted("full-sample scaling", _full_sample_scale, CODE),
    Planted("centred window", _centred_window, CODE),
    Planted("back-fill", _back_filled, CODE),
    Planted("interpolation", _interpolated, CODE),
    Planted("next bar's return", _next_return, CODE),
    Planted("rank over time", _rank_over_time, CODE),
    Planted("running week by its label", _own_week, CODE),
    Planted("window chosen in hindsight", _best_window_in_hindsight, CODE),
    Planted("macro by its period", _macro_by_period, RELEASES),
    Planted("revised value", _last_revision, RELEASES),
    Planted("survivorship", _survivors, CODE),
    Planted("future membership", _latest_membership, CODE),
    Planted("label overlap", lambda panels: folds(panels, purged=False), CODE),
)
"""Same-bar fill and spliced adjustment are no signals: their controls are beside."""

HONEST = (
    Planted("momentum", _months, frozenset()),
    Planted(
        "expanding z-score",
        lambda panels: (
            (_months(panels) - _months(panels).expanding(60).mean())
            / _months(panels).expanding(60).std()
        ),
        frozenset(),
    ),
    Planted("carried closes", lambda panels: _closes(panels).ffill(limit=5), frozenset()),
    Planted(
        "exponential volatility",
        lambda panels: _closes(panels).pct_change(fill_method=None).ewm(span=30).std(),
        frozenset(),
    ),
    Planted("rank over sectors", lambda panels: _months(panels).rank(axis=1), frozenset()),
    Planted("macro as released", _as_released, frozenset()),
    Planted("members as they were", _as_members_then, frozenset()),
    Planted("purged folds", lambda panels: folds(panels, purged=True), frozenset()),
)
