"""Decides what each limit of a mandate says about weights: one named limit each, none combined."""

from dataclasses import dataclass

import numpy as np

from core.portfolio.grid import WHOLE, Start, Units, at_least, at_most
from core.portfolio.look_through import LookThrough
from core.records.decision import LimitKind
from core.records.mandate import Mandate
from core.signals.trailing import Matrix

LONG_ONLY = "long_only"
"""The one limit no mandate states: nothing is sold short, and cash is what there is."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit on the units of sectors, in id order, and cash; what is None it leaves open.

    field: its name in the mandate. key: the sector, group or issuer it is about.
    row: look-through shares by place, 0..1; row @ units <= most. turnover: one-way units.
    tracking: annual tracking error, a fraction. counted: whether its value counts whole units.
    """

    kind: LimitKind
    field: str
    key: str | None = None
    low: Units | None = None
    high: Units | None = None
    row: Matrix | None = None
    most: float = float(WHOLE)
    turnover: int | None = None
    tracking: float | None = None
    counted: bool = True

    @property
    def value_name(self) -> str:
        """The name of what is changed to change the limit: a cap on every issuer is one."""
        return self.field if self.field == "issuer_cap" else self.name

    @property
    def name(self) -> str:
        """The name as it stands in the mandate's file."""
        if self.key is None:
            return self.field
        written_in_full = self.field in {"caps", "floors", "groups"}
        return f"{self.field}.{self.key}" if written_in_full else f"{self.field} ({self.key})"


def limits_of(mandate: Mandate, start: Start, look: LookThrough) -> tuple[Limit, ...]:
    """Return every limit, general ones first.

    A cap or an exclusion overrides the active cap from below: an order to hold less counts for more
    than staying near the benchmark. Sector and active caps nobody stated leave each sector at what
    the benchmark and the reference already are, and at its stated floor: by themselves they force
    no trade. Where they are in the way of stated limits all the same, their values change
    (`yielding`); a stated limit is kept as it is. Caps count whole units within them, floors whole
    units that reach them.
    """
    size = len(start.sectors) + 1
    most = np.full(size, WHOLE, dtype=np.int64)
    most[-1] = start.most_cash
    general = np.full(size, at_most(mandate.sector_cap), dtype=np.int64)
    general[-1] = WHOLE
    own = tuple(_own(mandate, start))
    floors = np.maximum.reduce([np.zeros(size, dtype=np.int64), *(_lows(own))])
    if "sector_cap" in mandate.assumed:
        general = np.maximum.reduce([general, start.benchmark, start.reference, floors])
    caps = [limit.high for limit in own if limit.high is not None]
    capped = np.minimum.reduce([general, *caps])
    return (
        Limit("long_only", LONG_ONLY, low=np.zeros(size, dtype=np.int64), high=most),
        Limit("sector_cap", "sector_cap", high=general),
        _active_cap(mandate, start, capped, floors),
        Limit("turnover", "turnover", turnover=at_most(mandate.turnover)),
        Limit(
            "cash_floor", "cash_floor", low=_only(size, -1, at_least(mandate.cash_floor), -WHOLE)
        ),
        Limit("cash_cap", "cash_cap", high=_only(size, -1, at_most(mandate.cash_cap), WHOLE)),
        *_tracking(mandate),
        *own,
        *_groups(mandate, start, look),
        *_issuers(mandate, look),
    )


def stated(mandate: Mandate, limit: Limit) -> float | None:
    """Return the value of a limit as a fraction; None for an exclusion, which has none."""
    if limit.field == "excluded":
        return None
    if limit.field == "caps":
        return min(row.cap for row in mandate.caps if row.sector == limit.key)
    if limit.field == "floors":
        return max(row.floor for row in mandate.floors if row.sector == limit.key)
    if limit.field == "groups":
        return min(row.cap for row in mandate.groups if row.name == limit.key)
    if limit.field == "tracking_error_pct":
        return limit.tracking
    value: float = getattr(mandate, limit.field)
    return value


def _lows(limits: tuple[Limit, ...]) -> list[Units]:
    return [limit.low for limit in limits if limit.low is not None]


def _active_cap(mandate: Mandate, start: Start, capped: Units, floors: Units) -> Limit:
    room = at_most(mandate.active_cap)
    low, high = np.minimum(start.benchmark - room, capped), start.benchmark + room
    if "active_cap" in mandate.assumed:
        low = np.minimum(low, start.reference)
        high = np.maximum.reduce([high, start.reference, floors])
    low[-1], high[-1] = -WHOLE, WHOLE
    return Limit("active_cap", "active_cap", low=low, high=high)


def _own(mandate: Mandate, start: Start) -> list[Limit]:
    """Return the limits on single sectors: caps and floors by id, then exclusions."""
    caps: dict[str, float] = {}
    for row in mandate.caps:
        caps[row.sector] = min(row.cap, caps.get(row.sector, 1.0))
    floors: dict[str, float] = {}
    for bound in mandate.floors:
        floors[bound.sector] = max(bound.floor, floors.get(bound.sector, 0.0))
    size, place = len(start.sectors) + 1, start.place
    found = [
        Limit("sector_cap", "caps", name, high=_only(size, place(name), at_most(cap), WHOLE))
        for name, cap in sorted(caps.items())
    ]
    found += [
        Limit("sector_floor", "floors", name, low=_only(size, place(name), at_least(least), -WHOLE))
        for name, least in sorted(floors.items())
    ]
    found += [
        Limit("excluded", "excluded", name, high=_only(size, place(name), 0, WHOLE))
        for name in sorted(set(mandate.excluded))
    ]
    return found


def _only(size: int, place: int, value: int, elsewhere: int) -> Units:
    """Return a bound of one place that leaves the others open."""
    bound = np.full(size, elsewhere, dtype=np.int64)
    bound[place] = value
    return bound


def _tracking(mandate: Mandate) -> list[Limit]:
    budget = mandate.tracking_error_pct
    if budget is None:
        return []
    return [Limit("tracking_error", "tracking_error_pct", tracking=budget / 100.0, counted=False)]


def _groups(mandate: Mandate, start: Start, look: LookThrough) -> list[Limit]:
    found = []
    for group in sorted(mandate.groups, key=lambda group: group.name):
        counted = bool(group.sectors)
        if counted:
            row = np.zeros(len(start.sectors) + 1)
            row[[start.place(sector) for sector in group.sectors]] = 1.0
            most = float(at_most(group.cap))
        else:
            row = look.row(group.symbols)
            most = WHOLE * (group.cap - look.outside(group.symbols))
        found.append(Limit("group_cap", "groups", group.name, row=row, most=most, counted=counted))
    return found


def _issuers(mandate: Mandate, look: LookThrough) -> list[Limit]:
    cap = mandate.issuer_cap
    if cap is None:
        return []
    return [
        Limit(
            "issuer_cap",
            "issuer_cap",
            symbol,
            row=look.row((symbol,)),
            most=WHOLE * (cap - look.outside((symbol,))),
            counted=False,
        )
        for symbol in look.telling
    ]
