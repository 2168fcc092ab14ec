"""A desk small enough to check by hand: three sectors of a member-built market, in dong."""

from datetime import date

from core.portfolio.grid import WHOLE, whole_weights
from core.portfolio.start import CASH, OUTSIDE
from core.records.decision import Allocation, AllocationLine, Stance
from core.records.holdings import Holdings, Portfolio, Position
from core.records.trading import TradingResult, TradingRow
from core.records.universe import Benchmark, Sector, Universe

DAY = date(2024, 12, 30)
SECTORS = ("banks", "estate", "steel")


def universe(*, built_from_members: bool = True) -> Universe:
    """Return the market; of funds its sectors trade as BNK, EST and STL."""
    mark = Benchmark(
        id="all",
        kind="basket" if built_from_members else "series",
        ticker=None if built_from_members else "ALL",
        name_en="All",
        name_vi="Tất cả",
        treatment="price",
    )
    names = zip(SECTORS, ("BNK", "EST", "STL"), strict=True)
    return Universe(
        id="toy",
        regions=("TOY",),
        name_en="Toy",
        name_vi="Đồ chơi",
        taxonomy="synthetic",
        currency="VND",
        money_unit="bn",
        timezone="Asia/Ho_Chi_Minh",
        close_time="15:00",
        built_from_members=built_from_members,
        foreign_flow=True,
        lot_count=100,
        sectors=tuple(
            Sector(id=name, ticker=ticker, name_en=name.title(), name_vi=name.title())
            for name, ticker in names
        ),
        benchmarks=(mark,),
    )


def row(
    symbol: str, sector: str | None, close: float, weight_pct: float | None = None, **more: object
) -> TradingRow:
    """Return an instrument trading 100 bn a session in lots of 100, unless told otherwise."""
    cells: dict[str, object] = {
        "symbol": symbol,
        "sector": sector,
        "period": DAY,
        "close_level": close,
        "basket_weight_pct": weight_pct,
        "traded_20d_bn": 100.0,
        "lot_count": 100,
    }
    return TradingRow.model_validate(cells | more)


ROWS = (
    row("AAA", "banks", 25_000.0, 50.0),
    row("BBB", "banks", 50_000.0, 35.0),
    row("CCC", "banks", 10_000.0, 15.0),
    row("EEE", "estate", 40_000.0, 100.0),
    row("SSS", "steel", 27_350.0, 60.0),
    row("TTT", "steel", 14_900.0, 40.0),
)


def started(found: Allocation, portfolio: Portfolio) -> Allocation:
    """Return the allocation with the held weights it started from, in whole tenths of a percent."""
    held = whole_weights(
        {row.sector: row.weight for row in portfolio.sectors}
        | {CASH: portfolio.cash_weight, OUTSIDE: portfolio.outside_weight}
    )
    lines = tuple(
        line.model_copy(update={"held_weight": held[line.sector] / WHOLE}) for line in found.lines
    )
    return found.model_copy(update={"lines": lines})


def trading(*rows: TradingRow) -> TradingResult:
    """Return the market's conditions, of these rows or of all."""
    return TradingResult(
        tool="get_trading_conditions",
        universe="toy",
        universe_hash="0" * 64,
        as_of=DAY,
        currency="VND",
        synthetic=True,
        trade_on=date(2024, 12, 31),
        settlement_sessions=2,
        settles=date(2025, 1, 3),
        rows=rows or ROWS,
    )


def holdings(*positions: Position, **more: object) -> Holdings:
    """Return what is held."""
    stated = {"universe": "toy", "dated": DAY, "source": "book.csv", "positions": positions}
    return Holdings.model_validate(stated | more)


def shares(symbol: str, quantity: float) -> Position:
    """Return a position by quantity."""
    return Position(symbol=symbol, quantity=quantity)


def part(name: str, weight: float) -> Position:
    """Return a position by weight: of a sector, or of a symbol in capitals."""
    if name.isupper():
        return Position(symbol=name, weight=weight)
    return Position(sector=name, weight=weight)


def allocation(
    targets: dict[str, float], *, cash: float, outside: float = 0.0, excluded: tuple[str, ...] = ()
) -> Allocation:
    """Return target weights."""
    stances: dict[str, Stance] = dict.fromkeys(excluded, "excluded")
    return Allocation(
        universe="toy",
        as_of=DAY,
        horizon="1M",
        mandate="own",
        benchmark_weights_source="equal_weight",
        lines=tuple(
            AllocationLine(
                sector=name,
                instrument=name.upper(),
                benchmark_weight=0.0,
                target_weight=targets.get(name, 0.0),
                stance=stances.get(name, "neutral"),
            )
            for name in SECTORS
        ),
        turnover=0.0,
        cost_bps=3.0,
        tracking_error_pct=None,
        cash_target_weight=cash,
        outside_weight=outside,
    )
