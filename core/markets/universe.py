"""Parses a universe from its TOML text; reading the user's file is the caller's business."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from pydantic import ValidationError

from core.errors import CallerError
from core.records.calendar import WEEKDAYS, Calendar
from core.records.universe import Universe


def parse_universe(text: str, calendars: Mapping[str, Calendar] | None = None) -> Universe:
    """Return the universe the TOML text describes.

    Args:
        text: TOML; `calendar` is the id of a calendar, or a table that is one.
        calendars: by id; None: the packaged ones.

    Raises:
        CallerError: the text is not TOML or does not fit the record; the message names the field.
    """
    try:
        fields = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CallerError(f"universe file is not valid TOML: {error}") from error
    named = fields.get("calendar", WEEKDAYS.id)
    if isinstance(named, str):
        known = packaged_calendars() if calendars is None else calendars
        if named not in known:
            raise CallerError(
                f"universe file, field calendar: {named!r} is unknown; "
                f"use one of {', '.join(sorted(known))}, or write a [calendar] table"
            )
        fields["calendar"] = known[named]
    try:
        return Universe.model_validate(fields)
    except ValidationError as error:
        raise CallerError(f"universe file, field {_said(error)}") from error


@cache
def packaged_calendars() -> dict[str, Calendar]:
    """Return the calendars shipped beside the universes, and `weekdays`, by id."""
    folder = files("core.universes").joinpath("calendars")
    texts = [
        entry.read_text(encoding="utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".toml")
    ]
    return {item.id: item for item in (WEEKDAYS, *map(parse_calendar, texts))}


def parse_calendar(text: str) -> Calendar:
    """Return the calendar the TOML text describes.

    Raises:
        CallerError: the text is not TOML or does not fit the record; the message names the field.
    """
    try:
        return Calendar.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise CallerError(f"calendar file is not valid TOML: {error}") from error
    except ValidationError as error:
        raise CallerError(f"calendar file, field {_said(error)}") from error


def _said(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}"
