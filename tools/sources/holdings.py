"""Decides what a file of holdings says: positions by symbol or sector, cash, net asset value, date.

It values nothing. A row that cannot be read refuses the whole file, with the row's number.
"""

import re
from collections.abc import Mapping as Lookup
from dataclasses import dataclass, field
from datetime import date
from math import fsum
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from core.errors import ImportRejectedError
from core.records.holdings import Holdings, Position
from core.records.record import Record, Symbol
from core.records.universe import Universe
from tools.sources.fields import plain
from tools.sources.files import raw_file
from tools.sources.held_columns import HeldTable, held_table
from tools.sources.mapping import MappedField
from tools.sources.members import sector_lookup

CASH = frozenset(
    {
        "cash", "cash_and_equivalents", "cash_and_cash_equivalents", "tien", "tien_mat",
        "tien_gui", "tien_va_tuong_duong_tien", "tien_va_cac_khoan_tuong_duong_tien",
    }
)  # fmt: skip
NAV = frozenset({"nav", "net_asset_value", "gia_tri_tai_san_rong", "tai_san_rong", "gttsr"})
TOTAL = frozenset({"total", "grand_total", "sum", "tong", "tong_cong", "tong_so"})
"""Names of rows that are no position, as `plain` writes them; a total repeats the rows above it."""

ROUNDING = 0.001
"""What printed weights may exceed one by."""

_SHARE_CLASS = re.compile(r"^([A-Z]{1,5})[./ ]([A-Z])$")
_SYMBOL: TypeAdapter[str] = TypeAdapter(Symbol)


class HeldRow(Record):
    """How one row was understood: what it says, and what that stands for."""

    row: int
    said: str
    symbol: str | None = None
    sector: str | None = None
    quantity: float | None = None
    weight: float | None = None


class ReadHoldings(Record):
    """A file of holdings as read: the mapping of its columns, its rows, and what they make."""

    mapping: tuple[MappedField, ...]
    rows: tuple[HeldRow, ...]
    holdings: Holdings


def read_holdings(
    path: Path,
    universe: Universe,
    *,
    known: frozenset[str] = frozenset(),
    dated: date,
    columns: Lookup[str, str] | None = None,
    units: Lookup[str, str] | None = None,
) -> ReadHoldings:
    """Return what the file says is held.

    Args:
        path: CSV, XLSX or Parquet; a heading line, one position a row.
        universe: its sectors' names, tickers and aliases resolve.
        known: symbols of the store, which win over a sector's alias of the same letters.
        dated: the date of a file without a date column.
        columns: field to column, over the guess from headings.
        units: cash or nav to one, k, mn or bn of the currency; date to day-first or month-first.

    Raises:
        ImportRejectedError: the file or one of its rows cannot be read; the message has the row.
    """
    file = raw_file(path)
    table = held_table(file, universe, columns or {}, units or {})
    if table.dated is not None:
        dated = table.dated
    book = _Book(table, universe, known)
    for place in range(len(file.frame)):
        book.add(place)
    return ReadHoldings(
        mapping=table.mapping,
        rows=tuple(book.rows),
        holdings=book.holdings(dated, file.name),
    )


@dataclass(slots=True)
class _Book:
    """Collects rows; private to one reading."""

    table: HeldTable
    universe: Universe
    known: frozenset[str]
    rows: list[HeldRow] = field(default_factory=list)
    cash_bn: list[float] = field(default_factory=list)
    cash_weights: list[float] = field(default_factory=list)
    nav_bn: list[float] = field(default_factory=list)

    def add(self, place: int) -> None:
        """Read one row."""
        table = self.table
        said, sector_said = table.text("symbol", place), table.text("sector", place)
        quantity, weight = table.quantity(place), table.weight(place)
        name = said or sector_said
        kind = plain(name)
        if (not name and quantity is None and weight is None) or kind in TOTAL:
            return
        if not name:
            raise table.refused(place, "names no symbol and no sector")
        if kind in NAV:
            self.nav_bn += [] if quantity is None else [table.billions("nav", quantity)]
            return
        if quantity is None and weight is None:
            raise table.refused(place, f"{name!r} has neither a quantity nor a weight")
        if kind in CASH:
            if quantity is not None:
                self.cash_bn.append(table.billions("cash", quantity))
            else:
                self.cash_weights.append(weight or 0.0)
            return
        self._hold(place, said, sector_said, quantity, weight)

    def _hold(
        self, place: int, said: str, sector_said: str, quantity: float | None, weight: float | None
    ) -> None:
        if quantity is not None:
            weight = None
        if quantity == 0.0 or weight == 0.0:
            return
        symbol = self._symbol(place, said, by_quantity=quantity is not None) if said else None
        sector = None if symbol is not None else self._sector(place, said or sector_said)
        if sector is not None and weight is None:
            raise self.table.refused(
                place, f"{said or sector_said!r} is a sector, which is held by weight"
            )
        self.rows.append(
            HeldRow(
                row=self.table.line(place),
                said=said or sector_said,
                symbol=symbol,
                sector=sector,
                quantity=quantity,
                weight=weight,
            )
        )

    def _symbol(self, place: int, said: str, *, by_quantity: bool) -> str | None:
        """Return the symbol a cell names; None where it names a sector."""
        symbol = said.upper()
        if self.universe.currency == "USD":
            symbol = _SHARE_CLASS.sub(r"\1-\2", symbol)
        tickers = {sector.ticker for sector in self.universe.sectors}
        alias = plain(said) in sector_lookup(self.universe)
        if symbol in tickers or (symbol in self.known and (said == said.upper() or not alias)):
            return symbol
        if alias and not by_quantity:
            return None
        try:
            return _SYMBOL.validate_python(symbol)
        except ValidationError:
            return None

    def _sector(self, place: int, said: str) -> str:
        sector = sector_lookup(self.universe).get(plain(said))
        if sector is not None:
            return sector
        shared = [
            row.id
            for row in self.universe.sectors
            if plain(said) in {plain(alias) for alias in (*row.aliases, *row.rollups)}
        ]
        if shared:
            raise self.table.refused(
                place, f"{said!r} means several sectors ({', '.join(shared)}); name one of them"
            )
        raise self.table.refused(
            place,
            f"{said!r} is no sector of {self.universe.id} and no symbol; its sectors are "
            f"{', '.join(self.universe.sector_ids)}",
        )

    def holdings(self, dated: date, source: str) -> Holdings:
        """Return what the rows and the cash and nav columns make together.

        Raises:
            ImportRejectedError: nothing is held, cash or net asset value is told twice, the net
                asset value is 0, or the weights exceed one.
        """
        table = self.table
        cash, nav = table.single("cash"), table.single("nav")
        told = (cash is not None, bool(self.cash_bn), bool(self.cash_weights))
        if sum(told) > 1:
            raise ImportRejectedError(f"{table.file}: cash is told in two ways; keep one of them.")
        if len({*self.nav_bn, *([] if nav is None else [nav])}) > 1:
            raise ImportRejectedError(f"{table.file}: the net asset value is told twice.")
        if not self.rows and not any(told):
            raise ImportRejectedError(f"{table.file}: no row says what is held.")
        if 0.0 in (nav, *self.nav_bn):
            raise ImportRejectedError(
                f"{table.file}: the net asset value is 0; state it above 0 or leave it out."
            )
        whole = fsum([*(row.weight or 0.0 for row in self.rows), *self.cash_weights])
        if whole > 1.0 + ROUNDING:
            raise ImportRejectedError(
                f"{table.file}: the weights come to {100 * whole:.2f} %; they may not exceed 100 %."
            )
        return Holdings(
            universe=self.universe.id,
            dated=dated,
            source=source,
            nav_bn=nav if nav is not None else next(iter(self.nav_bn), None),
            cash_bn=fsum(self.cash_bn) if self.cash_bn else cash,
            cash_weight=min(fsum(self.cash_weights), 1.0) if self.cash_weights else None,
            positions=tuple(
                Position(
                    symbol=row.symbol,
                    sector=row.sector,
                    quantity=row.quantity,
                    weight=row.weight,
                )
                for row in self.rows
            ),
        )
