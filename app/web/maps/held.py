"""Decides which sectors a map that cannot show all keeps: the largest held.

Holdings that cannot be read or valued keep none; who asks for an allocation is told why.
"""

from typing import Final

from app.files.holdings import load_holdings
from app.web.desk.holdings import portfolio_of
from app.web.house import House
from core.errors import CallerError, DataError
from tools.scope import Scope

LARGEST: Final = 6
"""Sectors a map never leaves out, as on the report's."""


def largest_held(house: House, scope: Scope) -> frozenset[str]:
    """Return the sectors with the largest weights held on the scope's day."""
    universe, day = scope.universe, scope.as_of
    try:
        holdings = load_holdings(house.settings.home_dir, universe.id, day)
        if holdings is None:
            return frozenset()
        portfolio = portfolio_of(house, universe, holdings, day)
    except (CallerError, DataError):
        return frozenset()
    held = sorted(
        (row for row in portfolio.sectors if row.weight > 0.0),
        key=lambda row: (-row.weight, row.sector),
    )
    return frozenset(row.sector for row in held[:LARGEST])
