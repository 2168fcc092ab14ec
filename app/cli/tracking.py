"""Prints the report card, and checks the write-once log of calls, for the command line."""

from datetime import date
from typing import Final

from app.cli.output import say, say_json, say_table
from app.cli.reporting import composition
from app.compose import Composition
from app.data import open_store
from app.desk import DeskSource
from app.files.universes import one_of
from app.journals.journal import Chain, Journal
from app.research import kept_plain_reports
from core.errors import DataError
from core.records.history import ReportCard, SettledCall
from core.records.universe import Horizon, Universe
from tools.storage.panels import market_panels

HEADINGS = ("called", "settles", "sector", "stance", "active pp", "expected %", "came %", "right")

BASIS: Final = {"live": "calls recorded live", "hindsight": "calls made in hindsight"}


def check_log(*, as_json: bool) -> None:
    """Say how many entries the log has and what its last one is.

    Raises:
        DataError: an entry is not what was written, or one of a kept report is gone; the message
            names the first such.
    """
    base = composition()
    chain = _whole_log(base)
    _require_every_report(base)
    if as_json:
        say_json({"entries": chain.entries_count, "last_sha256": chain.last_sha256})
    else:
        say(_log_line(chain))


def show_report_card(
    universe: str | None, *, as_of: date | None, horizon: Horizon, as_json: bool
) -> None:
    """Print how a universe's earlier calls turned out by a date, the last session by default.

    Raises:
        DataError: the log is broken.
        EmptyStoreError: the universe has no prices.
    """
    base = composition()
    chosen = one_of(base.universes, universe or base.settings.universe)
    chain = _whole_log(base)
    store = open_store(base.settings)
    day = as_of or market_panels(store, chosen).last
    card = DeskSource(base.settings, store=store).report_card(chosen, day, horizon)
    if as_json:
        say_json({"entries": chain.entries_count, "report_card": card})
        return
    if card is not None:
        _tell(card, chosen)
    say(_log_line(chain))


def _whole_log(base: Composition) -> Chain:
    journal = Journal(base.settings.database)
    try:
        chain = journal.verify()
    finally:
        journal.close()
    if chain.broken is not None:
        raise DataError(
            f"the log of calls is broken at {chain.broken}; "
            f"the {chain.entries_count} entries before it are whole"
        )
    return chain


def _require_every_report(base: Composition) -> None:
    """Check that the log has every kept report: a chain cut at its end is whole in itself."""
    journal = Journal(base.settings.database)
    try:
        logged = {
            entry.made.report_sha256
            for universe in base.universes
            for entry in journal.calls(universe)
        }
    finally:
        journal.close()
    gone = [run for run, sha256 in kept_plain_reports(base) if sha256 not in logged]
    if gone:
        raise DataError(
            f"the log of calls lacks {len(gone)} kept reports, the first of run {gone[0]}: entries "
            "were deleted"
        )


def _log_line(chain: Chain) -> str:
    entries = "1 entry" if chain.entries_count == 1 else f"{chain.entries_count} entries"
    return f"log: {entries}, whole; the last is {chain.last_sha256}"


def _tell(card: ReportCard, universe: Universe) -> None:
    say(f"{universe.name_en}, {card.horizon} calls as known on {card.as_of}")
    if not card.reports_count:
        say(f"no {card.horizon} report of an earlier day is in the log: calls count from then on")
        return
    say(
        f"{card.reports_count} reports, live since {card.live_since or 'never'}: "
        f"{card.settled_count} calls settled ({card.live_count} live), {card.open_count} open"
    )
    if card.settled_count:
        say(
            f"{BASIS[card.basis or 'hindsight']}: right {_percent(card.hit_fraction)}, "
            f"mean excess {_signed(card.excess_mean_pct)}; "
            f"12-month momentum's top three {_signed(card.momentum_excess_mean_pct)}; "
            f"inside the 80 % interval {_percent(card.coverage_fraction)}; "
            f"Brier {'n/a' if card.brier_index is None else format(card.brier_index, '.3f')}"
        )
        say_table("last settled calls", HEADINGS, [_row(row, universe) for row in card.calls])
    if card.worst is not None:
        row = card.worst
        say(
            f"worst: {universe.sector(row.sector).name_en}, {row.stance} on {row.called}: "
            f"{_signed(row.realised_excess_pct)}"
        )


def _row(row: SettledCall, universe: Universe) -> tuple[object, ...]:
    return (
        row.called,
        row.settles,
        universe.sector(row.sector).name_en,
        row.stance,
        f"{100.0 * row.active_weight:+.1f}",
        "" if row.expected_excess_pct is None else f"{row.expected_excess_pct:+.2f}",
        f"{row.realised_excess_pct:+.2f}",
        "yes" if row.right else "no",
    )


def _percent(fraction: float | None) -> str:
    return "n/a" if fraction is None else f"{fraction:.0%}"


def _signed(pct: float | None) -> str:
    return "n/a" if pct is None else f"{pct:+.2f} %"
