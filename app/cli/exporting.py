"""Lists the signals for the command line, and writes them to a user's file."""

from dataclasses import asdict
from datetime import date
from pathlib import Path

import pandas as pd

from app.cli.output import counted, say, say_json, say_table, telling
from app.data import open_store
from app.files.universes import load_universes, one_of
from app.settings import load_settings
from core.errors import CallerError, DateError
from core.panel import MarketPanels
from core.signals.catalogue import FACTORS, specs
from core.signals.factor import FactorSpec
from core.signals.long_form import decision_dates, long_form
from tools.sources.demo import ensure_demo
from tools.storage.exports import FORMATS, write_table
from tools.storage.panels import market_panels, panels_known


def list_signals(universe: str | None, *, signals: tuple[str, ...], as_json: bool) -> None:
    """Print what each signal is; with a universe also the factors of its own series.

    Raises:
        CallerError: an unknown universe or signal.
        EmptyStoreError: a universe without data.
    """
    known = FACTORS if universe is None else specs(_panels(universe, None))
    unknown = [name for name in signals if name not in {spec.id for spec in known}]
    if unknown:
        raise CallerError(f"signal {unknown[0]!r} is unknown: `sectorwise signals --list` has all")
    chosen = [spec for spec in known if not signals or spec.id in signals]
    if as_json:
        say_json([asdict(spec) for spec in chosen])
        return
    for family in dict.fromkeys(spec.family for spec in chosen):
        say_table(family, ("signal", "unit", "high means"), _lines(chosen, family))
        for spec in (item for item in chosen if item.family == family):
            say(f"  {spec.id}: {spec.formula}. Lag: {spec.lag}. {spec.nan_policy}. {spec.source}.")


def write_signals(
    universe: str,
    out: Path,
    *,
    as_of: date | None,
    since: date | None,
    signals: tuple[str, ...],
    as_json: bool,
) -> None:
    """Write the long table of signals at weekly decision dates.

    Raises:
        CallerError: an unknown universe, signal or file kind.
        DateError: no decision date lies in the span.
        EmptyStoreError: no data.
    """
    if out.suffix.lower() not in FORMATS:
        raise CallerError(f"{out.name}: name a file that ends in .parquet or .csv")
    with telling() as tell:
        tell(f"reading {universe}")
        panels = _panels(universe, as_of)
        dates = decision_dates(panels)
        dates = dates if since is None else dates[dates >= pd.Timestamp(since)]
        if dates.empty:
            raise DateError(f"{universe}: no week ends between {since} and {panels.last}")
        tell(f"computing {len(dates):,} weeks")
        rows = long_form(panels, dates, signals=signals)
        synthetic = panels.universe.synthetic
        write_table(out, rows.assign(universe=universe, synthetic=synthetic))
    count, first, last = int(rows["signal"].nunique()), dates[0].date(), dates[-1].date()
    if as_json:
        told = {"file": str(out), "universe": universe, "synthetic": synthetic, "rows": len(rows)}
        say_json(told | {"signals": count, "first": first, "last": last})
        return
    made = "; synthetic data" if synthetic else ""
    held = f"{counted(len(rows), 'value')} of {counted(count, 'signal')}"
    say(f"{out}: {held}, weekly from {first} to {last}{made}")


def _lines(chosen: list[FactorSpec], family: str) -> list[tuple[str, str, str]]:
    return [(spec.id, spec.unit, spec.positive) for spec in chosen if spec.family == family]


def _panels(universe: str, as_of: date | None) -> MarketPanels:
    """Return what was known of the universe at as_of, all of it without a date."""
    settings = load_settings()
    chosen = one_of(load_universes(settings.universe_files), universe)
    store = open_store(settings)
    if chosen.synthetic:
        ensure_demo(store, chosen)
    if as_of is None:
        return market_panels(store, chosen)
    return panels_known(store, chosen, as_of)
