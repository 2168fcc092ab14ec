"""Parses a universe from its TOML text; reading the file is the caller's business."""

import tomllib

from pydantic import ValidationError

from core.errors import CallerError
from core.records.universe import Universe


def parse_universe(text: str) -> Universe:
    """Return the universe the TOML text describes.

    Raises:
        CallerError: the text is not TOML or does not fit the record; the message names the field.
    """
    try:
        return Universe.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise CallerError(f"universe file is not valid TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CallerError(f"universe file, field {where}: {first['msg']}") from error
