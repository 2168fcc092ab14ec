"""Decides how a tool's answer becomes a sheet: one sector's rows, headed, worded, gaps said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from app.render.words import Words
from app.web.asked import Asked, held_of, market_of, words_of
from app.web.house import House
from app.web.pages.page import words as page_words
from app.web.sector.records import Sheet
from app.web.worded import gapped, headings, missing_said
from core.errors import UnknownIdError
from core.measures import closed_fields
from core.records.record import Record
from core.records.request import Language
from core.records.result import Dataset, MissingCell, ToolResult
from core.records.universe import Universe
from core.wording import key_name

Row = TypeVar("Row", bound=Record)
PAGE, OWN = "sector", "column_"
"""Page whose words name fields, and how those words begin."""
LINE = "line"
"""The field that names a line of a statement."""


@dataclass(frozen=True, slots=True)
class SectorAsked:
    """One sector asked about: where its answers come from and the words they are told in."""

    house: House
    asked: Asked
    universe: Universe
    sector: str
    words: Words
    held: frozenset[Dataset]

    def sheet(
        self,
        result: ToolResult,
        kind: type[Row],
        rows: Iterable[Row],
        fields: Sequence[str],
        *,
        subjects: frozenset[str] = frozenset(),
    ) -> Sheet[Row]:
        """Return an answer's rows as a sheet of these fields.

        Args:
            result: the answer.
            kind: of its rows.
            rows: those of this sector.
            fields: columns in their order.
            subjects: whose missing cells are told besides the sector's own.
        """
        kept = tuple(rows)
        told = (*result.missing, *self._unlisted(result, kept))
        return Sheet[kind](  # type: ignore[valid-type]
            gap=gapped(result, self.words, held=self.held),
            columns=headings(kind, fields, self.words, named=own_names(self.words.language)),
            rows=kept,
            labels=dict(_labels(kept, self.words)),
            missing=missing_said(told, self.words, subjects=subjects | {self.sector}),
            as_of=result.as_of,
            known_at=result.known_at,
        )

    def _unlisted(self, result: ToolResult, rows: Sequence[Row]) -> tuple[MissingCell, ...]:
        """Return a cell for an answer that has rows, but none of this sector and does not say."""
        said = any(cell.subject == self.sector for cell in result.missing)
        if rows or said or result.gap is not None:
            return ()
        measure = result.tool.removeprefix("get_").removeprefix("sector_")
        return (MissingCell(subject=self.sector, measure=measure, reason="not_covered"),)


def sector_asked(house: House, asked: Asked, sector: str) -> SectorAsked:
    """Return the sector asked about.

    Raises:
        UnknownUniverseError: there is no such universe.
        UnknownIdError: it has no such sector; the sentence lists those it has.
    """
    universe = market_of(house, asked)
    if sector not in universe.sector_ids:
        choices = ", ".join(universe.sector_ids)
        raise UnknownIdError(f"{universe.id} has no sector {sector!r}: use one of {choices}")
    words = words_of(universe, asked)
    return SectorAsked(house, asked, universe, sector, words, held_of(house, universe))


@lru_cache(maxsize=2)
def own_names(language: Language) -> Mapping[str, str]:
    """Return the page's names of fields the reports do not show, by field."""
    every = page_words(PAGE, language)
    return {key.removeprefix(OWN): text for key, text in every.items() if key.startswith(OWN)}


def _labels(rows: Iterable[Record], words: Words) -> Iterable[tuple[str, str]]:
    for row in rows:
        for name in closed_fields(type(row)):
            value = getattr(row, name)
            for one in value if isinstance(value, tuple) else (value,):
                if isinstance(one, str):
                    yield one, words.label("flag" if name == "flags" else name, one)
        line = getattr(row, LINE, None)
        if line is not None:
            name = key_name(f"{LINE}.{line}", words.language)
            yield line, name[:1].upper() + name[1:]
