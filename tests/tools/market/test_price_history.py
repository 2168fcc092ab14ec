from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from core.errors import CallerError
from core.panel import MarketPanels
from tools.context import ToolContext
from tools.market.price_history import index_history, price_history
from tools.measures.paging import PAGE_ROWS
from tools.storage.panels import market_panels
from tools.storage.partition import Lot
from tools.storage.schema import empty_frame

ContextOf = Callable[[MarketPanels], ToolContext]
END = date(2024, 2, 23)
"""The last session of the tiny market, a Friday."""


def test_bars_come_by_symbol_then_session_with_volume_and_value(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    result = price_history(context_of(tiny_panels), symbols=("t1", "B1"), since=date(2024, 2, 22))
    assert [(row.symbol, row.period) for row in result.rows] == [
        ("T1", date(2024, 2, 22)), ("T1", END), ("B1", date(2024, 2, 22)), ("B1", END),
    ]  # fmt: skip
    assert result.rows[3].close_level / result.rows[2].close_level == pytest.approx(1.01)
    assert (result.rows[0].volume_count, result.rows[0].value_bn) == (1000.0, 10.0)
    assert (result.gap, result.missing, result.pages_count) == (None, (), 1)


def test_a_weeks_bar_has_its_last_close_and_its_sums(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(tiny_panels)
    result = price_history(context, symbols=("T1",), frequency="weekly", since=date(2024, 2, 12))
    assert [row.period for row in result.rows] == [date(2024, 2, 16), END]
    assert [row.value_bn for row in result.rows] == [50.0, 50.0]
    assert not result.provisional
    running = price_history(context, symbols=("T1",), frequency="weekly", as_of=date(2024, 2, 21))
    assert running.provisional
    assert (running.rows[-1].period, running.rows[-1].value_bn) == (date(2024, 2, 21), 30.0)


def test_an_unknown_symbol_is_missing_beside_the_others_and_alone_a_gap(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(tiny_panels)
    beside = price_history(context, symbols=("B1", "NOPE"))
    assert [(cell.subject, cell.reason) for cell in beside.missing] == [("nope", "not_covered")]
    alone = price_history(context, symbols=("NOPE",))
    assert alone.gap is not None
    assert (alone.gap.reason, alone.gap.dataset) == ("not_covered", "prices")


def test_a_symbol_not_traded_in_the_span_is_missing(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    assert tiny_panels.stocks is not None
    closes = tiny_panels.stocks.closes.copy()
    closes.loc["2023-06-01":, "B1"] = float("nan")
    panels = replace(tiny_panels, stocks=replace(tiny_panels.stocks, closes=closes))
    result = price_history(context_of(panels), symbols=("B1", "T1"))
    assert {row.symbol for row in result.rows} == {"T1"}
    assert [(cell.subject, cell.reason) for cell in result.missing] == [("b1", "stale")]


def test_pages_hold_all_rows_once_and_one_too_far_is_a_sentence(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(tiny_panels)
    asked = {"symbols": ("B1", "T1"), "since": date(2023, 1, 2)}
    pages = [price_history(context, page=page, **asked) for page in (1, 2, 3, 4)]  # type: ignore[arg-type]  # a table of arguments
    assert {result.pages_count for result in pages} == {4}
    assert [len(result.rows) for result in pages] == [PAGE_ROWS] * 4
    assert len({(row.symbol, row.period) for page in pages for row in page.rows}) == 600
    with pytest.raises(CallerError, match="page 5: the answer has 4"):
        price_history(context, page=5, **asked)  # type: ignore[arg-type]  # the same


def test_a_span_that_ends_before_it_begins_is_refused(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    with pytest.raises(CallerError, match="is after as_of"):
        price_history(context_of(tiny_panels), symbols=("B1",), since=date(2025, 1, 1))
    with pytest.raises(CallerError, match="is after as_of"):
        index_history(context_of(tiny_panels), since=date(2025, 1, 1))


def test_the_level_and_return_of_a_benchmark_go_on_from_the_bar_before_the_span(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    result = index_history(context_of(tiny_panels), since=date(2024, 2, 22))
    assert [row.period for row in result.rows] == [date(2024, 2, 22), END]
    assert [row.return_pct for row in result.rows] == pytest.approx([0.6, 0.6])
    weekly = index_history(context_of(tiny_panels), frequency="weekly", since=date(2024, 2, 19))
    assert [row.return_pct for row in weekly.rows] == pytest.approx([100.0 * (1.006**5 - 1.0)])
    first = index_history(context_of(tiny_panels), since=date(2023, 1, 1), page=1)
    assert (first.pages_count, first.rows[0].return_pct) == (2, None)


def test_an_unknown_benchmark_is_a_sentence_and_one_without_levels_a_gap(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    with pytest.raises(CallerError, match="use one of all"):
        index_history(context_of(tiny_panels), benchmark="spx")
    levels = tiny_panels.benchmark
    empty = replace(levels, closes=levels.closes * float("nan"))
    gap = index_history(context_of(replace(tiny_panels, benchmark=empty))).gap
    assert gap is not None
    assert (gap.reason, gap.dataset) == ("not_covered", "prices")


def stored(context: ToolContext) -> ToolContext:
    """B1 falls from 100 to 45 on the day of a 2:1 split with 5 paid, then stays, in dollars."""
    days = pd.bdate_range("2024-01-01", periods=30).as_unit("us")
    frames = []
    for symbol in ("B1", "B2", "T1"):
        rows = pd.DataFrame(
            {"symbol": symbol, "period": days, "known_at": days, "close": 100.0, "volume": 1000.0,
             "value_bn": 1.0}
        )  # fmt: skip
        if symbol == "B1":
            rows.loc[10:, ["close", "volume"]] = [45.0, 2000.0]
            rows.loc[10, ["split", "dividend"]] = [2.0, 5.0]
        frames.append(rows)
    prices = pd.concat([empty_frame("prices"), *frames], ignore_index=True)
    members = pd.DataFrame(
        {"symbol": ["B1", "B2", "T1"], "sector": ["banks", "banks", "technology"], "name": "",
         "exchange": None, "industry": None, "start": pd.Timestamp("1900-01-01"), "end": pd.NaT}
    )  # fmt: skip
    for dataset, frame in (("prices", prices), ("members", members)):
        lot = Lot(dataset=dataset, origin="x", input_sha256="1" * 64, recipe_sha256="2" * 64)
        context.store.write("tiny", frame, lot)
    dollars = context.universes["tiny"].model_copy(update={"currency": "USD"})
    return replace(context, universes={"tiny": dollars}, load=market_panels)


def test_dividends_and_splits_go_into_the_past_and_the_last_close_is_as_traded(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = stored(context_of(tiny_panels))
    result = price_history(context, symbols=("B1",), since=date(2024, 1, 12))
    before, on, *later = result.rows
    assert before.period == date(2024, 1, 12)
    assert before.close_level == pytest.approx(100.0 * 45.0 / (2.0 * 45.0 + 5.0))
    assert [on.close_level, later[-1].close_level] == pytest.approx([45.0, 45.0])
    assert (before.volume_count, on.volume_count) == (2000.0, 2000.0)
    assert result.adjusted_only == ()


def test_no_later_split_changes_an_earlier_answer(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = stored(context_of(tiny_panels))
    result = price_history(context, symbols=("B1",), as_of=date(2024, 1, 12))
    last = result.rows[-1]
    assert last.close_level == pytest.approx(100.0)
    assert last.volume_count == 1000.0
