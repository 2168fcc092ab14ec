"""The forecast's own record, out of sample, at each horizon."""

from app.render.charts.heatmap import has_skill
from app.render.material import Material
from app.render.view import Block, Cell, Column, Table, footnoted
from core.measures import measure_of

RECORD = (
    "ic_mean_index", "ic_t_index", "hit_fraction", "dates_count", "momentum_ic_mean_index",
)  # fmt: skip


def record(material: Material) -> Block:
    """Return the forecast's out-of-sample record at each horizon."""
    words = material.words
    title = words.label("title", "record")
    if not material.skills:
        return Block("record", title, notes=(words.text("no_record"),))
    rows = []
    for horizon, bound in material.skills.items():
        at = (bound.evidence, "skill", bound.place)
        cells = [material.binder.at(*at, field) for field in RECORD]
        verdict = words.text("skill_yes" if has_skill(bound.value) else "skill_chance")
        source = f"{words.measure('horizon')} · {bound.evidence.id}"
        name = Cell(words.label("span", horizon.lower()), source, tone="strong")
        rows.append((name, *cells, Cell(verdict)))
    columns = (
        Column(words.label("column", "horizon"), "left"),
        *(Column(words.heading(f, *measure_of(f))) for f in RECORD),
        Column(words.label("column", "verdict"), "left"),
    )
    return Block("record", title, tables=(footnoted(Table("record", columns, tuple(rows))),))
