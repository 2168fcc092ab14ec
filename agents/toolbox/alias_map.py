"""What an alias map says: which of a stranger's tools stands for which of ours, and how it is read.

It is data. Two stages: `answers` read a stranger's JSON into closed rows (numbers, dates, and names
out of closed lists; nothing else survives), `tools` make our records of such rows.
"""

import tomllib
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from agents.toolbox.calls import canonical, content_sha256
from core.errors import CallerError
from core.records.contracts import RESULT_OF_TOOL
from core.records.record import Record, Slug, Symbol
from core.records.result import GapReason

Kind = Literal["number", "date", "year", "symbol", "sector", "choice"]
Recipe = Literal["rows", "lines", "series", "events", "rotation"]
"""rows: a row is a row. lines: a row's fields are lines. series: dated closes are one row of
returns. events: stocks are counted by sector. rotation: daily sector returns, over recorded days.
"""
Constant = str | int | float | bool | tuple[str, ...]
AS_OF = "$as_of"
"""A constant that stands for the answer's date."""


class Reading(Record):
    """How a field is read: its kind, and the places in a row where it may stand, first one first.

    `money` fields are multiplied by the answer's stated unit, others and those without one by
    `factor`. `choices` are the names understood, whatever their case or accents.
    """

    kind: Kind
    at: tuple[str, ...] = Field(min_length=1)
    factor: float = 1.0
    money: bool = False
    choices: dict[str, Slug] = Field(default_factory=dict)


class Unit(Record):
    """Where an answer states its money unit, and what each name means in billions."""

    at: tuple[str, ...] = Field(min_length=1)
    factors: dict[str, float]


class Answer(Record):
    """How a stranger's answer is read. `rows`: every group of places is one list, or one table.

    keyed: in a table of rows the row's name stands under this key. day: where the answer says of
    which day it is; without it, it is of the day it was fetched.
    """

    rows: tuple[tuple[str, ...], ...] = Field(min_length=1)
    keyed: str | None = None
    day: tuple[str, ...] = ()
    unit: Unit | None = None
    fields: dict[str, Reading]


class Argument(Record):
    """What is sent under a name: a constant, or our argument `of` that name, through `choices`.

    `symbol` stands for the one symbol of a call made for each.
    """

    constant: str | int | float | None = None
    of: str | None = None
    choices: dict[str, str | int] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.constant is None) == (self.of is None):
            raise ValueError("give a constant or `of`")
        return self


class ToolAlias(Record):
    """One of our tools: whose answer it is made of, with which arguments, by which recipe.

    when: our arguments for which it stands. each_symbol: one call a symbol asked for, or a mapped
    symbol of the sector asked for, at most `most`. constants: what every row holds, or the result
    itself. per: what a row holds by the value of one of its fields.
    """

    calls: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,128}$")
    recipe: Recipe = "rows"
    arguments: dict[str, Argument] = Field(default_factory=dict)
    when: dict[str, str] = Field(default_factory=dict)
    each_symbol: bool = False
    most: int = Field(default=5, ge=1, le=50)
    constants: dict[str, Constant] = Field(default_factory=dict)
    result: dict[str, Constant] = Field(default_factory=dict)
    per: dict[str, dict[str, dict[str, Constant]]] = Field(default_factory=dict)
    lines: tuple[Slug, ...] = ()


class AliasMap(Record):
    """A stranger's server in our terms."""

    server: str
    checked: str = Field(description="which version of the server the map was written from")
    universes: tuple[Slug, ...] = Field(min_length=1)
    today_only: bool = False
    failures: dict[str, GapReason] = Field(
        default_factory=dict, description="part of an error text to the gap it means"
    )
    sectors: dict[str, Slug] = Field(default_factory=dict, description="their names to our ids")
    symbols: dict[Symbol, Slug] = Field(default_factory=dict, description="symbol to our sector")
    answers: dict[str, Answer]
    tools: dict[str, ToolAlias]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for name, alias in self.tools.items():
            if name not in RESULT_OF_TOOL:
                raise ValueError(f"tools.{name}: no tool of ours")
            if alias.calls not in self.answers:
                raise ValueError(f"tools.{name}: answers.{alias.calls} is not described")
            if alias.each_symbol and not any(
                row.of == "symbol" for row in alias.arguments.values()
            ):
                raise ValueError(f"tools.{name}: each_symbol needs an argument of = 'symbol'")
        return self

    def reading(self, tool: str) -> str:
        """Return the hash of all that decides what is left of an answer of their tool."""
        answer = self.answers[tool]
        kinds = {field.kind for field in answer.fields.values()}
        read_by = {
            "answer": answer.model_dump(mode="json"),
            "sectors": dict(self.sectors) if "sector" in kinds else {},
            "symbols": sorted(self.symbols) if "symbol" in kinds else [],
        }
        return content_sha256(canonical(read_by))

    def stands_for(self, tool: str, universe: str, sent: dict[str, object]) -> ToolAlias | None:
        """Return the alias of our tool for these arguments, None when there is none."""
        alias = self.tools.get(tool)
        if alias is None or universe not in self.universes:
            return None
        fits = all(sent.get(name, value) == value for name, value in alias.when.items())
        return alias if fits else None


def alias_map(text: str, *, origin: str) -> AliasMap:
    """Return the alias map of a TOML text.

    Raises:
        CallerError: the text is not TOML or no alias map; the message names the file and the field.
    """
    try:
        return AliasMap.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise CallerError(f"alias map {origin} is not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CallerError(f"alias map {origin}: {where or 'file'}: {first['msg']}") from error
