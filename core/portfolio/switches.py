"""Decides how much of the names above a cap is sold beyond what their sector sells.

No more than other names of the sector can take, so that the sector keeps its target.
"""

from collections.abc import Mapping
from math import fsum

from core.portfolio.book import Book
from core.portfolio.orders import buy_parts, sell_parts

ROUNDS = 20
"""Tries until what is sold and what can be bought for it agree; beyond, nothing is switched."""

AGREED = 1e-9


def first_sales(book: Book) -> dict[str, dict[str, float]]:
    """Return what is sold of each name above a cap before anything else, by sector; billions.

    All of the excess as far as the sector's own sale goes; beyond, what others can be bought for.
    """
    after = book.worth()
    first: dict[str, dict[str, float]] = {}
    for sector, value in book.values_bn.items():
        sale = max(-value, 0.0)
        first[sector] = _part(book.excess[sector], sale)
        sold = sell_parts(sale, book.held[sector], book.market, first[sector])
        _move(after, sold, -1.0)
    for sector, value in book.values_bn.items():
        rest = {name: above - first[sector][name] for name, above in book.excess[sector].items()}
        share, bought = _switched(book, sector, max(value, 0.0), rest, after)
        switched = {name: share * part for name, part in rest.items()}
        _move(after, switched, -1.0)
        _move(after, bought, 1.0)
        first[sector] = {name: part + switched[name] for name, part in first[sector].items()}
    return first


def _switched(
    book: Book, sector: str, purchase: float, rest: Mapping[str, float], after: Mapping[str, float]
) -> tuple[float, dict[str, float]]:
    """Return the share of the rest that can be replaced, and all that is then bought."""
    whole, share = fsum(rest.values()), 1.0 if rest else 0.0
    bought: dict[str, float] = {}
    for turn in range(ROUNDS + 1):
        left = dict(after)
        _move(left, {name: share * part for name, part in rest.items()}, -1.0)
        wanted = purchase + share * whole
        bought = buy_parts(wanted, book.tiers[sector], book.market, book.caps.room(left))
        found = max(fsum(bought.values()) - purchase, 0.0) / whole if whole > 0.0 else 0.0
        if found >= share - AGREED:
            break
        share = found if turn < ROUNDS - 1 else 0.0
    return share, bought


def _part(excess: Mapping[str, float], sale: float) -> dict[str, float]:
    whole = fsum(excess.values())
    share = min(sale / whole, 1.0) if whole > 0.0 else 0.0
    return {name: share * above for name, above in excess.items()}


def _move(after: dict[str, float], parts: Mapping[str, float], sign: float) -> None:
    for name, part in parts.items():
        after[name] = after.get(name, 0.0) + sign * part
