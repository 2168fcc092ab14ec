"""How strained the market is, what followed such times, and what the de-risking rule says."""

from app.render.blocks.balance import balance_line
from app.render.blocks.parts import field_column, part_table, strong, told
from app.render.material import Material
from app.render.view import Block, Cell, Column, Item, Table, Tone
from core.records.evidence import Evidence
from core.records.rotation_statistics import MarketWarningResult

READINGS = ("correlation", "dispersion", "breadth")
VALUES = {
    "correlation": "correlation_index", "dispersion": "dispersion_pct", "breadth": "breadth_pct",
}  # fmt: skip
OUTCOMES = (
    "sessions", "episodes_count", "return_after_pct", "return_always_pct", "return_t_index",
    "drawdown_after_pct", "drawdown_always_pct", "drawdown_t_index",
)  # fmt: skip
TONES: dict[str, Tone] = {"calm": "good", "watch": "warn", "warning": "bad"}


def market_warning(material: Material) -> Block:
    """Return the state, its three readings, its record, the rule and the balance.

    Empty without an answer; a history too short for a state says so.
    """
    words = material.words
    title = words.label("title", "market_warning")
    pair = _answer(material)
    if pair is None:
        return Block("market_warning", title)
    evidence, result = pair
    lines = (warning_line(material), de_risking_line(material), balance_line(material))
    notes = [words.text("warning_note")] if result.rows else [words.text("no_warning_state")]
    if result.switch:
        notes.append(words.text("switch_note"))
    return Block(
        "market_warning",
        title,
        lines=tuple(line for line in lines if line is not None),
        items=_readings(material, evidence, result),
        tables=(_outcomes(material, evidence, result),) if result.outcomes else (),
        notes=(" ".join(notes),),
    )


def warning_line(material: Material) -> Cell | None:
    """Return the market's state since when, by how many signs; None without one."""
    pair = _answer(material)
    if pair is None or not pair[1].rows:
        return None
    words, (evidence, result) = material.words, pair
    state = told(material, evidence, "rows", 0, "market_warning")
    count = told(material, evidence, "rows", 0, "signs_count")
    tone = TONES[result.rows[0].market_warning]
    return Cell(
        parts=(
            Cell(words.text("warning_lead") + " ", tone="soft"),
            Cell(state.text, state.source, state.fact, tone=tone),
            Cell(f" {words.text('since')} "), told(material, evidence, "rows", 0, "warning_since"),
            Cell(", "), Cell(words.text("signs_lit", n=count.text), count.source, count.fact),
        )
    )  # fmt: skip


def de_risking_line(material: Material) -> Cell | None:
    """Return what the de-risking rule says since when, and its record; None without one."""
    pair = _answer(material)
    if pair is None or not pair[1].switch:
        return None
    words, (evidence, result) = material.words, pair
    at = (material, evidence, "switch", 0)
    since = words.day(result.switch[0].record_since)
    return Cell(
        parts=(
            Cell(words.text("switch_lead") + " ", tone="soft"), strong(told(*at, "switch_state")),
            Cell(f" {words.text('since')} "), told(*at, "switch_since"),
            Cell("; "), Cell(words.text("switch_record", day=since) + " ", tone="soft"),
            told(*at, "cagr_with_pct", unit=True, signed=True),
            Cell(f", {words.text('without_it')} "),
            told(*at, "cagr_without_pct", unit=True, signed=True),
            Cell(" (t "), told(*at, "cagr_t_index", signed=True),
            Cell(f"); {words.text('deepest_fall')} "),
            told(*at, "drawdown_with_pct", unit=True), Cell(f", {words.text('without_it')} "),
            told(*at, "drawdown_without_pct", unit=True), Cell("; "),
            told(*at, "switches_a_year_index"), Cell(f" {words.text('switches_a_year')}"),
        )
    )  # fmt: skip


def _answer(material: Material) -> tuple[Evidence, MarketWarningResult] | None:
    found = material.answers(MarketWarningResult)
    return next((pair for pair in found if pair[1].gap is None), None)


def _readings(
    material: Material, evidence: Evidence, result: MarketWarningResult
) -> tuple[Item, ...]:
    words = material.words
    if not result.rows:
        return ()
    items = []
    for name in READINGS:
        value = told(material, evidence, "rows", 0, VALUES[name], unit=name != "correlation")
        place = told(material, evidence, "rows", 0, f"{name}_percentile_pct")
        said = words.text("percentile_of_past", n=place.text)
        parts = (strong(value), Cell(" "), Cell(said, place.source, place.fact, tone="soft"))
        items.append(Item(words.measure(name), Cell(parts=parts)))
    return tuple(items)


def _outcomes(material: Material, evidence: Evidence, result: MarketWarningResult) -> Table:
    words = material.words

    def after(place: int) -> Cell:
        row = result.outcomes[place]
        span = words.label("span", row.horizon.lower())
        return Cell(f"{words.label('market_warning', row.kind)}, {span}", tone="strong")

    columns = (
        (Column(words.column("after_state", "after"), "left"), after),
        *(field_column(material, evidence, "outcomes", name, signed=_signed(name))
          for name in OUTCOMES),
    )  # fmt: skip
    return part_table(material, evidence, "outcomes", range(len(result.outcomes)), columns)


def _signed(name: str) -> bool:
    return name.startswith(("return", "drawdown"))
