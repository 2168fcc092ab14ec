"""Asks a model for a record: parse, retry once with the error, else give up."""

import json
from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from agents.llm.protocol import LanguageModel
from core.errors import ModelOutputError

Wanted = TypeVar("Wanted", bound=BaseModel)
_UNPORTABLE = frozenset({"title", "description", "default", "pattern", "format"}) | {
    f"{bound}{what}" for bound in ("min", "max") for what in ("Length", "Items")
}


async def asked(
    model: LanguageModel,
    wanted: type[Wanted],
    *,
    system: str,
    user: str,
    max_tokens: int,
    check: Callable[[Wanted], None],
) -> Wanted:
    """Return the model's answer as a record that passes `check` (which raises ModelOutputError).

    Raises:
        ModelOutputError: two answers in a row do not fit.
        ProviderError: the model cannot be reached.
    """
    schema = portable_schema(wanted)
    answer = await model.complete(system=system, user=user, schema=schema, max_tokens=max_tokens)
    try:
        return _accepted(answer.text, wanted, check)
    except ModelOutputError as error:
        again = f"{user}\n\nYour previous answer was refused: {error}. Answer again, JSON only."
    answer = await model.complete(system=system, user=again, schema=schema, max_tokens=max_tokens)
    return _accepted(answer.text, wanted, check)


def _accepted(text: str, wanted: type[Wanted], check: Callable[[Wanted], None]) -> Wanted:
    value = parsed(text, wanted)
    check(value)
    return value


def parsed(text: str, wanted: type[Wanted]) -> Wanted:
    """Return the record in a model's text, which may be fenced.

    Raises:
        ModelOutputError: not strict JSON (NaN, repeated keys), or not the record; the message
            names the field and never quotes the answer.
    """
    start, stop = text.find("{"), text.rfind("}")
    try:
        value = json.loads(
            text[start : stop + 1], parse_constant=_no_constant, object_pairs_hook=_no_repeats
        )
        return wanted.model_validate_json(json.dumps(value), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if isinstance(part, int)) or "answer"
        raise ModelOutputError(f"item {where} does not fit: {first['type']}") from error
    except (ValueError, RecursionError) as error:
        raise ModelOutputError("it was not strict JSON") from error


def portable_schema(record: type[BaseModel]) -> dict[str, object]:
    """Return a JSON schema that strict modes accept: closed objects, every field required.

    What a field means is the prompt's to say.
    """
    pruned = _portable(record.model_json_schema())
    if not isinstance(pruned, dict):
        raise TypeError(f"{record.__name__} has no object schema")
    return pruned


def _portable(node: object) -> object:
    if isinstance(node, list):
        return [_portable(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept: dict[str, object] = {}
    for key, value in node.items():
        if key in {"properties", "$defs"} and isinstance(value, dict):
            kept[key] = {name: _portable(child) for name, child in value.items()}
        elif key not in _UNPORTABLE:
            kept[key] = _portable(value)
    if isinstance(kept.get("properties"), dict):
        kept["required"] = list(node["properties"])
        kept["additionalProperties"] = False
    return kept


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _no_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key repeats")
    return dict(pairs)
