"""Decides where a signal that is not worked out from returns comes from: a file, or the forecast.

An entry more in `OUTSIDE` is a source more.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from app.backtesting.data import HASH_SHOWN, Ground
from core.backtest.strategies import require_signal
from core.errors import CallerError, ImportRejectedError
from core.forecast.dataset import DecisionSet, decision_set, monthly_decision_set
from core.forecast.study import study
from core.forecast.views import packaged_learners
from core.forecast.walkforward import recipe
from tools.sources.dated import DatedTable, dated_table, has_dates, named_numbers
from tools.sources.fields import plain
from tools.sources.files import raw_file

NAME_CHARS = 40
FULL = 1.0 + 1e-9
"""What weights may sum to: all of the money, and rounding."""


@dataclass(frozen=True, slots=True)
class Given:
    """A signal's name in the record, and its values: dates x sectors; None: made from returns.

    parts: the values' parts by factor, where they have any.
    """

    signal: str
    values: pd.DataFrame | None = None
    parts: Mapping[str, pd.DataFrame] = field(default_factory=dict)


Source = Callable[[str, Ground, date], Given]


def given_signal(text: str, ground: Ground, *, today: date) -> Given:
    """Return what the user's word for a signal means on the data.

    Args:
        text: a signal, or a source's name and its argument: `own:scores.csv`.
        ground: the data it is for.
        today: no row of a file may be later.

    Raises:
        CallerError: no such signal; the message lists those there are.
        ImportRejectedError: a file cannot be used.
    """
    kind, _, argument = text.partition(":")
    source = OUTSIDE.get(kind)
    if source is None:
        require_signal(text)
        return Given(text)
    return source(argument, ground, today)


def own_scores(argument: str, ground: Ground, today: date) -> Given:
    """Return the scores of a file: a date, one column a sector; a higher one is better."""
    path = _path("own", argument)
    table = dated_table(path, today=today)
    return Given(_named("own", path, table.sha256), _by_sector(table, ground))


def own_weights(argument: str, ground: Ground, today: date) -> Given:
    """Return the target weights of a file: dated ones, or one a sector for all time.

    An empty cell is no weight; dated weights hold until the next ones.
    """
    path = _path("weights", argument)
    if has_dates(path):
        table = dated_table(path, today=today)
        sha256, values = table.sha256, _by_sector(table, ground).fillna(0.0)
    else:
        fixed = named_numbers(path)
        sectors = {_sector(name, ground, path.name): weight for name, weight in fixed.items()}
        sha256 = raw_file(path).sha256
        values = pd.DataFrame([sectors], index=ground.panel.dates[:1])
    _require_weights(values, path.name)
    return Given(_named("weights", path, sha256), values)


def _path(kind: str, argument: str) -> Path:
    if not argument:
        raise CallerError(f"signal {kind!r} needs a file: write {kind}:FILE")
    return Path(argument).expanduser()


def _by_sector(table: DatedTable, ground: Ground) -> pd.DataFrame:
    names = [_sector(name, ground, table.file) for name in table.frame.columns]
    return table.frame.set_axis(names, axis=1)


def _sector(name: str, ground: Ground, file: str) -> str:
    sector = ground.keys.get(name)
    if sector is None or sector not in ground.panel.sectors:
        raise ImportRejectedError(
            f"{file}: {name!r} is no sector of {ground.title}; "
            f"use {', '.join(ground.panel.sectors)}"
        )
    return sector


def _require_weights(values: pd.DataFrame, file: str) -> None:
    cells = values.to_numpy(dtype=np.float64)
    if (cells < 0.0).any():
        raise ImportRejectedError(
            f"{file}: a weight is below 0; this backtest does not sell short."
        )
    if (cells.sum(axis=1) > FULL).any():
        raise ImportRejectedError(
            f"{file}: weights sum to {cells.sum(axis=1).max():.4g}; give fractions that sum to at "
            "most 1, the rest is cash."
        )


def _named(kind: str, path: Path, sha256: str) -> str:
    """Return the signal's name in the record: the file's, and what is in it."""
    return f"{kind}:{plain(path.stem)[:NAME_CHARS] or 'file'}+{sha256[:HASH_SHOWN]}"


def model_scores(argument: str, ground: Ground, today: date) -> Given:
    """Return what the forecast said out of sample, by the walk-forward that fits it live.

    Its name in the record has the recipe, so that a changed model is another trial.
    The argument is a horizon (1w, 1m, 3m; default 1m); a file of monthly returns has 1m alone.

    Raises:
        CallerError: no such horizon, or a file of other than monthly returns.
    """
    del today
    wanted = (argument or "1m").upper()
    decisions = _decisions(ground)
    horizon = next((name for name in decisions.labels if name == wanted), None)
    if horizon is None:
        known = ", ".join(f"model:{name.lower()}" for name in decisions.labels)
        raise CallerError(f"signal model:{argument} is unknown on {ground.title}: use {known}")
    terms = ground.terms.cost
    cost = float((terms.buy.mean() + terms.sell.mean()) / 2.0)
    done = study(
        decisions,
        horizon,
        last=ground.panel.dates[-1].date(),
        learners=packaged_learners,
        cost=cost,
        tell=lambda _: None,
    )
    sectors = pd.Index(ground.panel.sectors)
    said = done.predicted.reindex(columns=sectors).dropna(how="all")
    parts = {
        name: frame.reindex(columns=sectors).loc[said.index]
        for name, frame in done.parts.items()
        if frame.notna().to_numpy().any()
    }
    made = recipe(packaged_learners, cost=cost)[:HASH_SHOWN]
    return Given(f"model:{horizon.lower()}+{made}", said, parts)


def _decisions(ground: Ground) -> DecisionSet:
    if ground.panels is not None:
        return decision_set(ground.panels)
    if ground.panel.frequency != "monthly":
        raise CallerError(
            "signal 'model': a file's forecast is learned from monthly returns; import daily "
            "prices as a universe instead"
        )
    return monthly_decision_set(ground.panel.returns)


OUTSIDE: Final[Mapping[str, Source]] = {
    "own": own_scores,
    "weights": own_weights,
    "model": model_scores,
}
