"""Loads versioned prompt texts and sentence patterns; refuses one whose header does not fit it.

A prompt is `<name>.md`: a TOML header between `+++` lines with `version` and `inputs`, then the
system text, a `+++` line and the user's message, both `string.Template`s. Sentence patterns are
`sentences.<language>.toml`, slots in braces; terms are `glossary.<language>.toml`.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter, Template
from typing import Literal

FENCE = "+++"


class PromptError(ValueError):
    """A prompt file that does not fit its header, or is rendered without its inputs."""


@dataclass(frozen=True, slots=True)
class Message:
    """A filled prompt: what the model is told to do, and what it is asked."""

    system: str
    user: str


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the field, explained; `also` is what others call it, empty where nobody does."""

    id: str
    name: str
    also: str
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt text; `sha256` is of the whole file."""

    name: str
    version: int
    inputs: tuple[str, ...]
    system: str
    user: str
    sha256: str

    def render(self, values: Mapping[str, str]) -> Message:
        """Return both texts with every input filled in.

        Raises:
            PromptError: the values are not exactly the inputs.
        """
        if set(values) != set(self.inputs):
            raise PromptError(f"{self.name}: needs {sorted(self.inputs)}, got {sorted(values)}")
        filled = (Template(text).substitute(values) for text in (self.system, self.user))
        return Message(*filled)


@cache
def prompt(name: str) -> Prompt:
    """Return the packaged prompt of that name."""
    return parse_prompt(name, _text(f"{name}.md"))


@cache
def sentences(language: Literal["en", "vi"]) -> dict[str, str]:
    """Return the sentence patterns of a language, by dotted key; the two languages agree."""
    return parse_sentences(_text(f"sentences.{language}.toml"))


@cache
def glossary(language: Literal["en", "vi"]) -> tuple[Term, ...]:
    """Return the terms a reader may look up, in the file's order; the two languages agree."""
    rows = tomllib.loads(_text(f"glossary.{language}.toml"))
    return tuple(
        Term(id=key, name=row["name"], also=row.get("also", ""), text=row["text"])
        for key, row in rows.items()
    )


def quoted(text: str) -> str:
    """Return foreign text as one JSON string that can close no tag of the prompt around it."""
    return json.dumps(text, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e")


def parse_prompt(name: str, text: str) -> Prompt:
    """Return the prompt in a file's text.

    Raises:
        PromptError: no header, no message, or the inputs are not the texts' placeholders.
    """
    parts = text.split(f"{FENCE}\n", 3)
    if len(parts) != 4 or parts[0].strip():
        raise PromptError(f"{name}: header, system text and message stand apart by {FENCE}")
    header = tomllib.loads(parts[1])
    inputs = tuple(str(item) for item in header.get("inputs", ()))
    found = {*Template(parts[2]).get_identifiers(), *Template(parts[3]).get_identifiers()}
    if found != set(inputs) or not isinstance(header.get("version"), int):
        raise PromptError(f"{name}: header names {sorted(inputs)}, the text {sorted(found)}")
    return Prompt(
        name=name,
        version=header["version"],
        inputs=inputs,
        system=parts[2].strip() + "\n",
        user=parts[3].strip() + "\n",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


def parse_sentences(text: str) -> dict[str, str]:
    """Return dotted keys to patterns.

    Raises:
        PromptError: a value that is not text, or a pattern with an unnamed slot.
    """
    flat: dict[str, str] = {}
    for table, rows in tomllib.loads(text).items():
        for key, pattern in rows.items():
            if not isinstance(pattern, str):
                raise PromptError(f"{table}.{key}: a pattern is text")
            flat[f"{table}.{key}"] = pattern
    for key, pattern in flat.items():
        if any(slot == "" for slot in slots(pattern)):
            raise PromptError(f"{key}: every slot needs a name")
    return flat


def slots(pattern: str) -> tuple[str, ...]:
    """Return the slot names of a pattern, in order.

    Raises:
        PromptError: braces that do not pair.
    """
    try:
        return tuple(name for _, name, _, _ in Formatter().parse(pattern) if name is not None)
    except ValueError as error:
        raise PromptError(f"braces do not pair: {pattern}") from error


def _text(name: str) -> str:
    return files("prompts").joinpath(name).read_text(encoding="utf-8")
