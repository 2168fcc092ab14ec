"""Decides how a mandate's versions are written as TOML, so that reading it gives them back.

Each version states only what it changes. Comments of a file it replaces are not in it.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from core.records.mandate import Mandate, MandateBook

SCALARS: Final = (
    "benchmark", "sector_cap", "active_cap", "turnover", "no_trade_band", "tracking_error_pct",
    "cash_floor", "cash_cap", "issuer_cap", "cost_bps", "risk_aversion",
)  # fmt: skip
ROWS: Final = ("caps", "floors", "factor_weights", "groups")
_DELETE: Final = "\x7f"
"""JSON leaves it in a string, TOML does not allow it."""

Stated = dict[str, str]
"""Limits by the name `lift` calls them, each with its TOML value."""


def mandate_text(book: MandateBook) -> str:
    """Return the book as TOML; `core.mandate.parse_mandate` reads the same book from it."""
    lines = [f"id = {_quoted(book.id)}"]
    if book.universe is not None:
        lines.append(f"universe = {_quoted(book.universe)}")
    before: Mandate | None = None
    for version in book.versions:
        lines += ["", "[[versions]]", *_version(before, version)]
        before = version
    return "\n".join(lines) + "\n"


def _version(before: Mandate | None, version: Mandate) -> Iterator[str]:
    number = before.version + 1 if before else 1
    if version.version != number:
        yield f"version = {version.version}"
    if version.valid_from is not None:
        yield f"valid_from = {version.valid_from.isoformat()}"
    for name in ("author", "reason"):
        if getattr(version, name):
            yield f"{name} = {_quoted(getattr(version, name))}"
    old, new = _stated(before) if before else {}, _stated(version)
    lifted = [name for name in old if name not in new or _kind(old[name]) != _kind(new[name])]
    if lifted:
        yield f"lift = [{', '.join(map(_quoted, lifted))}]"
    changed = {name: value for name, value in new.items() if old.get(name) != value}
    yield from _limits(changed)


def _limits(stated: Mapping[str, str]) -> Iterator[str]:
    for name, value in stated.items():
        if "." not in name:
            yield f"{name} = {value}"
    excluded = [name.partition(".")[2] for name in stated if name.startswith("excluded.")]
    if excluded:
        yield f"excluded = [{', '.join(map(_quoted, excluded))}]"
    for key in ROWS:
        rows = [
            (name.partition(".")[2], v) for name, v in stated.items() if name.startswith(f"{key}.")
        ]
        if rows:
            yield f"{key} = {{{', '.join(f'{name} = {value}' for name, value in rows)}}}"


def _stated(mandate: Mandate) -> Stated:
    """Return what somebody stated: limits that are neither built in nor derived."""
    told: Stated = {}
    for name in SCALARS:
        value, default = getattr(mandate, name), Mandate.model_fields[name].default
        general = name in ("sector_cap", "active_cap", "turnover")
        if name not in mandate.assumed if general else value != default:
            told[name] = _quoted(value) if isinstance(value, str) else repr(value)
    told |= {f"excluded.{name}": "" for name in mandate.excluded}
    told |= {f"caps.{row.sector}": repr(row.cap) for row in mandate.caps}
    told |= {f"floors.{row.sector}": repr(row.floor) for row in mandate.floors}
    told |= {f"factor_weights.{row.factor}": repr(row.weight) for row in mandate.factor_weights}
    for row in mandate.groups:
        kind, names = ("sectors", row.sectors) if row.sectors else ("symbols", row.symbols)
        listed = ", ".join(map(_quoted, names))
        told[f"groups.{row.name}"] = f"{{{kind} = [{listed}], cap = {row.cap!r}}}"
    return told


def _kind(value: str) -> str:
    """Return what tells a group of sectors from one of symbols; other values are of one kind."""
    return value.partition(" ")[0] if value.startswith("{") else ""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace(_DELETE, "\\u007f")
