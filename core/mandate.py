"""Decides which limits a mandate's TOML text states, version by version, and what changed.

Reading the file is the caller's business; whether the limits can all hold is the allocation's.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from core.errors import MandateError
from core.mandate_rows import OF_ONE_VERSION, inherited, records_of
from core.records.mandate import Mandate, MandateBook

_NO_FRACTION: Final = frozenset({"tracking_error_pct", "cost_bps", "risk_aversion"})
"""Limits in units of their own."""

OF_THE_BOOK = frozenset({"id", "universe"})

FRACTIONS = (
    "sector_cap", "active_cap", "turnover", "no_trade_band", "cash_floor", "cash_cap", "issuer_cap",
)  # fmt: skip

ABSENT = "none"


@dataclass(frozen=True, slots=True)
class LimitChange:
    """One limit before and after, in words; `none` where there is none."""

    limit: str
    before: str
    after: str


def parse_mandate(text: str, name: str) -> MandateBook:
    """Return all versions the TOML text states.

    Flat: the keys are limits, and there is one version. Or `[[versions]]`, oldest first, each with
    `valid_from` (the first may leave it out), `author` and `reason`; a version states only what
    changes. Rows of `caps`, `floors`, `groups` and `factor_weights` are taken over one by one, as
    are names in `excluded`; `lift = ["caps.real_estate", "issuer_cap"]` takes limits away. Rows are
    written as a table, `caps = {real_estate = 0.15}`, or as an array of tables.

    Args:
        text: TOML.
        name: the mandate's id where the text states none.

    Raises:
        MandateError: the text does not fit; the message is one sentence and names the key.
    """
    try:
        stated = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MandateError(f"mandate {name} is not valid TOML: {error}") from error
    own = stated.get("id", name)
    versions: list[Mandate] = []
    limits: dict[str, object] = {}
    for where, given in _given(stated, f"mandate {own}"):
        limits = inherited(limits, given, where)
        number = versions[-1].version + 1 if versions else 1
        head = {key: given[key] for key in sorted(OF_ONE_VERSION & given.keys() - {"lift"})}
        versions.append(_version({"id": own, "version": number} | head, limits, where))
        if versions[-1].version < number:
            raise MandateError(f"{where}: version must be at least {number}")
        if len(versions) > 1 and versions[-1].valid_from is None:
            raise MandateError(f"{where}: valid_from is missing; it says from which day it holds")
    try:
        return MandateBook(id=own, universe=stated.get("universe"), versions=tuple(versions))
    except ValidationError as error:
        message = _sentence(error.errors()[0], {}).removeprefix(f"mandate {own}: ")
        raise MandateError(f"mandate {own}: {message}") from error


def mandate_changes(before: Mandate, after: Mandate) -> tuple[LimitChange, ...]:
    """Return the limits that differ, named as in the file: general ones first, then by name."""
    old, new = stated_limits(before), stated_limits(after)
    names = [*old, *(name for name in new if name not in old)]
    return tuple(
        LimitChange(name, old.get(name, ABSENT), new.get(name, ABSENT))
        for name in names
        if old.get(name) != new.get(name)
    )


def _given(stated: Mapping[str, object], where: str) -> list[tuple[str, Mapping[str, object]]]:
    """Return what each version states, oldest first, and how to name the version."""
    limits = {key: value for key, value in stated.items() if key not in OF_THE_BOOK}
    if "versions" not in limits:
        return [(where, limits)]
    versions = limits.pop("versions")
    if limits:
        raise MandateError(f"{where}: {sorted(limits)[0]} must stand in one of the [[versions]]")
    if not (isinstance(versions, list) and versions and all(map(_is_table, versions))):
        raise MandateError(f"{where}: versions must be an array of tables, [[versions]]")
    return [(f"{where}, version {place}", row) for place, row in enumerate(versions, start=1)]


def _is_table(row: object) -> bool:
    return isinstance(row, dict)


def _version(head: Mapping[str, object], limits: Mapping[str, object], where: str) -> Mandate:
    try:
        return Mandate.model_validate(records_of(limits) | dict(head))
    except ValidationError as error:
        raise MandateError(f"{where}: {_sentence(error.errors()[0], limits)}") from error


def _sentence(error: ErrorDetails, limits: Mapping[str, object]) -> str:
    """Return what is wrong, the key first; rows are called by name."""
    place = [str(part) for part in error["loc"]]
    rows = limits.get(place[0]) if place else None
    if isinstance(rows, dict) and len(place) > 1 and place[1].isdigit():
        place[1] = sorted(rows)[int(place[1])]
    key = ".".join(place)
    short = key.removesuffix(".cap").removesuffix(".floor").removesuffix(".weight")
    if error["type"] == "missing":
        return f"{key} is missing"
    if error["type"] == "extra_forbidden":
        known = "" if len(place) > 1 else f"; limits are {', '.join(Mandate.model_fields)}"
        return f"{key} is no limit{known}"
    beyond = error["type"] in {"less_than_equal", "greater_than_equal"}
    if beyond and short not in _NO_FRACTION:
        return f"{short} is {error['input']}; it is a fraction of one, 0.15 for 15 %"
    message = error["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    return f"{short}: {message}" if short else message


def stated_limits(mandate: Mandate) -> dict[str, str]:
    """Return every limit in words, by its name in the file."""
    told = {"benchmark": mandate.benchmark or ABSENT}
    for field in FRACTIONS:
        value: float | None = getattr(mandate, field)
        told[field] = ABSENT if value is None else _percent(value)
        told[field] += " (built in)" if field in mandate.assumed else ""
    budget = mandate.tracking_error_pct
    told["tracking_error_pct"] = ABSENT if budget is None else _percent(budget / 100.0)
    told["cost_bps"] = f"{mandate.cost_bps:g} bp"
    told["risk_aversion"] = f"{mandate.risk_aversion:g}"
    told |= {f"caps.{row.sector}": _percent(row.cap) for row in mandate.caps}
    told |= {f"floors.{row.sector}": _percent(row.floor) for row in mandate.floors}
    told |= {f"excluded.{sector}": "excluded" for sector in mandate.excluded}
    told |= {
        f"groups.{row.name}": f"{_percent(row.cap)} of {', '.join(row.sectors or row.symbols)}"
        for row in mandate.groups
    }
    told |= {f"factor_weights.{row.factor}": f"{row.weight:g}" for row in mandate.factor_weights}
    return told


def _percent(fraction: float) -> str:
    return f"{100.0 * fraction:.6g} %"
