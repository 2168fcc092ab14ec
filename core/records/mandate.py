"""The limits an allocation is made under, dated and versioned, and those a question adds."""

from datetime import date
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from core.records.record import Fraction, Record, Slug, Symbol

PACKAGED_VERSION = 0

General = Literal["sector_cap", "active_cap", "turnover"]
"""Limits on every sector, or on all trades together."""


class SectorCap(Record):
    """An upper bound on one sector's target weight."""

    sector: Slug
    cap: Fraction


class SectorFloor(Record):
    """A lower bound on one sector's target weight."""

    sector: Slug
    floor: Fraction


class GroupLimit(Record):
    """An upper bound on several sectors together, or on related issuers looked through to."""

    name: Slug
    sectors: tuple[Slug, ...] = ()
    symbols: tuple[Symbol, ...] = ()
    cap: Fraction

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if bool(self.sectors) == bool(self.symbols):
            raise ValueError(f"group {self.name}: name either sectors or symbols")
        return self


class FactorPreference(Record):
    """A weight of one factor's z-score the user fixes in place of the learned ones."""

    factor: Slug
    weight: float


class MandatePatch(Record):
    """Limits the user stated in words; nothing else may change a mandate."""

    caps: tuple[SectorCap, ...] = ()
    floors: tuple[SectorFloor, ...] = ()
    excluded: tuple[Slug, ...] = ()
    turnover: Fraction | None = None


TrackingErrorPct = Annotated[float, Field(ge=0.01, le=100.0, description="annual budget")]
CostBps = Annotated[float, Field(ge=0.0, le=1000.0, description="per side, of traded value")]
RiskAversion = Annotated[float, Field(ge=0.01, le=1e6, description="of the utility's variance")]
"""Far below or beyond what anybody means, arithmetic ends before the limits do."""


class Mandate(Record):
    """The limits an allocation is made under; fractions of net asset value.

    Version 0 is the packaged mandate. A general limit nobody stated is `assumed` and gives way to
    what the benchmark, the portfolio or a stated limit asks for; a stated limit never gives way.
    """

    id: Slug = "default"
    version: int = Field(default=PACKAGED_VERSION, ge=0)
    valid_from: date | None = None
    author: str = Field(default="", max_length=80)
    reason: str = Field(default="", max_length=200)
    benchmark: Slug | None = Field(default=None, description="one of the universe's benchmarks")
    sector_cap: Fraction = 0.35
    active_cap: Fraction = Field(default=0.10, description="largest |target - benchmark|")
    turnover: Fraction = Field(
        default=0.30, description="one-way: half the sum of |trades|, cash included"
    )
    no_trade_band: Fraction = 0.005
    tracking_error_pct: TrackingErrorPct | None = None
    cash_floor: Fraction = 0.0
    cash_cap: Fraction = 1.0
    issuer_cap: Fraction | None = Field(default=None, description="of any one issuer")
    groups: tuple[GroupLimit, ...] = ()
    caps: tuple[SectorCap, ...] = ()
    floors: tuple[SectorFloor, ...] = ()
    excluded: tuple[Slug, ...] = ()
    cost_bps: CostBps = 10.0
    risk_aversion: RiskAversion = 10.0
    factor_weights: tuple[FactorPreference, ...] = ()
    assumed: tuple[General, ...] = Field(default=(), description="derived where it is not given")

    @model_validator(mode="before")
    @classmethod
    def _what_is_assumed(cls, given: object) -> object:
        if not isinstance(given, dict) or "assumed" in given:
            return given
        return {**given, "assumed": [name for name in get_args(General) if name not in given]}

    @property
    def packaged(self) -> bool:
        """Whether nobody stated any of it."""
        return self.version == PACKAGED_VERSION

    def patched(self, patch: MandatePatch | None) -> "Mandate":
        """Return the mandate with the user's stated limits applied.

        A stated limit only ever tightens; an assumed one takes the value the user states.
        """
        if patch is None:
            return self
        general = 1.0 if "sector_cap" in self.assumed else self.sector_cap
        caps = {row.sector: row for row in self.caps}
        for row in patch.caps:
            known = caps[row.sector].cap if row.sector in caps else general
            caps[row.sector] = SectorCap(sector=row.sector, cap=min(row.cap, known))
        floors: dict[str, SectorFloor] = {}
        for least in (*self.floors, *patch.floors):
            before = floors.get(least.sector)
            floor = max(least.floor, 0.0 if before is None else before.floor)
            floors[least.sector] = SectorFloor(sector=least.sector, floor=floor)
        return self.model_copy(
            update={
                "caps": tuple(caps[key] for key in sorted(caps)),
                "floors": tuple(floors[key] for key in sorted(floors)),
                "assumed": tuple(
                    name for name in self.assumed if name != "turnover" or patch.turnover is None
                ),
                "excluded": tuple(sorted({*self.excluded, *patch.excluded})),
                "turnover": self._turnover(patch.turnover),
            }
        )

    def _turnover(self, stated: float | None) -> float:
        if stated is None:
            return self.turnover
        return stated if "turnover" in self.assumed else min(stated, self.turnover)


class MandateInForce(Record):
    """The version a universe's decision was made under."""

    universe: Slug
    mandate: Mandate


class MandateBook(Record):
    """All versions of one mandate, by date; a version holds until the next begins."""

    id: Slug
    universe: Slug | None = Field(default=None, description="None: its limits name no sector")
    versions: tuple[Mandate, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        dates = [version.valid_from or date.min for version in self.versions]
        if dates != sorted(set(dates)):
            raise ValueError(f"mandate {self.id}: valid_from must rise from version to version")
        return self

    def at(self, as_of: date) -> Mandate | None:
        """Return the version in force that day; None before the first."""
        begun = [row for row in self.versions if (row.valid_from or date.min) <= as_of]
        return begun[-1] if begun else None
