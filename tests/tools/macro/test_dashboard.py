from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from core.panel import MarketPanels, Table
from core.records.economy import DashboardRow
from tools.context import ToolContext
from tools.macro.dashboard import ROWS_MAX, macro_dashboard
from tools.macro.indicators import macro_indicators
from tools.measures.macro_series import declared_series

ContextOf = Callable[[MarketPanels], ToolContext]
MONTHS = pd.date_range("2022-01-31", "2024-01-31", freq="ME").as_unit("us")


def monthly(series: str, category: str, *, start: float = 2.0, known: int = 5) -> pd.DataFrame:
    """Percent; each month is a tenth above the one before, known some days after its end."""
    return pd.DataFrame(
        {
            "series": series,
            "period": MONTHS,
            "known_at": MONTHS + pd.Timedelta(days=known),
            "assumed": False,
            "value": [start + 0.1 * place for place in range(len(MONTHS))],
            "unit": "%",
            "category": category,
        }
    )


def with_macro(panels: MarketPanels, *parts: pd.DataFrame) -> MarketPanels:
    rows = pd.concat(parts).sort_values(["known_at", "period", "series"], ignore_index=True)
    return replace(panels, macro=Table("macro", rows))


def rows_of(context: ToolContext, as_of: date | None = None) -> dict[str, DashboardRow]:
    return {row.series: row for row in macro_dashboard(context, as_of=as_of).rows}


def test_a_number_stands_with_its_release_and_what_it_was_before(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(with_macro(tiny_panels, monthly("UNRATE", "employment")))
    row = rows_of(context)["unrate"]
    assert (row.group, row.period, row.released) == (
        "employment",
        date(2024, 1, 31),
        date(2024, 2, 5),
    )
    assert row.value_level == pytest.approx(4.4)
    assert row.previous_level == pytest.approx(4.3)
    assert row.change_level == pytest.approx(0.1)
    assert row.age_days == (tiny_panels.last - date(2024, 2, 5)).days
    assert (row.forecast_level, row.surprise_level) == (None, None)


def test_a_surprise_is_told_against_a_forecast_known_before_the_release_only(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    early = monthly("UNRATE_FORECAST", "employment", start=2.3, known=1)
    late = monthly("CPI_YOY_FORECAST", "inflation", start=2.3, known=9)
    context = context_of(
        with_macro(
            tiny_panels,
            monthly("UNRATE", "employment"),
            monthly("CPI_YOY", "inflation"),
            early,
            late,
        )
    )
    rows = rows_of(context)
    assert set(rows) == {"unrate", "cpi_yoy"}
    assert rows["unrate"].surprise_level == pytest.approx(-0.3)
    assert rows["cpi_yoy"].surprise_level is None


def test_the_rate_a_central_bank_decides_stands_under_policy_alone(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(
        with_macro(tiny_panels, monthly("POLICY_RATE", "rates"), monthly("DGS10", "rates"))
    )
    assert [(row.group, row.series) for row in macro_dashboard(context).rows] == [
        ("policy", "policy_rate"),
        ("rates", "dgs10"),
    ]
    chosen = macro_indicators(context, macro_type="policy").rows
    assert [(row.series, row.category) for row in chosen] == [("policy_rate", "rates")]


def test_at_most_twelve_numbers_stand_and_no_group_is_lost(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    stored = [
        monthly(series.id, "inflation" if series.id == "CPI_YOY" else "rates")
        for series in declared_series().series
    ]
    rows = macro_dashboard(context_of(with_macro(tiny_panels, *stored))).rows
    assert len(rows) == ROWS_MAX
    assert {row.group for row in rows} == {"inflation", "policy", "rates"}


def test_a_release_of_a_later_day_is_not_seen(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(with_macro(tiny_panels, monthly("UNRATE", "employment")))
    assert rows_of(context, date(2024, 2, 2))["unrate"].period == date(2023, 12, 31)


def test_without_releases_and_without_any_a_desk_reads_there_is_a_gap(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    strange = with_macro(tiny_panels, monthly("PUPPIES", "employment"))
    gaps = [macro_dashboard(context_of(panels)).gap for panels in (tiny_panels, strange)]
    assert [gap and (gap.reason, gap.dataset) for gap in gaps] == [
        ("no_data", "macro"),
        ("not_covered", "macro"),
    ]
