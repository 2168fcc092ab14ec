"""Decides how earlier calls turned out, from what was known at a date; it words no verdict.

A call is an overweight or an underweight. What it is held to is the forecast's own target: the
sector's return over the horizon's sessions less the equal-weighted mean of the universe's sectors
(`core.forecast.dataset`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import fsum
from typing import Final

import pandas as pd

from core.history.realised import Realised
from core.records.history import CallsMade, LoggedCalls, ReportCard, SectorCall, SettledCall
from core.records.sectors import Expectation
from core.records.universe import Horizon, Universe
from core.signals.cross_section import DECIMALS

LIVE_WITHIN: Final = timedelta(days=7)
"""A call recorded later than this after its date, or after the card's, was made in hindsight."""

SHOWN: Final = 12
"""Settled calls a report card lists."""

MOMENTUM_TOP: Final = 3

SIGN: Final = {"overweight": 1.0, "underweight": -1.0}
"""Stances that are calls, with the sign of the excess that makes them right."""


@dataclass(frozen=True, slots=True)
class _Settled:
    """One entry whose horizon has ended, with each sector's excess, percent."""

    made: CallsMade
    live: bool
    excess_pct: dict[str, float]


def report_card(
    calls: Sequence[LoggedCalls],
    closes: pd.DataFrame,
    universe: Universe,
    *,
    as_of: date,
    horizon: Horizon,
) -> ReportCard:
    """Return how the universe's calls of a horizon, made before as_of, turned out by then.

    Of several reports of one date the first recorded counts: what was said first cannot be improved
    upon. A call is settled when its calendar date has come and its sessions have passed; a sector
    without both closes is never settled. Live is what was recorded within a week of its date and by
    as_of; all else is hindsight, and makes the figures only where no live call has settled. Hit
    rate and mean excess are over overweights and underweights; coverage and Brier score (Brier,
    1950) over the forecasts of all sectors in the same reports.

    Args:
        calls: of any universe and horizon, in any order.
        closes: sessions x sectors, ascending; later rows than as_of are not seen, gaps are carried
            five sessions.
        universe: its sectors make the mean.
        as_of: the card's date.
        horizon: of the calls.
    """
    entries = _first_said(calls, universe.id, as_of, horizon)
    settled = _settled(entries, closes, universe, as_of, horizon)
    ended = {entry.made.as_of for entry in settled}
    rows = [row for entry in settled for row in _rows(entry)]
    any_live = any(row.live for row in rows)
    judged = [entry for entry in settled if entry.live or not any_live]
    figures = [row for row in rows if row.live or not any_live]
    forecasts = [pair for entry in judged for pair in _forecasts(entry)]
    still_open = [entry for entry in entries if entry.made.as_of not in ended]
    live = [entry.recorded_at.date() for entry in entries if _live(entry, as_of)]
    return ReportCard(
        universe=universe.id,
        as_of=as_of,
        horizon=horizon,
        live_since=min(live, default=None),
        reports_count=len(entries),
        open_count=sum(call.stance in SIGN for entry in still_open for call in entry.made.calls),
        settled_count=len(rows),
        live_count=sum(row.live for row in rows),
        basis=None if not settled else "live" if any_live else "hindsight",
        hit_fraction=_mean([float(row.right) for row in figures]),
        excess_mean_pct=_mean([_earned(row) for row in figures]),
        momentum_excess_mean_pct=_mean([x for entry in judged for x in _momentum(entry)]),
        coverage_fraction=_mean([float(row.low_pct <= x <= row.high_pct) for row, x in forecasts]),
        brier_index=_mean([(row.outperform_fraction - (x > 0.0)) ** 2 for row, x in forecasts]),
        calls=tuple(sorted(rows, key=_latest_first)[:SHOWN]),
        worst=min(figures, key=lambda row: (_earned(row), row.called, row.sector), default=None),
    )


def _first_said(
    calls: Iterable[LoggedCalls], universe: str, as_of: date, horizon: Horizon
) -> list[LoggedCalls]:
    """Return the first entry of each date before as_of, by date."""
    found: dict[date, LoggedCalls] = {}
    for entry in sorted(calls, key=lambda entry: (_later(entry, as_of), entry.seq)):
        made = entry.made
        if (made.universe, made.horizon) == (universe, horizon) and made.as_of < as_of:
            found.setdefault(made.as_of, entry)
    return [found[day] for day in sorted(found)]


def _settled(
    entries: Sequence[LoggedCalls],
    closes: pd.DataFrame,
    universe: Universe,
    as_of: date,
    horizon: Horizon,
) -> list[_Settled]:
    known = Realised.known(closes, universe, as_of=as_of)
    found = []
    for entry in entries:
        by_sector = known.excess_pct(entry.made.as_of, horizon)
        if by_sector is not None and entry.made.settles <= as_of:
            found.append(_Settled(entry.made, _live(entry, as_of), by_sector))
    return found


def _live(entry: LoggedCalls, as_of: date) -> bool:
    within = entry.recorded_at.date() - entry.made.as_of <= LIVE_WITHIN
    return within and not _later(entry, as_of)


def _later(entry: LoggedCalls, as_of: date) -> bool:
    """Tell whether an entry was written down after the card's date."""
    return entry.recorded_at.date() > as_of


def _rows(entry: _Settled) -> list[SettledCall]:
    return [
        _row(entry, call, entry.excess_pct[call.sector])
        for call in entry.made.calls
        if call.stance in SIGN and call.sector in entry.excess_pct
    ]


def _row(entry: _Settled, call: SectorCall, realised: float) -> SettledCall:
    made, said = entry.made, _expectation(call, entry.made.horizon)
    return SettledCall(
        sector=call.sector,
        called=made.as_of,
        settles=made.settles,
        horizon=made.horizon,
        stance=call.stance,
        active_weight=round(call.target_weight - call.benchmark_weight, DECIMALS),
        expected_excess_pct=None if said is None else said.excess_pct,
        outperform_fraction=None if said is None else said.outperform_fraction,
        realised_excess_pct=realised,
        inside_interval=None if said is None else said.low_pct <= realised <= said.high_pct,
        right=(realised > 0.0) == (call.stance == "overweight"),
        live=entry.live,
    )


def _expectation(call: SectorCall, horizon: Horizon) -> Expectation | None:
    return next((row for row in call.expected if row.horizon == horizon), None)


def _forecasts(entry: _Settled) -> list[tuple[Expectation, float]]:
    """Return each sector's forecast with what came of it."""
    said = {call.sector: _expectation(call, entry.made.horizon) for call in entry.made.calls}
    return [
        (row, entry.excess_pct[sector])
        for sector, row in said.items()
        if row is not None and sector in entry.excess_pct
    ]


def _momentum(entry: _Settled) -> list[float]:
    """Return what the three sectors of the strongest 12-month momentum earned."""
    return [
        entry.excess_pct[call.sector]
        for call in entry.made.calls
        if call.momentum_rank is not None
        and call.momentum_rank <= MOMENTUM_TOP
        and call.sector in entry.excess_pct
    ]


def _earned(row: SettledCall) -> float:
    return SIGN[row.stance] * row.realised_excess_pct


def _latest_first(row: SettledCall) -> tuple[int, float, str]:
    return -row.called.toordinal(), -abs(row.active_weight), row.sector


def _mean(values: Sequence[float]) -> float | None:
    return round(fsum(values) / len(values), DECIMALS) if values else None
