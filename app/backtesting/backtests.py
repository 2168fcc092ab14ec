"""Decides how a backtest is run: play, write the trial down, and only then say what came out."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from app.backtesting.data import Ground, file_ground, paper_bps, universe_ground
from app.backtesting.development import development_trials
from app.backtesting.signals import Given, given_signal
from app.journals.trials import written_down
from app.render.tear.series import TearsheetSeries
from app.render.tearsheet import tearsheet_html
from app.settings import Settings
from core.backtest.attempt import Attempt, attempt, trial_of
from core.backtest.factor_bets import in_force
from core.backtest.holding import UNCHECKED, holding, source
from core.backtest.strategies import signal_scores
from core.backtest.study import Study, study
from core.errors import CallerError
from core.records.backtest import BacktestSpec, Caveat, Rebalance
from tools.sources.returns import Unit

Offsets = Literal["all", "first"]

RESULT_FILE = "result.json"
SHEET_FILE = "tearsheet.html"

IDLE = 2e-3
"""Less than this part of the money left over is rounding, not cash."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be simulated, in the user's words.

    returns or universe: exactly one. unit, market: of a file. lag_bars None: 1 on daily bars, whose
    next close is a day away; 0 on rarer ones, where that day cannot be told from the bar's own.
    """

    signal: str
    returns: Path | None = None
    universe: str | None = None
    unit: Unit = "fraction"
    market: str | None = None
    top: int | None = None
    rebalance: Rebalance = "monthly"
    cost_bps: float | None = None
    lag_bars: int | None = None
    smoothing: float = 0.0
    band: float = 0.0
    offsets: Offsets = "all"
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Backtest:
    """What came out, and on what."""

    study: Study
    ground: Ground


def backtest(
    settings: Settings, asked: Asked, *, now: datetime, tell: Callable[[str], None]
) -> Backtest:
    """Return the backtest; its trial is in the registry before anything of it can be seen.

    Args:
        settings: home and registry.
        asked: what is simulated.
        now: with a time zone.
        tell: hears what is under way.

    Raises:
        CallerError: a signal, number or date that does not fit.
        DataError: data or registry that cannot be used.
    """
    tell("reading")
    ground = _ground(settings, asked, now.date())
    given = given_signal(asked.signal, ground, today=now.date())
    if given.values is not None:
        panel = replace(ground.panel, given={given.signal: given.values})
        ground = replace(ground, panel=panel)
    spec = _spec(asked, given.signal, ground)
    tell("playing")
    tried = attempt(ground.panel, spec, ground.terms)
    digest = ground.panel.sha256()
    trial = trial_of(tried, study=ground.study, data_sha256=digest)
    trials = written_down(settings.database, trial, recorded_at=now)
    tell("measuring")
    done = study(
        tried,
        universe=ground.study,
        data_sha256=digest,
        trials=trials,
        earlier=_earlier(ground, given.signal),
        caveats=_caveats(ground, tried),
        contributions={
            name: in_force(frame, tried.panel.dates, lag_bars=spec.lag_bars).loc[
                tried.strategy.net.index
            ]
            for name, frame in _seen(given, tried).items()
        },
    )
    return Backtest(done, ground)


def write(done: Backtest, folder: Path) -> tuple[Path, Path]:
    """Write the record and the tear sheet into the folder and return both files.

    Raises:
        CallerError: the folder cannot be written.
    """
    series = TearsheetSeries(
        strategy=done.study.net,
        baselines=done.study.baselines,
        bars_a_year=done.study.result.performance.bars_a_year,
        market=done.ground.title,
        sectors=done.ground.names,
        holdout=done.ground.holdout,
    )
    texts = {
        folder / RESULT_FILE: done.study.result.model_dump_json(indent=1) + "\n",
        folder / SHEET_FILE: tearsheet_html(done.study.result, series),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in texts.items():
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CallerError(f"--out {folder} cannot be written: {error.strerror}") from error
    return folder / RESULT_FILE, folder / SHEET_FILE


def _ground(settings: Settings, asked: Asked, today: date) -> Ground:
    if (asked.returns is None) == (asked.universe is None):
        raise CallerError("say what to run on: either --returns FILE or -u UNIVERSE")
    if asked.returns is not None:
        return file_ground(asked.returns, today=today, unit=asked.unit, market=asked.market)
    if asked.market is not None or asked.unit != "fraction":
        raise CallerError("--market and --unit are of a file; a universe has its own benchmark")
    return universe_ground(settings, str(asked.universe))


def _spec(asked: Asked, signal: str, ground: Ground) -> BacktestSpec:
    n_sectors = len(ground.panel.sectors)
    if asked.top is not None and asked.top > n_sectors:
        raise CallerError(f"--top {asked.top}: {ground.title} has {n_sectors} sectors; take fewer")
    usual = 1 if ground.panel.frequency == "daily" else 0
    paper = None if asked.returns is None else paper_bps()
    spec = BacktestSpec(
        signal=signal,
        top=asked.top,
        rebalance=asked.rebalance,
        cost_bps=paper if asked.cost_bps is None else asked.cost_bps,
        lag_bars=usual if asked.lag_bars is None else asked.lag_bars,
        smoothing=asked.smoothing,
        band=asked.band,
        offsets=asked.offsets,
        start=asked.start,
        end=asked.end,
    )
    if asked.top is not None and holding(spec) == "given":
        raise CallerError("--top is of scores; weights say what is held of each: leave it out")
    return spec


def _seen(given: Given, tried: Attempt) -> dict[str, pd.DataFrame]:
    """Return the parts of the scores at bars of the backtest."""
    dates = tried.panel.dates
    return {name: frame[frame.index.isin(dates)] for name, frame in given.parts.items()}


def _earlier(ground: Ground, signal: str) -> tuple[float, ...]:
    """Return the trials a forecast was chosen from; no other signal was chosen by them."""
    if signal.partition(":")[0] != "model":
        return ()
    return development_trials(ground.study, bars_a_year=ground.panel.bars_a_year)


def _caveats(ground: Ground, tried: Attempt) -> tuple[Caveat, ...]:
    last = tried.panel.dates[-1].date()
    found: tuple[tuple[Caveat, bool], ...] = (
        ("holdout_opened", ground.holdout is not None and last >= ground.holdout),
        ("unchecked", source(tried.spec.signal) in UNCHECKED),
        ("idle_cash", holding(tried.spec) == "given" and _leaves_cash(tried)),
    )
    return (*ground.caveats, *(name for name, holds in found if holds))


def _leaves_cash(tried: Attempt) -> bool:
    """Tell whether weights that earn anything sum to less than the money."""
    stated = signal_scores(tried.spec.signal, tried.panel).values
    sums = np.nansum(stated[tried.first : -1 - tried.spec.lag_bars], axis=1)
    return bool((sums < 1.0 - IDLE).any())
