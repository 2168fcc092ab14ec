"""Lets jsonschema check a schema once a process: the MCP client asks anew at every answer.

Answers are compared with their schemas as ever.
"""

import json
from collections.abc import Mapping
from typing import Final

from jsonschema.validators import Draft202012Validator

_check = Draft202012Validator.check_schema
_FOUND_SOUND: Final[set[str]] = set()
"""The texts of the schemas that were checked."""


def check_schemas_once() -> None:
    """Take a schema of the same text as sound from its second check on."""
    Draft202012Validator.check_schema = _checked_once


def _checked_once(schema: Mapping[str, object] | bool, *given: object, **named: object) -> None:
    text = json.dumps([schema, given, named], default=repr)
    if text not in _FOUND_SOUND:
        _check(schema, *given, **named)
        _FOUND_SOUND.add(text)
