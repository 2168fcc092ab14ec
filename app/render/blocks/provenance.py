"""Provenance: what the report was made from, each data set with its dates and hash."""

from app.render.blocks.understood import inferred
from app.render.material import Material
from app.render.view import Block, Cell, Column, Item, Table, footnoted
from app.render.words import Words, quoted
from core.records.report import Report

HASH_CHARACTERS = 12


def provenance(report: Report, materials: tuple[Material, ...], digest: str) -> Block:
    """Return versions, inferences, data sources and the answers with their hashes.

    `digest` is the short hash of the report.
    """
    words = materials[0].words
    tables = (inferred(report, materials), _sources(materials), _calls(materials))
    return Block(
        "provenance",
        words.label("title", "provenance"),
        items=_versions(report, digest, words),
        tables=tuple(table for table in tables if table.rows),
        notes=(words.text("trademark"), words.text("hover")),
    )


def _versions(report: Report, digest: str, words: Words) -> tuple[Item, ...]:
    made = report.provenance
    items = [
        Item("Sectorwise", Cell(made.sectorwise)),
        Item(words.label("provenance", "report"), Cell(digest)),
        Item(words.label("provenance", "planner"), Cell(words.label("author", made.planner))),
        Item(words.label("provenance", "reporter"), Cell(words.label("author", made.reporter))),
    ]
    if made.model:
        items.append(Item(words.label("provenance", "model"), Cell(quoted(made.model))))
    items += [
        Item(
            f"{words.label('provenance', 'prompt')} {p.name}",
            Cell(f"v{p.version} {short_hash(p.sha256)}"),
        )
        for p in made.prompts
    ]
    if not made.prompts:
        none = Cell(words.text("no_prompts"))
        items.append(Item(words.label("provenance", "prompt"), none))
    for universe, digest in zip(report.request.universes, made.universe_hashes, strict=False):
        label = f"{words.label('provenance', 'universe')} {universe}"
        items.append(Item(label, Cell(short_hash(digest))))
    return tuple(items)


def _sources(materials: tuple[Material, ...]) -> Table:
    words = materials[0].words
    names = ("universe", "dataset", "origin", "first", "last", "rows_count", "sha256", "known_at")
    columns = tuple(
        Column(words.label("column", name), "right" if name == "rows_count" else "left")
        for name in names
    )
    seen: dict[tuple[str, str, str], tuple[Cell, ...]] = {}
    for material in materials:
        for evidence in material.evidence:
            for place, source in enumerate(evidence.result.sources):
                key = (material.universe.id, source.dataset, source.sha256)
                figures = [
                    material.binder.at(evidence, "sources", place, field)
                    for field in ("first", "last", "rows_count")
                ]
                assumed = words.text("assumed" if source.assumed_known_at else "recorded")
                seen.setdefault(key, (
                    Cell(material.universe.id),
                    Cell(words.label("dataset", source.dataset), tone="strong"),
                    Cell(source.origin), *figures, Cell(short_hash(source.sha256)), Cell(assumed),
                ))  # fmt: skip
    return Table("sources", columns, tuple(seen[key] for key in sorted(seen)))


def _calls(materials: tuple[Material, ...]) -> Table:
    words = materials[0].words
    names = ("evidence", "tool", "server", "as_of", "known_at", "sha256")
    columns = tuple(Column(words.label("column", name), "left") for name in names)
    rows = []
    for material in materials:
        for evidence in material.evidence:
            at = material.binder.at
            rows.append(
                (
                    Cell(evidence.id, tone="strong"),
                    Cell(evidence.tool),
                    Cell(evidence.server),
                    at(evidence, "as_of"),
                    at(evidence, "known_at"),
                    Cell(short_hash(evidence.sha256)),
                )
            )
    return footnoted(Table("calls", columns, tuple(rows)))


def short_hash(digest: str) -> str:
    """Return a hash as far as it is printed."""
    return digest[:HASH_CHARACTERS]
