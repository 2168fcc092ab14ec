from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pandas as pd

from core.panel import MarketPanels
from tools.context import ToolContext
from tools.market.universes import known_universes
from tools.storage.partition import Lot
from tools.storage.schema import empty_frame

ContextOf = Callable[[MarketPanels], ToolContext]


def with_prices(context: ToolContext, first: str, last: str) -> None:
    days = pd.to_datetime([first, last])
    rows = pd.DataFrame({"symbol": "B1", "period": days, "known_at": days, "close": 1.0})
    rows = pd.concat([empty_frame("prices"), rows])
    lot = Lot(dataset="prices", origin=first, input_sha256="1" * 64, recipe_sha256=first[:4] * 16)
    context.store.write("tiny", rows, lot)


def test_a_universe_without_prices_is_listed_and_says_so(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(tiny_panels)
    result = known_universes(context)
    (row,) = result.rows
    assert (row.universe, row.first, row.last) == ("tiny", None, None)
    assert [sector.sector for sector in row.sectors] == ["banks", "technology"]
    assert [mark.benchmark for mark in row.benchmarks] == ["all"]
    assert (result.as_of, result.known_at) == (context.today(), None)


def test_the_stored_days_span_all_files_and_stop_at_the_latest_date(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(tiny_panels)
    with_prices(context, "2019-01-07", "2020-03-02")
    with_prices(context, "2020-03-03", "2021-05-10")
    row = known_universes(context).rows[0]
    assert (row.first, row.last) == (date(2019, 1, 7), date(2021, 5, 10))
    early = known_universes(replace(context, latest=date(2020, 1, 6)))
    assert (early.rows[0].last, early.as_of) == (date(2020, 1, 6), date(2020, 1, 6))
    never = known_universes(replace(context, latest=date(2018, 1, 2))).rows[0]
    assert (never.first, never.last) == (None, None)


def test_the_default_universe_comes_first_and_names_the_envelope(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(tiny_panels)
    other = tiny_panels.universe.model_copy(update={"id": "aland", "synthetic": True})
    both = replace(context, universes={"aland": other, "tiny": tiny_panels.universe})
    result = known_universes(both)
    assert [row.universe for row in result.rows] == ["tiny", "aland"]
    assert [row.synthetic for row in result.rows] == [False, True]
    assert (result.universe, result.synthetic) == ("tiny", False)
