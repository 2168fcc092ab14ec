"""Follows a fact's pointer back into the record it came from; it draws no fact."""

import re

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from core.records.evidence import Fact

_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")


def resolve(pointer: str, record: BaseModel) -> object:
    """Return what an RFC 6901 pointer leads to in the record's JSON form.

    Raises:
        KeyError: the pointer leads nowhere.
    """
    value: object = record
    if pointer and not pointer.startswith("/"):
        raise KeyError(pointer)
    for part in pointer.split("/")[1:]:
        step = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, BaseModel) and step in type(value).model_fields:
            value = getattr(value, step)
        elif isinstance(value, tuple) and _INDEX.fullmatch(step) and int(step) < len(value):
            value = value[int(step)]
        else:
            raise KeyError(pointer)
    return to_jsonable_python(value)


def holds(fact: Fact, record: BaseModel) -> bool:
    """Tell whether the record still says at the fact's pointer what the fact says."""
    if fact.pointer is None:
        return False
    try:
        value = resolve(fact.pointer, record)
    except KeyError:
        return False
    if isinstance(value, bool):
        return fact.label == str(value).lower() and fact.value is None
    if isinstance(value, (int, float)):
        return fact.value == float(value) and fact.label is None
    return value is not None and fact.label == value and fact.value is None
