"""What every format shows: cells, tables, lines and pictures; knows no format and no record."""

from dataclasses import dataclass, replace
from typing import Literal

Tone = Literal["", "missing", "good", "warn", "bad", "soft", "strong"]
Align = Literal["left", "right", "center"]
FOOTNOTE_MARKS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of text; `source` and `fact` say where a number comes from.

    `parts` replaces `text` in a composed cell. `shade` is -4..4 (unlikely to likely to outperform),
    `square` 0..10 how much of its frame the confidence square fills. A missing cell
    carries its `reason`.
    """

    text: str = ""
    source: str = ""
    fact: str = ""
    tone: Tone = ""
    reason: str = ""
    parts: tuple["Cell", ...] = ()
    shade: int | None = None
    square: int | None = None

    @property
    def plain(self) -> str:
        """The text without its sources."""
        return "".join(part.plain for part in self.parts) if self.parts else self.text


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading; `group` joins neighbouring columns under one heading."""

    label: str
    align: Align = "right"
    group: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first column names the row, `caption` holds what is true of every row.

    `sources` says where all of a row comes from, one a row; cells then name no source of their own.
    """

    id: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    upright: bool = True
    caption: Cell | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Legend:
    """A colour and what it stands for."""

    colour: str
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG drawing, what it shows in words, and its legend."""

    id: str
    svg: str
    alt: str
    legend: tuple[Legend, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the strip or of a list of figures."""

    label: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Group:
    """Sentences of one kind under a small heading; `repeats`: a table already shows them."""

    title: str
    lines: tuple[Cell, ...]
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A titled part of the page."""

    id: str
    title: str
    lines: tuple[Cell, ...] = ()
    items: tuple[Item, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (
            self.lines or self.items or self.pictures or self.tables or self.notes or self.groups
        )

    @property
    def repeats(self) -> bool:
        """Whether tables elsewhere on the page already show everything in it."""
        shown = self.lines or self.items or self.pictures or self.tables or self.notes
        return not shown and all(group.repeats for group in self.groups)


@dataclass(frozen=True, slots=True)
class UniversePage:
    """One universe: a first page in the order of these fields, then the details."""

    id: str
    title: str
    subtitle: str
    synthetic: str
    answer: Block
    strip: tuple[Item, ...]
    headline: Block
    actions: Block
    map: Block
    heatmap: Block
    textbook: Block
    sectors: Block
    why: Block
    changed: Block
    macro: Block
    risk: Block
    track: Block
    missing: Block
    foot: Block
    details: tuple[Block, ...]

    @property
    def front(self) -> tuple[Block, ...]:
        """The parts of the first page that are not empty, in order."""
        parts = (
            self.answer, self.headline, self.actions, self.map, self.heatmap, self.textbook,
            self.sectors, self.why, self.changed, self.macro, self.risk, self.track,
            self.missing, self.foot,
        )  # fmt: skip
        return tuple(part for part in parts if not part.empty)


@dataclass(frozen=True, slots=True)
class Page:
    """A whole report."""

    language: str
    title: str
    question: str
    understood: str
    universes: tuple[UniversePage, ...]
    provenance: Block
    disclaimer: str
    sheet_word: str


def sourced_by_row(table: Table, sources: tuple[str, ...]) -> Table:
    """Return the table with one source a row in place of its cells' own; absences keep theirs."""
    rows = tuple(tuple(_unsourced(cell) for cell in row) for row in table.rows)
    return replace(table, rows=rows, sources=sources)


def _unsourced(cell: Cell) -> Cell:
    if cell.tone == "missing":
        return cell
    return replace(cell, source="", parts=tuple(_unsourced(part) for part in cell.parts))


def footnoted(table: Table) -> Table:
    """Return the table with each missing cell lettered and the letter's reason in the notes."""
    marks: dict[str, str] = {}
    rows = tuple(tuple(_lettered(cell, marks) for cell in row) for row in table.rows)
    key = " · ".join(f"{mark}: {reason}" for reason, mark in marks.items())
    return replace(table, rows=rows, notes=(*table.notes, key) if key else table.notes)


def _lettered(cell: Cell, marks: dict[str, str]) -> Cell:
    if cell.parts:
        return replace(cell, parts=tuple(_lettered(part, marks) for part in cell.parts))
    if cell.tone != "missing" or not cell.reason:
        return cell
    mark = marks.get(cell.reason)
    if mark is None:
        mark = marks[cell.reason] = FOOTNOTE_MARKS[len(marks) % len(FOOTNOTE_MARKS)]
    return replace(cell, text=f"{cell.text} {mark}")
