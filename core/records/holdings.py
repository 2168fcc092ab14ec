"""What the user holds: as stated, and as valued at a date."""

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from core.records.record import Fraction, Record, Slug, Symbol
from core.records.universe import SectorWeight


class Position(Record):
    """A holding of a symbol or a sector, by shares or by weight."""

    symbol: Symbol | None = None
    sector: Slug | None = None
    quantity: float | None = Field(default=None, ge=0.0, description="shares")
    weight: Fraction | None = None

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        if (self.symbol is None) == (self.sector is None):
            raise ValueError("a position names a symbol or a sector")
        if (self.quantity is None) == (self.weight is None):
            raise ValueError("a position has a quantity or a weight")
        if self.sector is not None and self.weight is None:
            raise ValueError("a sector is held by weight")
        return self


class Holdings(Record):
    """A portfolio as the user states it. Money in billions of the universe's currency.

    Without `cash_weight` and `cash_bn` the cash is what the weights leave.
    """

    universe: Slug
    dated: date | None = Field(description="None: stated in the question")
    source: str = Field(max_length=120)
    nav_bn: float | None = Field(default=None, gt=0.0)
    cash_bn: float | None = Field(default=None, ge=0.0)
    cash_weight: Fraction | None = None
    positions: tuple[Position, ...]


class HeldPosition(Record):
    """A position at a price; `value_bn` is None where the net asset value is not known."""

    symbol: Symbol | None
    sector: Slug | None = Field(description="None: outside the universe")
    quantity: float | None
    close_level: float | None
    value_bn: float | None
    held_weight: Fraction


class StatedMoney(Record):
    """Cash and net asset value as the user stated them; None where not."""

    nav_bn: float | None = None
    cash_bn: float | None = None
    cash_weight: Fraction | None = None


class Portfolio(Record):
    """Holdings valued at a date; sectors, cash and what lies outside sum to one."""

    universe: Slug
    as_of: date
    dated: date | None
    source: str = Field(max_length=120)
    nav_bn: float | None
    cash_weight: Fraction
    outside_weight: Fraction = Field(description="positions the universe does not know")
    sectors: tuple[SectorWeight, ...] = Field(description="every sector of the universe")
    positions: tuple[HeldPosition, ...]
    stated: StatedMoney = StatedMoney()
    unpriced: tuple[Symbol, ...] = Field(
        default=(), description="held by quantity and without a price known at as_of: not counted"
    )
