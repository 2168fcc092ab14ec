"""What is missing or stale, each with who must act."""

from app.render.material import Material
from app.render.view import Block, Cell, Column, Table
from core.gaps import actor_of, gap_sentence
from core.measures import measure_of
from core.records.evidence import Evidence
from core.records.payloads import StatusResult
from core.records.result import GapReason, NamedGap

MAXIMUM_NAMES = 6
HORIZONS = ("1w", "1m", "3m")


def missing(material: Material) -> Block:
    """Return gaps, absent cells and stale data sets as one table."""
    words = material.words
    rows = [
        *(_gap(material, words.label("tool", gap.tool), gap.gap) for gap in material.gaps),
        *(
            _gap(material, words.label("tool", e.tool), e.result.gap)
            for e in material.evidence
            if e.result.gap is not None
        ),
        *(row for e in material.evidence for row in _cells(material, e)),
        *_stale(material),
    ]
    title = words.label("title", "missing")
    lines = material.lines("missing")
    if not rows:
        return Block("missing", title, lines, notes=(words.text("nothing_missing"),))
    names = ("what", "where", "reason", "actor")
    columns = tuple(Column(words.label("column", name), "left") for name in names)
    return Block("missing", title, lines, tables=(Table("missing", columns, tuple(rows)),))


def _gap(material: Material, what: str, gap: NamedGap) -> tuple[Cell, ...]:
    words = material.words
    where = words.label("dataset", gap.dataset) if gap.dataset else words.text("whole_answer")
    return (
        Cell(what, tone="strong"), Cell(where),
        Cell(gap_sentence(gap, material.universe, words.language)),
        Cell(words.label("actor", gap.actor)),
    )  # fmt: skip


def _cells(material: Material, evidence: Evidence) -> list[tuple[Cell, ...]]:
    words = material.words
    groups: dict[tuple[str, GapReason], list[str]] = {}
    for cell in evidence.result.missing:
        groups.setdefault((cell.measure, cell.reason), []).append(cell.subject)
    rows: list[tuple[Cell, ...]] = []
    for (subjects, reason), measures in sorted(_alike(groups).items(), key=lambda g: g[1]):
        names = [_subject(material, evidence, subject) for subject in subjects]
        shown = ", ".join(names[:MAXIMUM_NAMES])
        if len(names) > MAXIMUM_NAMES:
            shown += " " + words.text("and_more", n=str(len(names) - MAXIMUM_NAMES))
        name = ", ".join(_named(material, measure) for measure in measures)
        why, actor = words.label("reason", reason), words.label("actor", actor_of(reason))
        what = Cell(name, f"{measures[0]} · {evidence.id}", tone="strong")
        rows.append((what, Cell(shown), Cell(why), Cell(actor)))
    return rows


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


def _stale(material: Material) -> list[tuple[Cell, ...]]:
    words, binder = material.words, material.binder
    rows: list[tuple[Cell, ...]] = []
    for evidence, result in material.answers(StatusResult):
        for place, row in enumerate(result.rows):
            if row.stale:
                age = binder.at(evidence, "rows", place, "age_days", unit=True)
                last = binder.at(evidence, "rows", place, "last")
                said = Cell(parts=(Cell(words.text("ends") + " "), last, Cell(", "), age))
                rows.append((
                    Cell(words.label("dataset", row.dataset), tone="strong"), said,
                    Cell(words.label("reason", "stale")), Cell(words.label("actor", "operator")),
                ))  # fmt: skip
    return rows
