"""Decides what holding the reports' weights earned, as `sectorwise backtest` plays any others."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

import numpy as np
import pandas as pd

from app.backtesting.data import HASH_SHOWN, Ground
from app.backtesting.development import development_trials
from app.journals.trials import written_down
from app.settings import Settings
from app.settling.told import Told
from core.backtest.attempt import Attempt, attempt, trial_of
from core.backtest.beside import measured
from core.backtest.metrics import against
from core.backtest.play import BARS_SHOWN
from core.backtest.schedule import MEDIAN_GAP_DAYS, Rows
from core.backtest.study import study
from core.forecast.model import settles
from core.records.backtest import (
    Against,
    BacktestResult,
    BacktestSpec,
    Caveat,
    Performance,
    Rebalance,
    Trial,
)

LAG_BARS: Final = 1
"""Decided on a day's close, filled at the next session's."""
RAREST: Final[Rebalance] = "quarterly"


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What the reports earned, beside the baselines and their own benchmark weights."""

    backtest: BacktestResult
    benchmark: Performance
    active: Against


def portfolio(
    chain: Sequence[Told],
    name: str,
    ground: Ground,
    settings: Settings,
    *,
    now: datetime,
    tell: Callable[[str], None],
) -> Portfolio | None:
    """Return what holding each report's weights until the next earned, after costs.

    A report is decided on at its date's close, filled at the next session's, and held from there;
    the last one until its horizon ends. The trial is in the registry before anything is measured.

    Args:
        chain: reports of one universe, horizon and mandate, ascending, a date once.
        name: of the chain, part of the trial's.
        ground: the universe's returns, costs and trading rules.
        settings: of the home, whose registry keeps the trial.
        now: with a time zone.
        tell: hears what is under way.

    Returns:
        None where fewer bars follow the first report than a result needs.

    Raises:
        DataError: the registry cannot be used.
    """
    rows = _rows(chain, ground)
    spec = _spec(chain, name)
    end = int(ground.panel.dates.searchsorted(pd.Timestamp(spec.end or date.max), side="right"))
    if not len(rows) or rows[0] + LAG_BARS + BARS_SHOWN >= end:
        return None
    held, marks = spec.signal, f"{spec.signal}.benchmark"
    given = {
        held: _weights([row.targets for row in chain], rows, ground),
        marks: _weights([row.benchmark for row in chain], rows, ground),
    }
    unique = np.append(np.diff(rows) > 0, True)
    decisions = rows[unique]
    panel = replace(ground.panel, given={key: frame[unique] for key, frame in given.items()})
    tell(f"settling {ground.title}: playing")
    tried = attempt(panel, spec, ground.terms, decisions=decisions)
    digest = ground.panel.sha256()
    trial = trial_of(tried, study=ground.study, data_sha256=digest)
    trials = written_down(settings.database, trial, recorded_at=now)
    tell(f"settling {ground.title}: measuring")
    return _measured(tried, marks, ground, digest=digest, trials=trials)


def _measured(
    tried: Attempt, marks: str, ground: Ground, *, digest: str, trials: tuple[Trial, ...]
) -> Portfolio:
    bars = tried.panel.bars_a_year
    benchmark = tried.beside(marks, top=None)
    benchmark = replace(benchmark, name="benchmark_weights")
    done = study(
        tried,
        universe=ground.study,
        data_sha256=digest,
        trials=trials,
        earlier=development_trials(ground.study, bars_a_year=bars),
        caveats=_caveats(tried, ground),
    )
    return Portfolio(
        backtest=done.result,
        benchmark=measured(benchmark, bars_a_year=bars),
        active=against(done.net, benchmark.net, benchmark.name, bars_a_year=bars),
    )


def _rows(chain: Sequence[Told], ground: Ground) -> Rows:
    """Return each report's session, its date's or the last before it."""
    days = pd.DatetimeIndex([pd.Timestamp(row.day) for row in chain])
    found = ground.panel.dates.searchsorted(days, side="right") - 1
    return np.asarray(found[found >= 0], dtype=np.int64)


def _spec(chain: Sequence[Told], name: str) -> BacktestSpec:
    """Return what is played, under a name of its own weights: other weights are another trial."""
    stated = repr([(row.day, sorted(row.targets.items())) for row in chain])
    sha256 = hashlib.sha256(stated.encode()).hexdigest()
    return BacktestSpec(
        signal=f"weights:{name}+{sha256[:HASH_SHOWN]}",
        rebalance=_pace([row.day for row in chain]),
        lag_bars=LAG_BARS,
        offsets="first",
        end=settles(chain[-1].day, chain[-1].horizon),
    )


def _pace(days: Sequence[date]) -> Rebalance:
    """Return the period that is nearest to how far the reports lie apart."""
    gaps = np.diff([day.toordinal() for day in days])
    gap = float(np.median(gaps)) if len(gaps) else 0.0
    return next((name for name, most in MEDIAN_GAP_DAYS if gap <= most), RAREST)


def _weights(rows: Sequence[dict[str, float]], places: Rows, ground: Ground) -> pd.DataFrame:
    """Return decisions x sectors, those of `places`; a sector the data never list has no weight."""
    frame = pd.DataFrame(rows[len(rows) - len(places) :], index=ground.panel.dates[places])
    return frame.reindex(columns=ground.panel.returns.columns).fillna(0.0).astype(np.float64)


def _caveats(tried: Attempt, ground: Ground) -> tuple[Caveat, ...]:
    last = tried.panel.dates[-1].date()
    opened = ground.holdout is not None and last >= ground.holdout
    return (*ground.caveats, *(("holdout_opened",) if opened else ()))
