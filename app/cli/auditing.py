"""Finds out what a signal's name means, audits it and tells what was found."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from app.backtesting.audits import Asked, factor_audit, file_audit, function_audit, names_a_factor
from app.cli.leak_words import FILE_POWER, UNTESTED, leak_sentences, oddity_sentence, verdict
from app.cli.output import Teller, say, say_json, say_table, telling
from app.cli.users_function import users_function, users_signal, wants_panels
from app.data import open_store
from app.files.universes import load_universes, one_of
from app.settings import load_settings
from core.errors import CallerError, LeakError
from core.panel import MarketPanels
from core.records.audit import AuditResult
from core.signals.catalogue import FACTORS
from tools.sources.dated import dated_table
from tools.sources.demo import ensure_demo
from tools.sources.files import SUFFIXES
from tools.storage.panels import market_panels

SHOWN = 20
"""Oddities that are told; --json has all."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the signal is audited on; all may be absent for a file."""

    universe: str | None
    prices: Path | None
    earlier: Path | None


def audit_signal(
    signal: str, inputs: Inputs, *, cuts_count: int, seed: int, strict: bool, as_json: bool
) -> None:
    """Print the audit of a factor, a file or a function.

    Raises:
        LeakError: a leak was found; when strict, also for an oddity.
        CallerError: the signal is none of these, or its data are not given.
        ImportRejectedError: a file cannot be read.
        EmptyStoreError: no data of the universe.
    """
    asked = Asked(cuts_count=cuts_count, seed=seed)
    with telling() as tell:
        result = _audited(signal, inputs, asked, tell)
    if as_json:
        say_json(result)
    else:
        _show(result)
    if result.leaks or (strict and result.oddities):
        if not result.leaks:
            odd = len(result.oddities)
            told = "1 oddity" if odd == 1 else f"{odd} oddities"
            raise LeakError(f"{result.signal}: {told}, and --strict")
        raise LeakError(f"{result.signal} sees the future: {leak_sentences(result.leaks)[0]}")


def _audited(signal: str, inputs: Inputs, asked: Asked, tell: Teller) -> AuditResult:
    if names_a_factor(signal):
        if inputs.universe is None:
            raise CallerError(f"{signal} is a factor: name the universe it is tested on with -u")
        return factor_audit(signal, _panels(inputs.universe, tell), asked, tell)
    if Path(signal).suffix.lower() in SUFFIXES:
        return _file(Path(signal), inputs, tell)
    if ":" in signal:
        return _function(signal, inputs, asked, tell)
    known = ", ".join(spec.id for spec in FACTORS)
    raise CallerError(
        f"signal {signal!r}: expected `all`, a factor ({known}), a file ending in "
        f"{', '.join(SUFFIXES)}, or module:function"
    )


def _file(path: Path, inputs: Inputs, tell: Teller) -> AuditResult:
    series = _table(path)
    earlier = None if inputs.earlier is None else _table(inputs.earlier)
    given = inputs.prices is not None or inputs.universe is not None
    prices = _closes(inputs, tell) if given else None
    tell(f"testing {path.name}")
    return file_audit(path.name, series, prices=prices, earlier=earlier)


def _function(name: str, inputs: Inputs, asked: Asked, tell: Teller) -> AuditResult:
    if inputs.earlier is not None:
        raise CallerError("--earlier is for a file; a function is recomputed instead")
    function = users_function(name, Path.cwd())
    data: MarketPanels | pd.DataFrame
    if wants_panels(function):
        if inputs.universe is None:
            raise CallerError(f"{name} takes MarketPanels: name their universe with -u")
        data = _panels(inputs.universe, tell)
    else:
        data = _closes(inputs, tell)
    return function_audit(name, users_signal(name, function), data, asked, tell)


def _closes(inputs: Inputs, tell: Teller) -> pd.DataFrame:
    if inputs.prices is not None:
        return _table(inputs.prices)
    if inputs.universe is None:
        raise CallerError("prices are needed: give --prices FILE, or a universe with -u")
    return _panels(inputs.universe, tell).sectors.closes


def _table(path: Path) -> pd.DataFrame:
    return dated_table(path, today=datetime.now(UTC).date()).frame


def _panels(name: str, tell: Teller) -> MarketPanels:
    settings = load_settings()
    chosen, store = one_of(load_universes(settings.universe_files), name), open_store(settings)
    tell(f"reading {chosen.id}")
    if chosen.synthetic:
        ensure_demo(store, chosen)
    return market_panels(store, chosen)


def _show(result: AuditResult) -> None:
    say(verdict(result))
    say(
        f"  {result.rows_count} dates from {result.first} to {result.last} compared"
        if result.cuts_count
        else f"  {result.rows_count} dates from {result.first} to {result.last}"
    )
    for mark, sentences in (
        ("leak", leak_sentences(result.leaks)),
        ("odd", [oddity_sentence(odd) for odd in result.oddities]),
        ("not tested", [UNTESTED[test] for test in result.untested]),
    ):
        for sentence in sentences[:SHOWN]:
            say(f"  {mark}: {sentence}")
        if len(sentences) > SHOWN:
            say(f"  {mark}: {len(sentences) - SHOWN} more in --json")
    if result.timing:
        rows = [(row.lag_bars, row.correlation, row.pairs_count) for row in result.timing]
        say_table("rank correlation with returns", ("bars later", "correlation", "pairs"), rows)
    if result.cuts_count == 0:
        say(f"  {FILE_POWER}")
