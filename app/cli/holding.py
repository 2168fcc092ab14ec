"""Imports a file of holdings for the command line: what was understood is shown, then kept."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from app.cli.options import past
from app.cli.output import counted, say, say_json, say_table
from app.data import open_store
from app.files.holdings import store_holdings, stored_holdings
from app.files.universes import load_universes, one_of
from app.settings import load_settings
from core.records.universe import Universe
from tools.sources.holdings import HeldRow, ReadHoldings, read_holdings
from tools.storage.store import Store


def import_holdings(
    universe: str,
    path: Path,
    *,
    dated: date | None,
    columns: dict[str, str],
    units: dict[str, str],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Show how the file was read, then keep it unless it is a dry run.

    Raises:
        ImportRejectedError: the file or one of its rows cannot be read; nothing is kept.
        DateError: the file's date is yet to come.
    """
    settings = load_settings()
    chosen = one_of(load_universes(settings.universe_files), universe)
    known = _known_symbols(open_store(settings), chosen)
    today = datetime.now(ZoneInfo(chosen.timezone)).date()
    read = read_holdings(
        path, chosen, known=known, dated=dated or today, columns=columns, units=units
    )
    held = read.holdings
    past(held.dated or today)
    if not as_json:
        _show(read, chosen, known)
    stored = not dry_run and store_holdings(settings.home_dir, held)
    if as_json:
        shown = {name: getattr(read, name) for name in ("mapping", "rows", "holdings")}
        say_json(shown | {"stored": stored})
        return
    if not dry_run:
        outcome = "kept" if stored else "kept before"
        count = counted(len(held.positions), "position")
        say(f"holdings of {chosen.id} on {held.dated}: {count} {outcome}")
    if dated is None and all(row.field != "date" for row in read.mapping):
        say(
            f"{path.name} has no date column: it counts as held on {held.dated}, today, and a "
            "report of an earlier day does not see it; --holdings-date YYYY-MM-DD says another day"
        )


def tell_unseen_holdings(home: Path, universe: str, as_of: date) -> None:
    """Say that what is held is kept of later days only, where a report therefore knows none.

    Raises:
        DataError: a stored file is damaged; the message names it.
    """
    days = [row.holdings.dated for row in stored_holdings(home, universe)]
    first = min((day for day in days if day is not None), default=None)
    if first is not None and first > as_of:
        say(
            f"holdings of {universe} are kept from {first} on, after this report's {as_of}: it "
            f"knows none; `sectorwise import -u {universe} --holdings FILE --holdings-date {as_of}`"
        )


def _known_symbols(store: Store, universe: Universe) -> frozenset[str]:
    """Return every symbol the store has prices or a sector of."""
    members = store.read(universe.id, "members", columns=("symbol",))["symbol"]
    priced = store.read(universe.id, "prices", columns=("symbol",), coded=True)["symbol"]
    return frozenset(map(str, members.unique())) | frozenset(map(str, priced.unique()))


def _show(read: ReadHoldings, universe: Universe, known: frozenset[str]) -> None:
    mapped = [(row.field, row.column, row.unit, row.how) for row in read.mapping]
    say_table("read as holdings", ("field", "column", "unit", "how"), mapped)
    tickers = {sector.ticker for sector in universe.sectors}
    rows = [
        (row.row, row.said, _meaning(row, universe, known | tickers), _amount(row))
        for row in read.rows
    ]
    title = f"held in {universe.id} on {read.holdings.dated}"
    say_table(title, ("row", "in the file", "taken as", "held"), rows)
    held = read.holdings
    if held.cash_bn is not None:
        say(f"cash: {held.cash_bn:,.6g} bn {universe.currency}")
    elif held.cash_weight is not None:
        say(f"cash: {100 * held.cash_weight:.2f} %")
    else:
        say("cash: what the positions leave")
    if held.nav_bn is not None:
        say(f"net asset value: {held.nav_bn:,.6g} bn {universe.currency}")


def _meaning(row: HeldRow, universe: Universe, known: frozenset[str]) -> str:
    if row.sector is not None:
        return f"sector {row.sector} ({universe.sector(row.sector).name_en})"
    return f"symbol {row.symbol}" + ("" if row.symbol in known else ", not in the store")


def _amount(row: HeldRow) -> str:
    if row.quantity is not None:
        return f"{row.quantity:,.10g}"
    return f"{100 * (row.weight or 0.0):.2f} %"
