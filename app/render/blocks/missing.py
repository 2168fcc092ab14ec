"""What is missing or stale, each said once, with who must act."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.render.material import Material
from app.render.view import Block, Cell, Column, Table
from core.gaps import actor_of, gap_sentence
from core.measures import measure_of
from core.records.evidence import Evidence
from core.records.payloads import StatusResult
from core.records.result import Actor, Dataset, GapReason, NamedGap

MAXIMUM_NAMES = 6
MAXIMUM_LINES = 4
MAXIMUM_MEASURES = 3
HORIZONS = ("1w", "1m", "3m")
URGENCY: dict[Actor, int] = {"operator": 0, "user": 1, "provider": 2, "nobody": 3}


@dataclass(frozen=True, slots=True)
class _Absence:
    """What is absent, where, why and who must act."""

    what: Cell
    where: Cell
    why: str
    actor: Actor


def missing(material: Material) -> Block:
    """Return gaps, absent cells and stale data sets as one table."""
    words = material.words
    found = _absences(material)
    title = words.label("title", "all_missing")
    lines = material.lines("missing")
    if not found:
        return Block("missing", title, lines, notes=(words.text("nothing_missing"),))
    names = ("what", "where", "reason", "actor")
    columns = tuple(Column(words.label("column", name), "left") for name in names)
    rows = tuple((a.what, a.where, Cell(a.why), Cell(words.label("actor", a.actor))) for a in found)
    return Block("missing", title, lines, tables=(Table("missing", columns, rows),))


def missing_strip(material: Material) -> Block:
    """Return the first page's share: what somebody can do something about, first."""
    words = material.words
    title = words.label("title", "missing")
    found = sorted(_unsaid(material), key=lambda a: URGENCY[a.actor])
    if not found:
        return Block("missing_strip", title, notes=(words.text("nothing_missing"),))
    lines = [_line(material, absence) for absence in found[:MAXIMUM_LINES]]
    rest = len(found) - len(lines)
    if rest:
        more = Cell(f" · {words.text('more_missing', n=str(rest))}", tone="soft")
        lines[-1] = Cell(parts=(*lines[-1].parts, more))
    return Block("missing_strip", title, lines=tuple(lines))


def _line(material: Material, absence: _Absence) -> Cell:
    words = material.words
    actor = words.label("actor", absence.actor)
    what = absence.what.plain.split(", ")
    if len(what) > MAXIMUM_MEASURES:
        rest = words.text("and_more", n=str(len(what) - MAXIMUM_MEASURES))
        named = f"{', '.join(what[:MAXIMUM_MEASURES])} {rest}"
        absence = replace(absence, what=replace(absence.what, text=named))
    where = (Cell(" ("), absence.where, Cell(")")) if absence.where.plain else ()
    return Cell(
        parts=(
            absence.what, *where, Cell(f": {absence.why} "),
            Cell(f"→\N{NO-BREAK SPACE}{actor}", tone="soft"),
        )
    )  # fmt: skip


def _absences(material: Material) -> list[_Absence]:
    gaps = [(gap.tool, gap.gap) for gap in material.gaps]
    gaps += [(e.tool, e.result.gap) for e in material.evidence if e.result.gap is not None]
    cells = [row for e in material.evidence for row in _cells(material, e)]
    return [*_stale(material), *_gaps(material, gaps), *_merged(cells)]


def _unsaid(material: Material) -> list[_Absence]:
    """Return the absences without the cells that are absent because a listed data set is old."""
    stale = _stale(material)
    why = material.words.label("reason", "stale")
    return [a for a in _absences(material) if a in stale or not stale or a.why != why]


def _gaps(material: Material, gaps: Sequence[tuple[str, NamedGap]]) -> list[_Absence]:
    """Return one entry a distinct gap, the tools that met it together."""
    words, held = material.words, _held(material)
    tools: dict[tuple[str, str, Actor], list[str]] = {}
    for tool, gap in gaps:
        where = words.label("dataset", gap.dataset) if gap.dataset else words.text("whole_answer")
        why = gap_sentence(gap, material.universe, words.language, held=held)
        named = tools.setdefault((where, why, gap.actor), [])
        named += [tool] if tool not in named else []
    return [
        _Absence(
            Cell(", ".join(words.label("tool", tool) for tool in named), tone="strong"),
            Cell(where), why, actor,
        )
        for (where, why, actor), named in tools.items()
    ]  # fmt: skip


def _held(material: Material) -> frozenset[Dataset]:
    rows = [row for _, result in material.answers(StatusResult) for row in result.rows]
    return frozenset(row.dataset for row in rows if row.rows_count)


def _merged(absences: list[_Absence]) -> list[_Absence]:
    """Return entries of the same subjects and reason as one, their measures listed."""
    together: dict[tuple[str, str, Actor], list[Cell]] = {}
    for absence in absences:
        key = (absence.where.plain, absence.why, absence.actor)
        named = together.setdefault(key, [])
        if absence.what.plain not in [cell.plain for cell in named]:
            named.append(absence.what)
    return [
        _Absence(
            Cell(", ".join(c.text for c in what), what[0].source, tone="strong"), Cell(where), why,
            actor,
        )
        for (where, why, actor), what in together.items()
    ]  # fmt: skip


def _cells(material: Material, evidence: Evidence) -> list[_Absence]:
    words = material.words
    groups: dict[tuple[str, GapReason], list[str]] = {}
    for cell in evidence.result.missing:
        groups.setdefault((cell.measure, cell.reason), []).append(cell.subject)
    found: list[_Absence] = []
    for (subjects, reason), measures in sorted(_alike(groups).items(), key=lambda g: g[1]):
        names = [_subject(material, evidence, subject) for subject in subjects]
        shown = ", ".join(names[:MAXIMUM_NAMES])
        if len(names) > MAXIMUM_NAMES:
            shown += " " + words.text("and_more", n=str(len(names) - MAXIMUM_NAMES))
        name = ", ".join(dict.fromkeys(_named(material, measure) for measure in measures))
        what = Cell(name, f"{measures[0]} · {evidence.id}", tone="strong")
        found.append(_Absence(what, Cell(shown), words.label("reason", reason), actor_of(reason)))
    return found


def _alike(
    groups: dict[tuple[str, GapReason], list[str]],
) -> dict[tuple[tuple[str, ...], GapReason], list[str]]:
    """Return the measures that are absent for the same subjects and reason, together."""
    together: dict[tuple[tuple[str, ...], GapReason], list[str]] = {}
    for (measure, reason), subjects in sorted(groups.items()):
        together.setdefault((tuple(subjects), reason), []).append(measure)
    return together


def _named(material: Material, measure: str) -> str:
    stem, _, horizon = measure.partition("_")
    if stem == "expected" and horizon in HORIZONS:
        return material.words.measure(f"expected_excess.{horizon}")
    return material.words.measure(measure_of(measure)[0])


def _subject(material: Material, evidence: Evidence, subject: str) -> str:
    universe = material.universe
    named = subject in (*universe.sector_ids, universe.id) or evidence.node == "macro"
    return material.words.entity(subject) if named else subject.upper()


def _stale(material: Material) -> list[_Absence]:
    words, binder = material.words, material.binder
    found: list[_Absence] = []
    for evidence, result in material.answers(StatusResult):
        for place, row in enumerate(result.rows):
            if row.stale:
                age = binder.at(evidence, "rows", place, "age_days", unit=True)
                last = binder.at(evidence, "rows", place, "last")
                said = Cell(parts=(Cell(words.text("ends") + " "), last, Cell(", "), age))
                what = Cell(words.label("dataset", row.dataset), tone="strong")
                found.append(_Absence(what, said, words.label("reason", "stale"), "operator"))
    return found
