"""Reads the user's limits from a TOML file."""

import re
import tomllib
from pathlib import Path

from pydantic import ValidationError

from core.errors import MandateError
from core.records.mandate import Mandate


def load_mandate(path: Path | None) -> Mandate:
    """Return the mandate of the file, or the default one.

    Raises:
        MandateError: the file cannot be read or a limit does not fit.
    """
    if path is None:
        return Mandate()
    try:
        stated = tomllib.loads(path.expanduser().read_text(encoding="utf-8"))
        return Mandate.model_validate({"id": _slug(path)} | stated)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MandateError(f"mandate {path} cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        known = ", ".join(Mandate.model_fields)
        hint = f"; limits are {known}" if first["type"] == "extra_forbidden" else ""
        raise MandateError(f"mandate {path}, limit {name}: {first['msg']}{hint}") from error


def _slug(path: Path) -> str:
    plain = re.sub(r"[^a-z0-9_-]+", "-", path.stem.lower()).strip("-_")
    return plain[:64] or "own"
