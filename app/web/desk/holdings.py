"""Decides what a form or a pasted table says is held, what that is worth, and when it is kept.

Everything is kept by `app.files.holdings`, dated and write-once; nothing here takes a path.
"""

from datetime import date, timedelta
from math import fsum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pydantic import Field

from agents.router import trading_steps
from app.files.holdings import load_holdings, store_holdings, stored_holdings
from app.sentences import sentence_of
from app.web.house import House
from core.errors import CallerError, DataError, DateError
from core.portfolio.holdings import ROUNDING, valued
from core.portfolio.merging import trading_conditions as merged
from core.records.desk import Desk
from core.records.holdings import Holdings, Portfolio, Position
from core.records.record import Fraction, Record, Symbol
from core.records.universe import Universe
from tools.market.trading import trading_conditions
from tools.sources.holdings import HeldRow, read_holdings
from tools.sources.mapping import MappedField

POSITIONS_MOST: Final = 500
TEXT_MOST: Final = 200_000
"""Characters of a pasted table: with its envelope it stays below the body limit of 256 KB."""
SOURCE: Final = "page"
PASTED: Final = "pasted.csv"


class HeldForm(Record):
    """What is held, by symbol or sector. Money in billions of the market's currency."""

    dated: date | None = Field(default=None, description="None: today, or stated in a what-if")
    nav_bn: float | None = Field(default=None, gt=0.0, le=1e9)
    cash_bn: float | None = Field(default=None, ge=0.0, le=1e9)
    cash_weight: Fraction | None = None
    positions: tuple[Position, ...] = Field(default=(), max_length=POSITIONS_MOST)


class PastedTable(Record):
    """A table as a spreadsheet or a broker exports it: CSV with a heading line."""

    text: str = Field(min_length=1, max_length=TEXT_MOST)
    dated: date | None = Field(default=None, description="of a table without a date column")


class HoldingsView(Record):
    """What was held at a date, and the dates there are."""

    universe: str
    holdings: Holdings | None
    portfolio: Portfolio | None = Field(description="valued; None where that cannot be done")
    problem: str = Field(default="", description="why it cannot be valued")
    unknown: tuple[Symbol, ...] = Field(default=(), description="symbols the store has no price of")
    dates: tuple[date, ...] = ()


class ReadTable(Record):
    """A pasted table as it was understood; nothing is kept."""

    mapping: tuple[MappedField, ...]
    rows: tuple[HeldRow, ...]
    view: HoldingsView


class StoredAnswer(Record):
    """Whether holdings were kept now; False where the same were kept before."""

    stored: bool
    view: HoldingsView


def holdings_view(house: House, universe: Universe, as_of: date | None) -> HoldingsView:
    """Return what was held at a date.

    Raises:
        DataError: a stored file is damaged.
    """
    home, day = house.settings.home_dir, _day(house, as_of)
    kept = stored_holdings(home, universe.id)
    dates = sorted({row.holdings.dated for row in kept if row.holdings.dated}, reverse=True)
    view = _valued(house, universe, load_holdings(home, universe.id, day), day)
    return view.model_copy(update={"dates": tuple(one for one in dates if one <= day)})


def holdings_of(universe: Universe, form: HeldForm) -> Holdings:
    """Return the form as holdings of the market.

    Raises:
        CallerError: nothing is held, an unknown sector, a name twice, or weights beyond the whole.
    """
    known = set(universe.sector_ids)
    names = [row.symbol or row.sector or "" for row in form.positions]
    strange = sorted({row.sector for row in form.positions if row.sector} - known)
    if strange:
        raise CallerError(
            f"{strange[0]} is no sector of {universe.id}: use {', '.join(sorted(known))}"
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise CallerError(f"{twice[0]} stands twice: name every holding once")
    cash = (form.cash_bn, form.cash_weight)
    if None not in cash:
        raise CallerError("cash is told in two ways: keep the amount or the weight")
    if not names and cash == (None, None):
        raise CallerError("nothing is held: name a sector, a symbol or the cash")
    whole = fsum([*(row.weight or 0.0 for row in form.positions), form.cash_weight or 0.0])
    if whole > 1.0 + ROUNDING:
        raise CallerError(f"the weights come to {100 * whole:.2f} %; they may not exceed 100 %")
    return Holdings(
        universe=universe.id, dated=form.dated, source=SOURCE, nav_bn=form.nav_bn,
        cash_bn=form.cash_bn, cash_weight=form.cash_weight, positions=form.positions,
    )  # fmt: skip


def pasted(house: House, universe: Universe, table: PastedTable) -> ReadTable:
    """Return how a pasted table reads, by the rules files are read by.

    Raises:
        ImportRejectedError: it or one of its rows cannot be read; the message has the row.
        DateError: its date is yet to come.
    """
    home = house.settings.home_dir
    with TemporaryDirectory(dir=home, prefix=".reading-") as scratch:
        path = Path(scratch) / PASTED
        path.write_bytes(table.text.encode())
        read = read_holdings(
            path, universe, known=_known(house, universe), dated=table.dated or _today(house)
        )
    held = read.holdings.model_copy(update={"source": SOURCE})
    day = _past(house, held.dated)
    return ReadTable(mapping=read.mapping, rows=read.rows, view=_valued(house, universe, held, day))


def kept(house: House, universe: Universe, form: HeldForm) -> StoredAnswer:
    """Keep the form's holdings under their date.

    Raises:
        CallerError: they do not add up, or their date is yet to come.
        DataError: the folder holds a damaged file.
    """
    held = holdings_of(universe, form)
    held = held.model_copy(update={"dated": held.dated or _today(house)})
    day = _past(house, held.dated)
    stored = store_holdings(house.settings.home_dir, held)
    return StoredAnswer(stored=stored, view=holdings_view(house, universe, day))


def _valued(house: House, universe: Universe, held: Holdings | None, day: date) -> HoldingsView:
    if held is None:
        return HoldingsView(universe=universe.id, holdings=None, portfolio=None)
    symbols = {row.symbol for row in held.positions if row.symbol}
    view = HoldingsView(
        universe=universe.id, holdings=held, portfolio=None,
        unknown=tuple(sorted(symbols - _known(house, universe))),
    )  # fmt: skip
    try:
        portfolio = portfolio_of(house, universe, held, day)
    except (CallerError, DataError) as error:
        return view.model_copy(update={"problem": sentence_of(error)})
    return view.model_copy(update={"portfolio": portfolio})


def portfolio_of(house: House, universe: Universe, held: Holdings, day: date) -> Portfolio:
    """Return what holdings are worth at a day's prices, as a report values them.

    Raises:
        CallerError: they do not add up.
        DataError: they cannot be valued.
    """
    steps = trading_steps(universe.id, Desk(holdings=held), as_of=day)
    trading = merged(
        [
            trading_conditions(
                house.tools, region=universe.id, symbols=step.arguments.symbols, as_of=day
            )
            for step in steps
        ]
    )
    priced = day if trading is None else min(day, trading.as_of)
    return valued(held, universe, trading, as_of=priced)


def _known(house: House, universe: Universe) -> frozenset[str]:
    """Return every symbol the store has prices or a sector of."""
    store = house.tools.store
    members = store.read(universe.id, "members", columns=("symbol",))["symbol"]
    priced = store.read(universe.id, "prices", columns=("symbol",), coded=True)["symbol"]
    return frozenset(map(str, members.unique())) | frozenset(map(str, priced.unique()))


def _day(house: House, as_of: date | None) -> date:
    days = [day for day in (as_of, house.latest) if day is not None]
    return min(days, default=_today(house))


def _past(house: House, dated: date | None) -> date:
    day = dated or _today(house)
    if day > _today(house) + timedelta(days=1):
        raise DateError(f"date {day} is yet to come: take one up to today")
    return day


def _today(house: House) -> date:
    return house.latest or house.tools.today()
