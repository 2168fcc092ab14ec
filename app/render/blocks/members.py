"""The fund that carries a sector's name, beside the sector built from its member stocks."""

from app.render.blocks.cells import sector_cell
from app.render.material import Material
from app.render.view import Block, Cell, Column, Table, footnoted, sourced_by_row

FUND = ("return_3m_pct", "excess_1m_pct", "excess_3m_pct")
BUILT = ("return_3m_pct", "excess_1m_pct", "excess_3m_pct")


def member_built(material: Material) -> Block:
    """Return one row a sector with both; nothing where no sector has both."""
    words, heatmap = material.words, material.heatmap
    title = words.label("title", "member_built")
    rows = heatmap.result.rows if heatmap else ()
    if heatmap is None or not any(row.member_built for row in rows):
        return Block("member_built", title)
    label = words.label
    fund, built = words.text("fund"), words.text("built")
    columns = (
        Column(label("column", "sector"), "left"),
        *(Column(label("both", f), group=fund) for f in FUND),
        Column(label("column", "weekly"), "left", group=fund),
        *(Column(label("both", f), group=built) for f in BUILT),
        Column(label("column", "weekly"), "left", group=built),
        Column(label("column", "members_count"), group=built),
    )
    at = material.binder.row_source
    places = [place for place, row in enumerate(rows) if row.member_built is not None]
    table = sourced_by_row(
        footnoted(Table("member_built", columns, tuple(_row(material, place) for place in places))),
        tuple(at(heatmap.evidence, "rows", place) for place in places),
    )
    return Block("member_built", title, tables=(table,), notes=(words.text("built_note"),))


def _row(material: Material, place: int) -> tuple[Cell, ...]:
    heatmap = material.heatmap
    if heatmap is None:
        return ()
    at, evidence, row = material.binder.at, heatmap.evidence, heatmap.result.rows[place]
    return (
        sector_cell(material, row.sector),
        *(at(evidence, "rows", place, field) for field in FUND),
        at(evidence, "rows", place, "weekly", "quadrant"),
        *(at(evidence, "rows", place, "member_built", field) for field in BUILT),
        at(evidence, "rows", place, "member_built", "quadrant"),
        at(evidence, "rows", place, "member_built", "members_count"),
    )
