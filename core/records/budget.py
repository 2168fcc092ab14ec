"""What may be spent, and what was: calls, tokens, money, seconds and bytes."""

from typing import Final

from pydantic import Field

from core.records.record import Record

NAMES: Final = ("calls_count", "tokens_count", "usd", "seconds", "bytes_count")
"""The fields of both records."""


class Cost(Record):
    """What something costs: calls of servers and models, a model's tokens, US dollars, waiting.

    Bytes are those of tools' answers.
    """

    calls_count: int = Field(default=0, ge=0)
    tokens_count: int = Field(default=0, ge=0)
    usd: float = Field(default=0.0, ge=0)
    seconds: float = Field(default=0.0, ge=0)
    bytes_count: int = Field(default=0, ge=0)


class Budget(Record):
    """What may be spent at most; None is no limit."""

    calls_count: int | None = Field(default=None, ge=0)
    tokens_count: int | None = Field(default=None, ge=0)
    usd: float | None = Field(default=None, ge=0)
    seconds: float | None = Field(default=None, ge=0)
    bytes_count: int | None = Field(default=None, ge=0)

    def allows(self, cost: Cost) -> bool:
        """Tell whether the cost fits."""
        return all(
            limit is None or (spent or 0) <= limit
            for limit, spent in zip(_values(self), _values(cost), strict=True)
        )

    def without(self, cost: Cost) -> "Budget":
        """Return what is left once the cost is spent; never less than nothing."""
        pairs = zip(NAMES, _values(self), _values(cost), strict=True)
        left = {
            name: None if limit is None else max(limit - (spent or 0), 0)
            for name, limit, spent in pairs
        }
        return Budget.model_validate(left)

    def beside(self, cost: Cost) -> "Budget":
        """Return what would be left without the cost."""
        pairs = zip(NAMES, _values(self), _values(cost), strict=True)
        whole = {
            name: None if limit is None else limit + (more or 0) for name, limit, more in pairs
        }
        return Budget.model_validate(whole)

    def tighter(self, other: "Budget") -> "Budget":
        """Return the lower of both limits, for each."""
        pairs = zip(NAMES, _values(self), _values(other), strict=True)
        lower = {
            name: min((value for value in both if value is not None), default=None)
            for name, *both in pairs
        }
        return Budget.model_validate(lower)


def _values(record: Record) -> list[float | None]:
    return [getattr(record, name) for name in NAMES]
