"""Decides the smallest change of one limit that lets a mandate hold, the others unchanged."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil, floor, log10

from core.portfolio.grid import WHOLE, at_least, at_most
from core.portfolio.limits import Limit, stated
from core.portfolio.optimiser import feasible
from core.portfolio.problem import Problem
from core.records.mandate import Mandate, SectorCap

LOWERED = frozenset({"floors", "cash_floor"})
"""Limits that ask for at least something; all others allow at most something."""

DIGITS = 4
"""Significant digits of a change that does not lie on the grid; rounded to the easier side."""

MOST = 1.0
"""The loosest value tried off the grid: all of a portfolio, or a tracking error of 100 % a year."""

KEYED = {"caps": ("sector", "cap"), "floors": ("sector", "floor"), "groups": ("name", "cap")}
"""Fields of rows: what names a row, and what it limits."""

STEPS = 26
"""Halvings of a search off the grid, down to what the solver can tell apart."""

DUST_DECIMALS = 3


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A change of one limit, fractions; `after` is None where no value of it is enough."""

    field: str
    name: str
    before: float
    after: float | None

    @property
    def change(self) -> float:
        """How far the limit moves; infinite where no value is enough."""
        return float("inf") if self.after is None else round(abs(self.after - self.before), 9)

    @property
    def text(self) -> str:
        """What to do, in a few words."""
        if self.after is None:
            return f"no change of {self.name} alone is enough"
        if self.field == "excluded":
            return f"replace {self.name} by a cap of {percent(self.after)}"
        verb = "lower" if self.field in LOWERED else "raise"
        return f"{verb} {self.name} from {percent(self.before)} to {percent(self.after)}"


def percent(fraction: float) -> str:
    """Return a fraction in percent, without trailing zeros."""
    return f"{100.0 * fraction:.6g} %"


def relaxation(problem: Problem, limit: Limit) -> Relaxation:
    """Return the smallest change of one limit that lets a problem be met; a little less does not.

    On the grid where the limit counts whole units, else to four significant digits.

    Args:
        problem: whose limits cannot all hold.
        limit: the one to change, the others kept.
    """
    before = stated(problem.mandate, limit) or 0.0

    def enough(value: float) -> bool:
        changed = relaxed(problem, limit, value)
        return feasible(changed.view, changed.start, changed.bounds)

    search = _on_grid if limit.counted else _off_grid
    return Relaxation(limit.field, limit.value_name, before, search(limit, before, enough))


def loosened(problem: Problem, limit: Limit, amount: float) -> Relaxation:
    """Return the change of a limit by an amount, a fraction, rounded to the easier side."""
    before = stated(problem.mandate, limit) or 0.0
    if limit.field in LOWERED:
        after = max(at_most(at_least(before) / WHOLE - amount), 0) / WHOLE
    elif limit.counted:
        after = at_least(at_most(before) / WHOLE + amount) / WHOLE
    else:
        after = _easier(before + amount)
    return Relaxation(limit.field, limit.value_name, before, after)


def _on_grid(limit: Limit, before: float, enough: Callable[[float], bool]) -> float | None:
    lowered = limit.field in LOWERED
    tight, loose = (at_least(before), 0) if lowered else (at_most(before), WHOLE)
    if not enough(loose / WHOLE):
        return None
    while abs(tight - loose) > 1:
        middle = (tight + loose) // 2
        if enough(middle / WHOLE):
            loose = middle
        else:
            tight = middle
    return loose / WHOLE


def _off_grid(limit: Limit, before: float, enough: Callable[[float], bool]) -> float | None:
    """Return as on the grid; what lies off the grid is always raised."""
    del limit
    tight, loose = before, MOST
    if not enough(loose):
        return None
    for _ in range(STEPS):
        middle = (tight + loose) / 2
        if enough(middle):
            loose = middle
        else:
            tight = middle
    return _easier(loose)


def _easier(value: float) -> float:
    """Return a value at least as large, in few digits."""
    scale = 10.0 ** (DIGITS - 1 - floor(log10(value)))
    return ceil(round(value * scale, DUST_DECIMALS)) / scale


def relaxed(problem: Problem, limit: Limit, value: float) -> Problem:
    """Return the problem with one limit's value changed."""
    mandate = _changed(problem.mandate, limit, value)
    start = problem.start
    if limit.field == "cash_floor" and not start.held:
        start = replace(start, most_cash=at_least(value))
    return replace(problem, mandate=mandate, start=start)


def _changed(mandate: Mandate, limit: Limit, value: float) -> Mandate:
    key, field = limit.key, limit.field
    if field == "excluded":
        kept = tuple(name for name in mandate.excluded if name != key)
        caps = (*mandate.caps, SectorCap(sector=str(key), cap=value))
        return mandate.model_copy(update={"excluded": kept, "caps": caps})
    if field == "tracking_error_pct":
        return mandate.model_copy(update={field: 100.0 * value})
    if field == "issuer_cap" or key is None:
        return mandate.model_copy(update={field: value})
    name, bound = KEYED[field]
    rows = tuple(
        row.model_copy(update={bound: value}) if getattr(row, name) == key else row
        for row in getattr(mandate, field)
    )
    return mandate.model_copy(update={field: rows})
