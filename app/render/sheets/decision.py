"""Sheets of the decision: summary, actions, all sectors, forecasts, reasons, factors."""

from app.render.blocks.actions import chosen_lines
from app.render.blocks.arguments import for_and_against, reversal
from app.render.blocks.flow_cells import flow_of, verdict
from app.render.blocks.record import RECORD
from app.render.material import Material
from app.render.sheets.sheet import Field, Sheet, Value, plain, titled, values_of
from core.measures import measure_of
from core.records.decision import AllocationLine
from core.records.payloads import FundamentalsResult
from core.records.sectors import Expectation, HeatmapRow, Rotation
from core.records.trades import SectorTrade

LINE = ("benchmark_weight", "held_weight", "target_weight", "risk_share_pct")
HEAT = (
    "excess_1w_pct", "excess_1m_pct", "excess_3m_pct", "excess_12m_pct", "return_3m_pct",
    "distance_200d_pct", "members_count", "top_member", "top_member_pct", "turnover_share_pct",
    "turnover_share_change_pp",
)  # fmt: skip
PLACE = ("quadrant", "dwell_count", "provisional", "rs_ratio_index", "rs_momentum_index")
FORECAST = ("excess_pct", "low_pct", "high_pct", "outperform_fraction")
SCORE = ("rank", "score", "confidence")
FLOW = ("net_bn", "intensity_pct", "streak_sessions", "state")
BREADTH = "breadth_200d"


def summary(m: Material) -> Sheet:
    """Return what the report is about and its totals, one a row."""
    words, report = m.words, m.report
    rows: list[tuple[Value, ...]] = [
        (words.label("strip", "universe"), words.entity(m.universe.id), ""),
        (words.label("strip", "as_of"), m.as_of, ""),
        (words.label("column", "horizon"), report.request.horizon, ""),
        (words.label("provenance", "report"), report.content_hash(), ""),
        (words.label("title", "headline"), " ".join(c.plain for c in m.lines("headline")), ""),
    ]
    rows += [(words.label("hand", h), getattr(report.signatures, h), "") for h in
             ("prepared", "reviewed", "approved")]  # fmt: skip
    rows.append((words.text("disclaimer"), None, ""))
    if m.universe.synthetic or report.synthetic:
        rows.insert(0, (words.text("synthetic"), None, ""))
    if m.allocation is not None:
        names = ("turnover", "cost_bps", "tracking_error_pct", "cash_held_weight",
                 "cash_target_weight", "outside_weight")  # fmt: skip
        rows += [(titled(n, words, m.allocation), getattr(m.allocation, n), n) for n in names]
        if m.allocation.risk is not None:
            risk = m.allocation.risk
            rows += [(titled(n, words, risk), getattr(risk, n), n) for n in type(risk).model_fields]
    heads = (words.text("item"), words.text("value"), words.text("field_name"))
    keys = ("item", "value", "field")
    fields = tuple(Field(n, h) for n, h in zip(keys, heads, strict=True))
    return Sheet("summary", fields, tuple(rows))


def actions(m: Material) -> Sheet:
    """Return the actions of page one with their figures and arguments."""
    label, words = m.words.label, m.words
    trades = {row.sector: row for row in (m.plan.sectors if m.plan else ())}
    fields = [
        *_named(m), Field("stance", label("column", "stance")),
        *(Field(n, titled(n, words)) for n in LINE[:3]),
        *(Field(n, titled(n, words, (trades and next(iter(trades.values()))) or None))
          for n in ("value_bn", "trading_days")),
        *_ahead(m),
        *(Field(n, label("column", n)) for n in ("for", "against", "reverses")),
    ]  # fmt: skip
    return Sheet("actions", tuple(fields), tuple(_action(m, x, trades) for x in chosen_lines(m)))


def _action(m: Material, line: AllocationLine, trades: dict[str, SectorTrade]) -> tuple[Value, ...]:
    trade, expected = trades.get(line.sector), _expected(m, line.sector)
    said = (*for_and_against(m, line), reversal(m, line))
    return (
        line.sector, m.words.entity(line.sector), m.words.label("stance", line.stance),
        *(getattr(line, name) for name in LINE[:3]),
        trade.value_bn if trade else None, trade.trading_days if trade else None,
        *(getattr(expected, name, None) for name in FORECAST), *(cell.plain for cell in said),
    )  # fmt: skip


def sectors(m: Material) -> Sheet:
    """Return every sector of the universe on one row, at full precision."""
    words = m.words
    weekly, daily = words.label("frequency", "weekly"), words.label("frequency", "daily")
    fields = [
        *_named(m), Field("rank", titled("rank", words)), Field("score", titled("score", words)),
        Field("confidence", titled("confidence", words)),
        *(Field(f"weekly_{n}", f"{titled(n, words)}, {weekly}") for n in PLACE),
        *(Field(f"daily_{n}", f"{titled(n, words)}, {daily}") for n in PLACE),
        *(Field(n, titled(n, words)) for n in HEAT), *_ahead(m),
        Field(f"{BREADTH}_pct", titled(f"{BREADTH}_pct", words)),
        *(Field(f"foreign_{n}", titled(n, words)) for n in FLOW),
        Field("foreign_verdict", words.label("title", "flows")),
        Field("valuation_percentile_pct", titled("valuation_percentile_pct", words)),
        Field("stance", words.label("column", "stance")),
        *(Field(n, titled(n, words)) for n in LINE),
        Field("flags", words.label("column", "flags")),
    ]  # fmt: skip
    return Sheet("sectors", tuple(fields), tuple(_sector(m, sector) for sector in m.order))


def _sector(m: Material, sector: str) -> tuple[Value, ...]:
    score, place, heat = m.scores.get(sector), m.place(sector), m.heatmap_row(sector)
    row: HeatmapRow | None = heat[1] if heat else None
    where: HeatmapRow | None = place[1] if place else None
    flow = flow_of(m, sector)
    line = next(
        (x for x in (m.allocation.lines if m.allocation else ()) if x.sector == sector), None
    )
    mark = verdict(m, sector)
    return (
        sector, m.words.entity(sector), *(getattr(score, name, None) for name in SCORE),
        *_rotation(where.weekly if where else None), *_rotation(where.daily if where else None),
        *(plain(getattr(row, name, None)) for name in HEAT),
        *(getattr(_expected(m, sector), name, None) for name in FORECAST),
        _breadth(m, sector), *(getattr(flow[2] if flow else None, name, None) for name in FLOW),
        mark.text if mark else None, _valuation(m, sector), getattr(line, "stance", None),
        *(getattr(line, name, None) for name in LINE), plain(row.flags) if row else None,
    )  # fmt: skip


def _rotation(rotation: Rotation | None) -> tuple[Value, ...]:
    return tuple(getattr(rotation, name, None) for name in PLACE)


def _expected(m: Material, sector: str) -> Expectation | None:
    found = m.heatmap_row(sector)
    rows = found[1].expected if found else ()
    return next((e for e in rows if e.horizon == m.report.request.horizon), None)


def _breadth(m: Material, sector: str) -> float | None:
    values = (
        factor.value
        for evidence in m.evidence
        for factor in evidence.result.factors
        if (factor.sector, factor.factor) == (sector, BREADTH)
    )
    return next(values, None)


def _valuation(m: Material, sector: str) -> float | None:
    rows = (row for _, result in m.answers(FundamentalsResult) for row in result.rows)
    return next((r.valuation_percentile_pct for r in rows if r.sector == sector), None)


def forecast(m: Material) -> Sheet:
    """Return every expectation of every horizon, and beside it the forecast's own record."""
    words = m.words
    fields = (
        *_named(m), Field("horizon", words.label("column", "horizon")),
        Field("settles", words.label("column", "settles")), *_ahead(m),
        *(Field(n, titled(n, words)) for n in RECORD),
    )  # fmt: skip
    records = {horizon: bound.value for horizon, bound in m.skills.items()}
    rows = tuple(
        (row.sector, words.entity(row.sector), *values_of(one, fields[2 : -len(RECORD)]),
         *(getattr(records.get(one.horizon), n, None) for n in RECORD))
        for row in (m.heatmap.result.rows if m.heatmap else ())
        for one in row.expected
    )  # fmt: skip
    return Sheet("forecast", fields, rows)


def reasons(m: Material) -> Sheet:
    """Return the features each sector's forecast of the asked horizon rests on."""
    words = m.words
    names = ("feature", "contribution_pct")
    heads = (words.label("title", "reasons"), titled("contribution_pct", words))
    fields = (*_named(m), *(Field(n, head) for n, head in zip(names, heads, strict=True)))
    rows = tuple(
        (row.sector, words.entity(row.sector), reason.feature, reason.contribution_pct)
        for row in (m.heatmap.result.rows if m.heatmap else ())
        for reason in row.reasons
    )
    return Sheet("reasons", fields, rows)


def factors(m: Material) -> Sheet:
    """Return every contribution to every score."""
    words = m.words
    names = ("factor", "family", "weight", "z", "contribution", "reason")
    fields = (*_named(m), *(Field(n, _factor_heading(m, n)) for n in names))
    rows = tuple(
        (score.sector, words.entity(score.sector), *(getattr(part, n) for n in names))
        for score in (m.card.sectors if m.card else ())
        for part in score.contributions
    )
    return Sheet("factors", fields, rows)


def _ahead(m: Material) -> tuple[Field, ...]:
    """Return the columns of an expectation, named after the measures the page prints."""
    return tuple(
        Field(name, f"{m.words.measure(f'expected_{measure_of(name)[0]}')} ({_of(m, name)})")
        for name in FORECAST
    )


def _of(m: Material, name: str) -> str:
    unit = measure_of(name)[1]
    return m.words.text("share") if unit == "fraction" else m.words.unit(unit)


def _factor_heading(m: Material, name: str) -> str:
    if name == "weight":
        return m.words.measure("weight")
    return titled(name, m.words) if name != "factor" else m.words.label("column", "factor")


def _named(m: Material) -> tuple[Field, Field]:
    return Field("sector", m.words.text("sector_id")), Field(
        "name", m.words.label("column", "sector")
    )
