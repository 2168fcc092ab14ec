"""The forecast's own record, out of sample, at each horizon: skill, calibration, momentum's."""

from dataclasses import replace

from app.render.blocks.verdict import verdict_text
from app.render.material import Bound, Material
from app.render.view import Block, Cell, Column, Table, footnoted
from core.measures import measure_of
from core.records.sectors import Skill

RECORD = (
    "ic_mean_index", "ic_t_index", "hit_fraction", "dates_count", "momentum_ic_mean_index",
    "momentum_gap_t_index", "covered_fraction", "brier_index",
)  # fmt: skip
HUNDRED = 100.0
"""Brier scores differ from 0.25 in their third decimal: they are printed a hundredfold."""
BINS = ("said_fraction", "came_fraction", "forecasts_count")


def record(material: Material) -> Block:
    """Return the record at each horizon, and of the asked one the verdict and how chances came."""
    words = material.words
    title = words.label("title", "record")
    if not material.skills:
        return Block("record", title, notes=(words.text("no_record"),))
    asked = material.skills.get(material.report.request.horizon)
    lines = () if asked is None else (_verdict(material, asked),)
    tables = [_horizons(material)]
    if asked is not None and asked.value.bins:
        tables.append(_calibration(material, asked))
    notes = (words.text("record_note"),)
    return Block("record", title, lines=lines, tables=tuple(tables), notes=notes)


def _verdict(material: Material, asked: Bound[Skill]) -> Cell:
    """Return the asked horizon's verdict with the figures it rests on."""
    words, at = material.words, (asked.evidence, "skill", asked.place)
    span = words.label("span", asked.value.horizon.lower())
    told = verdict_text(asked.value, words)
    parts = [
        Cell(words.text("record_lead", horizon=span) + " ", tone="soft"),
        Cell(told, tone="strong"),
        Cell(": IC "), material.binder.at(*at, "ic_mean_index"),
        Cell(" (t "), material.binder.at(*at, "ic_t_index"), Cell(")"),
    ]  # fmt: skip
    if asked.value.momentum_ic_mean_index is not None:
        parts += [
            Cell(f", {words.text('record_momentum')} "),
            material.binder.at(*at, "momentum_ic_mean_index"),
            Cell(f" ({words.text('record_gap')} "),
            material.binder.at(*at, "momentum_gap_t_index"), Cell(")"),
        ]  # fmt: skip
    return Cell(parts=(*parts, Cell(".")))


def _horizons(material: Material) -> Table:
    words = material.words
    rows = []
    for horizon, bound in material.skills.items():
        at = (bound.evidence, "skill", bound.place)
        cells = [material.binder.at(*at, field) for field in RECORD]
        if bound.value.brier_index is not None:
            text = words.number(HUNDRED * bound.value.brier_index, "pp")
            cells[-1] = replace(cells[-1], text=text)
        source = f"{words.measure('horizon')} · {bound.evidence.id}"
        name = Cell(words.label("span", horizon.lower()), source, tone="strong")
        whole = material.binder.row_source(bound.evidence, "skill", bound.place)
        rows.append((name, *cells, Cell(verdict_text(bound.value, words), whole)))
    columns = (
        Column(words.label("column", "horizon"), "left"),
        *(Column(words.heading(f, *measure_of(f))) for f in RECORD[:-1]),
        Column(words.text("brier_hundred")),
        Column(words.label("column", "verdict"), "left"),
    )
    return footnoted(Table("record", columns, tuple(rows)))


def _calibration(material: Material, asked: Bound[Skill]) -> Table:
    """Return what was said on average and how often it came, a row a bin of probabilities."""
    words, evidence, bins = material.words, asked.evidence, asked.value.bins
    at = ("skill", asked.place, "bins")
    rows = tuple(
        tuple(material.binder.at(evidence, *at, place, field) for field in BINS)
        for place in range(len(bins))
    )
    columns = tuple(Column(words.heading(f, *measure_of(f))) for f in BINS)
    span = words.label("span", asked.value.horizon.lower())
    caption = Cell(words.text("calibration", horizon=span))
    return Table("calibration", columns, rows, caption=caption)
