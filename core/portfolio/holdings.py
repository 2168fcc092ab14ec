"""Decides what stated holdings are worth at a date, in fractions of the net asset value.

It refuses to guess: what has no price is named and not counted, what nobody explains lies outside.
"""

from dataclasses import dataclass
from datetime import date
from math import fsum

from core.errors import CallerError, DataError
from core.records.holdings import HeldPosition, Holdings, Portfolio, Position, StatedMoney
from core.records.trading import TradingResult, TradingRow
from core.records.universe import SectorWeight, Universe

BILLION = 1e9

ROUNDING = 0.001
"""What stated weights may exceed one by: twenty rows printed to a hundredth of a percent."""

NAV_DRIFT = 1.5
"""How far prices may have carried positions beyond a net asset value of an earlier date; a larger
excess is a wrong unit."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """Positions that can be counted, each worth money or a stated weight, and those that cannot."""

    positions: tuple[Position, ...]
    values_bn: tuple[float, ...]
    unpriced: tuple[str, ...]

    @property
    def priced_bn(self) -> float:
        """What the positions held by quantity are worth."""
        return fsum(self.values_bn)

    @property
    def stated(self) -> float:
        """What the positions held by weight sum to."""
        return fsum(row.weight or 0.0 for row in self.positions)

    @property
    def by_quantity(self) -> bool:
        """Whether anything is held by quantity, priced or not."""
        return bool(self.unpriced) or any(row.quantity is not None for row in self.positions)

    @property
    def by_weight(self) -> bool:
        """Whether anything is held by weight."""
        return any(row.weight is not None for row in self.positions)


def valued(
    holdings: Holdings, universe: Universe, trading: TradingResult | None, *, as_of: date
) -> Portfolio:
    """Return the holdings at the prices known at as_of; sectors, cash and outside sum to one.

    A quantity is worth quantity x close. The net asset value is the stated one; without it, what
    the quantities and the cash are worth over the fraction no weight claims; without quantities it
    stays unknown. A stated value gives way when prices since have carried the positions beyond it.
    Cash is the stated one, else what is left. What neither positions nor a stated cash explain
    counts as outside, as do symbols of no sector.

    Args:
        holdings: of this universe.
        universe: its sectors and their tickers.
        trading: prices and sectors by symbol; None when there are none.
        as_of: the date of the prices.

    Raises:
        CallerError: weights or amounts that cannot all be, an unknown sector, or a sum that cannot
            be told without the net asset value or the cash.
        DataError: nothing held by quantity has a price.
    """
    _refuse_foreign(holdings, universe)
    rows = {} if trading is None else {row.symbol: row for row in trading.rows}
    counted = _counted(holdings, rows)
    nav_bn = _nav_bn(holdings, counted)
    weights = [
        row.weight if row.weight is not None else value / (nav_bn or 1.0)
        for row, value in zip(counted.positions, counted.values_bn, strict=True)
    ]
    cash = _cash_weight(holdings, counted, nav_bn)
    total = fsum([*weights, cash or 0.0])
    if total > 1.0 + ROUNDING:
        raise CallerError(
            f"holdings of {universe.id}: positions and cash come to {100 * total:.2f} % of the net "
            "asset value; they may not exceed 100 %"
        )
    scale = max(total, 1.0)
    held = [weight / scale for weight in weights]
    cash_known = None if cash is None else cash / scale
    left = max(1.0 - fsum([*held, cash_known or 0.0]), 0.0)
    tickers = {sector.ticker: sector.id for sector in universe.sectors}
    positions = tuple(
        _held(row, weight, rows, tickers, nav_bn)
        for row, weight in zip(counted.positions, held, strict=True)
    )
    outside = [row.held_weight for row in positions if row.sector is None]
    return Portfolio(
        universe=universe.id,
        as_of=as_of,
        dated=holdings.dated,
        source=holdings.source,
        nav_bn=nav_bn,
        cash_weight=left if cash_known is None else cash_known,
        outside_weight=min(fsum([*outside, 0.0 if cash_known is None else left]), 1.0),
        sectors=_sector_weights(universe, positions),
        positions=positions,
        stated=StatedMoney(
            nav_bn=holdings.nav_bn, cash_bn=holdings.cash_bn, cash_weight=holdings.cash_weight
        ),
        unpriced=counted.unpriced,
    )


def _refuse_foreign(holdings: Holdings, universe: Universe) -> None:
    if holdings.universe != universe.id:
        raise CallerError(f"holdings of {holdings.universe} cannot be valued in {universe.id}")
    named = {row.sector for row in holdings.positions if row.sector is not None}
    unknown = sorted(named - set(universe.sector_ids))
    if unknown:
        raise CallerError(
            f"holdings name {', '.join(unknown)}, no sector of {universe.id}; "
            f"its sectors are {', '.join(universe.sector_ids)}"
        )


def _counted(holdings: Holdings, rows: dict[str, TradingRow]) -> _Counted:
    positions: list[Position] = []
    values: list[float] = []
    unpriced: set[str] = set()
    for row in holdings.positions:
        price = rows.get(row.symbol or "")
        if row.quantity is None:
            positions.append(row)
            values.append(0.0)
        elif price is not None:
            positions.append(row)
            values.append(row.quantity * price.close_level / BILLION)
        elif row.symbol is not None:
            unpriced.add(row.symbol)
    return _Counted(tuple(positions), tuple(values), tuple(sorted(unpriced)))


def _nav_bn(holdings: Holdings, counted: _Counted) -> float | None:
    money = counted.priced_bn + (holdings.cash_bn or 0.0)
    free = 1.0 - counted.stated - (holdings.cash_weight or 0.0)
    if holdings.nav_bn is not None:
        return _stated_nav(holdings.nav_bn, holdings, counted, money=money, free=free)
    if not counted.by_quantity and money <= 0.0:
        return None
    if counted.by_weight and not _cash_told(holdings):
        raise CallerError(
            "holdings: weights beside quantities need the net asset value or the cash; add a NAV "
            "or a CASH row"
        )
    if money <= 0.0:
        raise DataError(
            f"holdings: none of {', '.join(counted.unpriced) or 'the positions'} has a price then; "
            "import prices, or state weights"
        )
    if free <= ROUNDING:
        raise CallerError(
            f"holdings: weights come to {100 * (1.0 - free):.2f} %, which leaves nothing for the "
            "quantities or the cash beside them"
        )
    return money / free


def _stated_nav(
    nav_bn: float, holdings: Holdings, counted: _Counted, *, money: float, free: float
) -> float:
    """Return the stated net asset value, or what is held beyond it since."""
    if counted.unpriced and not _cash_told(holdings):
        raise CallerError(
            f"holdings: {', '.join(counted.unpriced)} has no price then, so the cash cannot be "
            "told from the net asset value; add a CASH row"
        )
    if not counted.by_quantity or free <= 0.0:
        return nav_bn
    needed = money / free
    if needed > NAV_DRIFT * nav_bn:
        raise CallerError(
            f"holdings: positions and cash are worth {needed:,.6g} bn, the stated net asset value "
            f"is {nav_bn:,.6g} bn; check the units"
        )
    return max(nav_bn, needed)


def _cash_told(holdings: Holdings) -> bool:
    return holdings.cash_bn is not None or holdings.cash_weight is not None


def _cash_weight(holdings: Holdings, counted: _Counted, nav_bn: float | None) -> float | None:
    """Return the cash as far as it is told; None leaves it what the positions leave."""
    if holdings.cash_bn is not None and nav_bn is not None:
        return holdings.cash_bn / nav_bn
    if holdings.cash_weight is not None:
        return holdings.cash_weight
    all_by_quantity = counted.by_quantity and not counted.by_weight
    return 0.0 if all_by_quantity and holdings.nav_bn is None else None


def _held(
    row: Position,
    weight: float,
    rows: dict[str, TradingRow],
    tickers: dict[str, str],
    nav_bn: float | None,
) -> HeldPosition:
    price = rows.get(row.symbol or "")
    sector = row.sector
    if row.symbol is not None:
        member = None if price is None else price.sector
        sector = member or tickers.get(row.symbol)
    return HeldPosition(
        symbol=row.symbol,
        sector=sector,
        quantity=row.quantity,
        close_level=None if price is None else price.close_level,
        value_bn=None if nav_bn is None else weight * nav_bn,
        held_weight=weight,
    )


def _sector_weights(
    universe: Universe, positions: tuple[HeldPosition, ...]
) -> tuple[SectorWeight, ...]:
    return tuple(
        SectorWeight(
            sector=sector,
            weight=min(fsum(row.held_weight for row in positions if row.sector == sector), 1.0),
        )
        for sector in universe.sector_ids
    )
