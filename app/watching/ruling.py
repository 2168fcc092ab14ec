"""Reads the rules: the packaged ones, and the user's file over them, key by key."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError

from app.watching.records import Rules
from core.errors import CallerError


def load_rules(path: Path | None = None) -> Rules:
    """Return the rules.

    Raises:
        CallerError: the file cannot be read, or says what no rule can be; one sentence names it.
    """
    packaged = tomllib.loads(files("app.watching").joinpath("rules.toml").read_text("utf-8"))
    if path is None:
        return Rules.model_validate(packaged)
    own = _read(path)
    try:
        rules = Rules.model_validate(_over(packaged, own))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"] if part != "[key]")
        raise CallerError(
            f"rules {path}: {place}: {_sentence(first['type'], first['msg'])}"
        ) from error
    if rules.timezone is not None:
        _zone(path, rules.timezone)
    return rules


def _read(path: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.expanduser().read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CallerError(f"rules {path} cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise CallerError(f"rules {path} is not TOML: {error}") from error


def _over(base: Mapping[str, object], own: Mapping[str, object]) -> dict[str, object]:
    """Return the base with a user's keys over it, table by table."""
    merged = dict(base)
    for key, value in own.items():
        below = merged.get(key)
        both = isinstance(below, Mapping) and isinstance(value, Mapping)
        merged[key] = _over(below, value) if both else value  # type: ignore[arg-type]  # both are
    return merged


def _sentence(kind: str, said: str) -> str:
    if kind == "literal_error":
        return f"{said[0].lower()}{said[1:]}"
    return "no such key" if kind == "extra_forbidden" else said


def _zone(path: Path, name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise CallerError(f"rules {path}: timezone: no time zone is called {name!r}") from error
