"""What somebody may hold: in each way holdings can be stated, and under limits of every kind."""

from datetime import date
from typing import Final

from core.records.holdings import Holdings, Position
from core.records.mandate import Mandate, SectorCap, SectorFloor

DATED: Final = date(2021, 1, 4)
"""Before every report that is made of them."""


def holdings(universe: str = "demo", **said: object) -> Holdings:
    """Return holdings imported from a file."""
    row = {"universe": universe, "dated": DATED, "source": "holdings.csv", **said}
    return Holdings.model_validate(row)


def weighed(*weights: tuple[str, float]) -> tuple[Position, ...]:
    """Return sectors held by weight."""
    return tuple(Position(sector=sector, weight=weight) for sector, weight in weights)


def owned(*shares: tuple[str, float]) -> tuple[Position, ...]:
    """Return symbols held by number of shares."""
    return tuple(Position(symbol=symbol, quantity=count) for symbol, count in shares)


SECTORS: Final = holdings(
    positions=weighed(("technology", 0.4), ("financials", 0.25), ("energy", 0.2))
)
"""By weight, without money: what to trade is told in points, and no orders are."""
VALUED: Final = holdings(
    nav_bn=2.5, positions=weighed(("health_care", 0.4), ("industrials", 0.25), ("materials", 0.2))
)
"""By weight, with money: orders, and sectors that are not held at all."""
SHARES: Final = holdings(
    source="book.xlsx",
    cash_bn=0.4,
    positions=owned(("DTEC1", 12_345), ("DTEC4", 24_690), ("DIND4", 37_035), ("ZZZ", 100)),
)
"""By shares, one of them without a price and odd lots; cash in money."""
SYMBOLS: Final = holdings(
    nav_bn=0.5,
    positions=tuple(
        Position(symbol=symbol, weight=0.12)
        for symbol in ("DTEC1", "DTEC2", "DMAT3", "DMAT2", "DHEA1", "DHEA4")
    ),
)
"""By weight of each symbol, with money."""
LIMITED: Final = Mandate(
    id="house",
    version=3,
    valid_from=DATED,
    author="desk",
    sector_cap=0.25,
    turnover=1.0,
    tracking_error_pct=9.0,
    cash_floor=0.05,
    caps=(SectorCap(sector="energy", cap=0.1),),
    floors=(SectorFloor(sector="utilities", floor=0.08),),
    excluded=("real_estate",),
    issuer_cap=0.15,
)
"""A house's own limits, tight enough that most bind."""
