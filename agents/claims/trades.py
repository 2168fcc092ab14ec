"""Claims of what to trade: each sector from held to target, then cost, settlement and cash."""

from agents.claims.leaders import scores
from agents.claims.maker import Maker
from core.portfolio.precedence import in_order
from core.records.evidence import Fact
from core.records.report import Claim, Section
from core.records.trades import OrderNote, SectorTrade

TRADES_CAP = 8
"""Sectors whose trade is told."""
NOTES_CAP = 8
"""Orders named beside one remark."""
POSITIONS_SHOWN = 6
"""Positions of one sentence."""
_LINE = ("held_weight", "target_weight", "value_bn", "trading_days")
_TOTAL = (
    "trade_on", "settles", "buys_bn", "sells_bn", "cost_bn", "cost_bps", "cash_after_weight",
)  # fmt: skip


def trades(maker: Maker, section: Section = "trades") -> list[Claim]:
    """Return each sector's trade, largest first, then the totals and what hinders an order."""
    plan = maker.material.trade_plan(maker.universe.id)
    if plan is None:
        return []
    lines = [
        claim for place, _ in moved(maker)[:TRADES_CAP] for claim in _line(maker, section, place)
    ]
    if not lines and not plan.orders:
        return maker.claim(section, "trades.none", _told(maker, "cash_after_weight"))
    return [*lines, *_total(maker, section), *_notes(maker, section)]


def moved(maker: Maker) -> list[tuple[int, SectorTrade]]:
    """Return the sectors traded, with their places, the largest change of weight first."""
    plan = maker.material.trade_plan(maker.universe.id)
    rows = {
        row.sector: (n, row) for n, row in enumerate(plan.sectors if plan else ()) if row.traded
    }
    order = in_order({sector: change(row) for sector, (_, row) in rows.items()}, scores(maker))
    return [rows[sector] for sector in order]


def change(row: SectorTrade) -> float:
    """Return target minus held weight, a fraction."""
    return row.target_weight - row.held_weight


def switched(maker: Maker) -> Fact | None:
    """Return the largest sale of a name of a sector whose weight stays, as its value."""
    plan = maker.material.trade_plan(maker.universe.id)
    still = {row.sector for row in plan.sectors if not row.traded} if plan else set()
    found = [
        (-order.value_bn, place)
        for place, order in enumerate(plan.orders if plan else ())
        if order.sector in still and order.side == "sell" and order.quantity_count
    ]
    return _told(maker, "orders", min(found)[1], "value_bn") if found else None


def weights(maker: Maker, place: int) -> tuple[Fact | None, Fact | None]:
    """Return a traded sector's held and target weight."""
    return _told(maker, "sectors", place, "held_weight"), _told(
        maker, "sectors", place, "target_weight"
    )


def understood(maker: Maker) -> list[Claim]:
    """Return the holdings the question states, as they were understood."""
    held, universe = maker.material.request.holdings, maker.universe.id
    if held is None or held.universe != universe:
        return []
    facts = [
        maker.material.asked(universe, "holdings", "positions", place, "weight")
        for place in range(len(held.positions))
    ]
    claims: list[Claim] = []
    for start in range(0, len(facts), POSITIONS_SHOWN):
        claims += maker.listing("answer", "trades.held", *facts[start : start + POSITIONS_SHOWN])
    cash = maker.material.asked(universe, "holdings", "cash_weight")
    rest = maker.material.told("portfolio", universe, "cash_weight")
    return [*claims, *maker.claim("answer", "trades.cash", cash or rest)]


def _line(maker: Maker, section: Section, place: int) -> list[Claim]:
    facts = [_told(maker, "sectors", place, name) for name in _LINE]
    return maker.listing(section, "trades.line", *facts) if all(facts[:2]) else []


def _total(maker: Maker, section: Section) -> list[Claim]:
    whole = maker.claim(section, "trades.total", *(_told(maker, name) for name in _TOTAL))
    if whole:
        return whole
    names = ("cost_bps", "cash_before_weight", "cash_after_weight")
    days = maker.claim(section, "trades.settles", _told(maker, "trade_on"), _told(maker, "settles"))
    return [
        *days,
        *maker.claim(section, "trades.total_weights", *(_told(maker, name) for name in names)),
    ]


def _notes(maker: Maker, section: Section) -> list[Claim]:
    """Return which orders share a remark, remark by remark, and what is held without a price."""
    plan = maker.material.trade_plan(maker.universe.id)
    found: dict[OrderNote, list[Fact | None]] = {}
    for place, order in enumerate(plan.orders if plan else ()):
        for number, note in enumerate(order.notes):
            found.setdefault(note, []).append(_told(maker, "orders", place, "notes", number))
    claims: list[Claim] = []
    for note in sorted(found):
        claims += maker.claim(section, "trades.note", *found[note][:NOTES_CAP])
    portfolio = maker.material.portfolio(maker.universe.id)
    unpriced = [
        maker.material.told("portfolio", maker.universe.id, "unpriced", place)
        for place in range(len(portfolio.unpriced if portfolio else ()))
    ]
    return [*claims, *maker.claim(section, "trades.unpriced", *unpriced[:NOTES_CAP])]


def _told(maker: Maker, *path: str | int) -> Fact | None:
    return maker.material.told("trades", maker.universe.id, *path)
