"""Parses a batch's plan from TOML; which dates and reports it means is not decided here."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from app.batching.records import BatchPlan
from core.errors import CallerError

LATEST: Final = "latest"
_HINTS: Final[Mapping[str, str]] = {
    "universes": 'write a list of names, for example ["us", "vn"]',
    "dates": 'write a list of dates, "latest", or { from = "2019-01", until = "2024-12", '
    'every = "month-end" }',
    "horizons": 'choose from "1W", "1M", "3M"',
    "languages": 'choose from "en", "vi"',
    "mandates": "write a list of mandate files, relative to the plan",
    "formats": 'write a list, for example ["pdf", "html", "json"]',
    "limits": "it takes model_calls_at_once, calls, tokens and usd, all numbers",
}


def read_plan(path: Path) -> BatchPlan:
    """Return the plan of a file.

    Raises:
        CallerError: it cannot be read, or a key of it does not fit.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CallerError(f"plan {path} cannot be read: {error}") from error
    return parse_plan(text, name=str(path), folder=path.parent)


def parse_plan(text: str, *, name: str = "plan", folder: Path | None = None) -> BatchPlan:
    """Return the plan of a TOML text.

    Args:
        text: the TOML.
        name: the file's, for messages.
        folder: what mandates are relative to.

    Raises:
        CallerError: the text is not TOML, or a key of it does not fit; the message says which.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CallerError(f"{name} is not valid TOML: {error}") from error
    fields = {key: value for key, value in given.items() if key not in {"dates", "mandates"}}
    unknown = sorted(set(given) - set(_HINTS))
    if unknown:
        raise _refused(name, unknown[0], "is unknown", f"a plan takes {', '.join(_HINTS)}")
    fields |= _dates(given.get("dates", LATEST), name)
    mandates = given.get("mandates", [])
    if not isinstance(mandates, list) or not all(isinstance(row, str) for row in mandates):
        raise _refused(name, "mandates", "is not a list of texts", _HINTS["mandates"])
    base = folder or Path()
    fields["mandates"] = tuple(str((base / Path(row).expanduser()).resolve()) for row in mandates)
    try:
        return BatchPlan.model_validate(fields)
    except ValidationError as error:
        raise _unfit(name, error) from error


def _dates(given: object, name: str) -> dict[str, object]:
    """Return the plan's fields that the key `dates` stands for."""
    if isinstance(given, dict):
        return {"span": _span(given, name)}
    listed = given if isinstance(given, list) else [given]
    if not listed:
        raise _refused(name, "dates", "is empty", _HINTS["dates"])
    return {"dates": tuple(None if row == LATEST else _day(row, name, "dates") for row in listed)}


def _span(given: Mapping[str, object], name: str) -> dict[str, object]:
    unknown = sorted(set(given) - {"from", "until", "every"})
    if unknown or "from" not in given:
        where, what = (unknown[0], "is unknown") if unknown else ("from", "is missing")
        raise _refused(name, f"dates.{where}", what, _HINTS["dates"])
    every = given.get("every", "month-end")
    if every not in {"month-end", "week-end"}:
        hint = 'choose "month-end" or "week-end"'
        raise _refused(name, "dates.every", f"{every!r} is unknown", hint)
    until = given.get("until", LATEST)
    last = None if until == LATEST else _day(until, name, "dates.until", end=True)
    first = _day(given["from"], name, "dates.from")
    if last is not None and last < first:
        raise _refused(name, "dates.until", f"{until} lies before {first}", "swap them")
    return {"first": first, "until": last, "every": every}


def _day(given: object, name: str, key: str, *, end: bool = False) -> date:
    """Return the day of YYYY-MM-DD, or the first (the last) of YYYY-MM."""
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    text = given if isinstance(given, str) else ""
    try:
        if len(text) == len("2019-01"):
            year, month = int(text[:4]), int(text[5:])
            ordinal = date(year + month // 12, month % 12 + 1, 1).toordinal() - 1
            return date.fromordinal(ordinal) if end else date(year, month, 1)
        return date.fromisoformat(text)
    except ValueError as error:
        raise _refused(name, key, f"{given!r} is no date", "write YYYY-MM-DD") from error


def _unfit(name: str, error: ValidationError) -> CallerError:
    first = error.errors()[0]
    where = [str(part) for part in first["loc"]]
    said = first["msg"].lower() if first["type"] == "missing" else f"does not fit: {first['msg']}"
    what = "is missing" if first["type"] == "missing" else said
    return _refused(name, ".".join(where), what, _HINTS.get(where[0], "see the guide"))


def _refused(name: str, key: str, what: str, hint: str) -> CallerError:
    return CallerError(f"{name}, key {key}: {what}; {hint}")
