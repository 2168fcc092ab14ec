"""Decides whether a sector trades more than it used to, alone and against the others."""

import numpy as np
import pandas as pd

from core.panel import MarketPanels
from core.records.result import GapReason
from core.signals.cross_section import across_sum
from core.signals.factor import FactorFamily, FactorSpec, Frames
from core.signals.trailing import Matrix, at, known_sum, matrix, ratio

SHORT_VOLUME, LONG_VOLUME = 5, 60
SHORT_SHARE, LONG_SHARE = 20, 120

OF_VOLUME = ("volume_anomaly", "volume_trend")


def history(panels: MarketPanels, dates: pd.DatetimeIndex) -> Frames:
    """Return volume against its past (log ratios), and the share of all traded value."""
    index = pd.DatetimeIndex(panels.sectors.closes.index)
    volumes, values = matrix(panels.sectors.volumes), matrix(panels.sectors.values)
    anomaly = _log(ratio(_mean(volumes, SHORT_VOLUME), _mean(volumes, LONG_VOLUME)))
    trend = _log(ratio(_mean(volumes, SHORT_SHARE), _mean(volumes, LONG_SHARE)))
    recent, usual = _mean(values, SHORT_SHARE), _mean(values, LONG_SHARE)
    both = ~np.isnan(recent) & ~np.isnan(usual)
    whole = [across_sum(np.where(both, means, np.nan))[:, None] for means in (recent, usual)]
    parts = {
        "volume_anomaly": anomaly,
        "volume_trend": trend,
        "turnover_share_20d": 100.0 * ratio(recent, across_sum(recent)[:, None]),
        "turnover_share_change": _log(ratio(recent, usual)) - _log(ratio(whole[0], whole[1])),
    }
    columns = panels.sectors.closes.columns
    return {
        name: pd.DataFrame(at(frame, index, dates), index=dates, columns=columns)
        for name, frame in parts.items()
    }


def absence(panels: MarketPanels, factor: str) -> dict[str, GapReason]:
    """Return no_data for a sector whose volume or value was never published."""
    prices = panels.sectors
    frame = prices.volumes if factor in OF_VOLUME else prices.values
    never = frame.isna().all()
    return {
        sector: "no_data" if bool(never[sector]) else "too_short"
        for sector in panels.universe.sector_ids
    }


def _mean(values: Matrix, window: int) -> Matrix:
    """Return the mean of the known of the window; four in five must be known."""
    known = np.where(np.isnan(values), np.nan, 1.0)
    least = window - window // 5
    return ratio(known_sum(values, window, least), known_sum(known, window, least))


def _log(values: Matrix) -> Matrix:
    positive = values > 0.0
    return np.where(positive, np.log(np.where(positive, values, 1.0)), np.nan)


_NAN = "NaN with under four in five of either window known, or no trading at all in it"

FAMILY = FactorFamily(
    specs=(
        FactorSpec(
            id="volume_anomaly",
            family="volume",
            dataset="prices",
            formula="ln(mean volume of 5 sessions / mean volume of 60)",
            unit="log ratio",
            lag="none",
            nan_policy=_NAN,
            source="Gervais, Kaniel and Mingelgrin (2001)",
            positive="trades more than usual",
        ),
        FactorSpec(
            id="volume_trend",
            family="volume",
            dataset="prices",
            formula="ln(mean volume of 20 sessions / mean volume of 120)",
            unit="log ratio",
            lag="none",
            nan_policy=_NAN,
            source="after Lee and Swaminathan (2000)",
            positive="trading has grown over the half year",
        ),
        FactorSpec(
            id="turnover_share_20d",
            family="volume",
            dataset="prices",
            formula="100 * mean value a day of 20 sessions / the same of all sectors together",
            unit="% of traded value",
            lag="none",
            nan_policy="NaN with under four in five of 20 sessions known",
            source="market practice",
            positive="much of the money traded is traded here",
        ),
        FactorSpec(
            id="turnover_share_change",
            family="volume",
            dataset="prices",
            formula="ln(value 20d / value 120d) - the same of all sectors together; means a day",
            unit="log ratio",
            lag="none",
            nan_policy=_NAN,
            source="ours; the share desks call money flow between sectors",
            positive="takes a larger share of the money traded",
        ),
    ),
    history=history,
    absence=absence,
)
