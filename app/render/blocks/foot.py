"""The foot: sources with their dates, formulas, the report's hash, and who signs."""

from datetime import date

from app.render.material import Material
from app.render.view import Block, Cell
from app.render.words import quoted
from core.records.result import Dataset, Source

FORMULAS = "docs/method.md"
UNDATED: frozenset[Dataset] = frozenset({"members"})
"""Data sets whose rows hold until something else is known."""
HANDS = ("prepared", "reviewed", "approved")


def foot(material: Material, digest: str) -> Block:
    """Return the foot's lines; `digest` is the short hash of the report."""
    words, report = material.words, material.report
    used = " · ".join(_dated(material, name, sources) for name, sources in _sources(material))
    sources = words.text("sources", said=used) if used else words.text("no_sources")
    made = words.text("made", formulas=FORMULAS, hash=digest, version=report.provenance.sectorwise)
    signed = " · ".join(f"{words.label('hand', hand)}: {_name(material, hand)}" for hand in HANDS)
    lines = [Cell(f"{sources} · {made}"), Cell(signed)]
    return Block("foot", words.label("title", "foot"), lines=tuple(lines))


def _sources(material: Material) -> list[tuple[Dataset, list[Source]]]:
    found: dict[Dataset, dict[str, Source]] = {}
    for evidence in material.evidence:
        for source in evidence.result.sources:
            found.setdefault(source.dataset, {})[source.sha256] = source
    return [(name, list(found[name].values())) for name in sorted(found)]


def _dated(material: Material, dataset: Dataset, sources: list[Source]) -> str:
    words = material.words
    said = words.label("dataset", dataset)
    if dataset not in UNDATED:
        last: date = max(source.last for source in sources)
        said += f" {words.text('ends')} {words.day(last)}"
    count = words.number(float(len(sources)), "count")
    return said if len(sources) == 1 else f"{said} ({words.text('files', n=count)})"


def _name(material: Material, hand: str) -> str:
    return quoted(getattr(material.report.signatures, hand)) or "…………………"
