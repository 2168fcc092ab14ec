"""Decides how an answer's fields are headed and its gaps said, in the core's own words."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from pydantic import BaseModel, Field

from app.render.words import UNSAID, Words
from core.gaps import gap_sentence
from core.measures import measure_of
from core.records.payloads import NameFlow
from core.records.record import Record
from core.records.result import Actor, Dataset, MissingCell, NamedGap, ToolResult
from core.records.universe import Universe
from core.wording import DECIMALS, is_signed

MILLIONS: Final = 1000.0
"""From billions to the millions in which a market counts money."""
HUNDRED: Final = 100.0
DAYS: Final = "date"
WORD: Final = "word"
MONEY: Final = "bn"
NAMES: Final = NameFlow.__name__
"""What rows name stocks with: each with its money."""
DEFAULT_DECIMALS: Final = 2


class Heading(Record):
    """How one field of the rows is headed and printed."""

    field: str
    label: str = Field(description="its name and unit, in the asked language")
    unit: str = Field(description="of the printed number; `date` and `word` are no numbers")
    scale: float = Field(description="what the number is multiplied by before it is printed")
    decimals: int = Field(ge=0)
    signed: bool


class Gapped(Record):
    """Why something is absent and who must act, in words."""

    text: str
    actor: Actor
    who: str = Field(description="the actor in the asked language")
    dataset: Dataset | None = None


class MissingSaid(Record):
    """One absent cell of an otherwise good answer, in words."""

    subject: str
    measure: str
    text: str


class Worded(Record):
    """A closed value with its words."""

    id: str
    label: str


def headings(
    kind: type[BaseModel],
    fields: Iterable[str],
    words: Words,
    *,
    named: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Heading, ...]:
    """Return the headings of these fields of a row.

    Args:
        kind: of the rows.
        fields: in the order of the columns.
        words: of the language and the market.
        named: a page's own names of fields the reports do not show, by field.
    """
    return tuple(_heading(kind, field, words, named.get(field)) for field in fields)


def gapped(result: ToolResult, words: Words, *, held: frozenset[Dataset]) -> Gapped | None:
    """Return why the whole answer is absent, None when it is not."""
    return None if result.gap is None else gap_said(result.gap, words, held=held)


def gap_said(gap: NamedGap, words: Words, *, held: frozenset[Dataset]) -> Gapped:
    """Return a gap in words.

    Args:
        gap: of the answer.
        words: of the language and the market.
        held: the data sets the store has of the market.
    """
    return Gapped(
        text=gap_sentence(gap, words.universe, words.language, held=held),
        actor=gap.actor,
        who=words.label("actor", gap.actor),
        dataset=gap.dataset,
    )


def missing_said(
    cells: Iterable[MissingCell], words: Words, *, subjects: frozenset[str] | None = None
) -> tuple[MissingSaid, ...]:
    """Return absent cells in words, each once; of `subjects` only where they are given."""
    found = dict.fromkeys(
        MissingSaid(
            subject=words.entity(cell.subject),
            measure=words.measure(measure_of(cell.measure)[0]),
            text=words.label("reason", cell.reason),
        )
        for cell in cells
        if subjects is None or cell.subject in subjects
    )
    return tuple(found)


def labelled(kind: str, keys: Iterable[str], words: Words) -> tuple[Worded, ...]:
    """Return closed values with their words, each once, in their order."""
    return tuple(Worded(id=key, label=words.label(kind, key)) for key in dict.fromkeys(keys))


def _heading(kind: type[BaseModel], field: str, words: Words, named: str | None) -> Heading:
    stem, unit = measure_of(field)
    if NAMES in str(kind.model_fields[field].annotation):
        unit = MONEY
    scale = (
        HUNDRED if unit == "fraction" else _money_scale(words.universe) if unit == MONEY else 1.0
    )
    known = unit if unit else _plain(kind, field)
    return Heading(
        field=field,
        label=_label(field, stem, unit, words, named),
        unit=known,
        scale=scale,
        decimals=DECIMALS.get(unit, DEFAULT_DECIMALS),
        signed=is_signed(stem),
    )


def _label(field: str, stem: str, unit: str, words: Words, named: str | None) -> str:
    if named is None:
        return words.heading(field, stem, unit).replace("\n", " ")
    said = "" if unit in UNSAID else words.unit(unit)
    return f"{named}, {said}" if said else named


def _money_scale(universe: Universe) -> float:
    return MILLIONS if universe.money_unit == "mn" else 1.0


def _plain(kind: type[BaseModel], field: str) -> str:
    """Return whether a field without a unit holds a date, or words and marks."""
    return DAYS if "date" in str(kind.model_fields[field].annotation) else WORD
