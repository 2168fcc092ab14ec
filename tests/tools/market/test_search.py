from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from core.errors import CallerError
from core.panel import MarketPanels, Table
from core.records.universe import Benchmark
from tools.context import ToolContext
from tools.market.search import instruments_named

ContextOf = Callable[[MarketPanels], ToolContext]
NAMES = ["Ngân hàng Á Châu", "Ngân hàng Sài Gòn", "", "Công ty FPT", "An Châu Thép"]


@pytest.fixture
def named(tiny_panels: MarketPanels) -> MarketPanels:
    """The tiny market with names in its members file, and B3 in no sector."""
    assert tiny_panels.members is not None
    rows = tiny_panels.members.rows.assign(exchange="HOSE", name=NAMES)
    return replace(tiny_panels, members=Table("members", rows[rows["symbol"] != "B3"]))


def found(context: ToolContext, query: str) -> list[tuple[str, str | None]]:
    return [(row.kind, row.symbol) for row in instruments_named(context, query=query).rows]


def test_names_are_found_without_their_accents_by_the_beginnings_of_words(
    named: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(named)
    assert found(context, "ngan hang") == [("sector", "BNK"), ("stock", "B1"), ("stock", "B2")]
    assert found(context, "chau") == [("stock", "B1"), ("stock", "T2")]
    assert found(context, "CHÂU thep") == [("stock", "T2")]
    row = instruments_named(context, query="sai gon").rows[0]
    assert (row.name, row.sector, row.exchange) == ("Ngân hàng Sài Gòn", "banks", "HOSE")


def test_an_exact_name_comes_before_a_symbol_that_begins_so(
    named: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(named)
    assert found(context, "t")[:3] == [("sector", "TEC"), ("stock", "T1"), ("stock", "T2")]
    assert found(context, "t2") == [("stock", "T2")]
    assert found(context, "tech") == [("sector", "TEC")]


def test_a_priced_symbol_of_no_sector_and_a_benchmark_without_a_series_are_found(
    named: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(named)
    assert found(context, "B3") == [("other", "B3")]
    mark = instruments_named(context, query="tất cả").rows[0]
    assert (mark.kind, mark.symbol, mark.benchmark, mark.priced) == ("benchmark", None, "all", True)


def test_a_member_without_a_price_is_found_and_says_so(
    named: MarketPanels, context_of: ContextOf
) -> None:
    assert named.stocks is not None
    closes = named.stocks.closes.assign(B1=float("nan"))
    unpriced = replace(named, stocks=replace(named.stocks, closes=closes))
    rows = instruments_named(context_of(unpriced), query="hang").rows
    assert {row.symbol: row.priced for row in rows} == {"BNK": True, "B1": False, "B2": True}


def test_all_matches_are_counted_and_the_first_listed(
    named: MarketPanels, context_of: ContextOf
) -> None:
    result = instruments_named(context_of(named), query="ngan", limit=2)
    assert (result.found_count, len(result.rows)) == (3, 2)


def test_a_benchmark_series_is_not_listed_as_a_stock_again(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    assert tiny_panels.stocks is not None
    closes = tiny_panels.benchmark.closes.assign(idx=tiny_panels.stocks.closes["B1"])
    mark = Benchmark(id="idx", ticker="B1", name_en="Index", name_vi="Chỉ số", treatment="price")
    universe = tiny_panels.universe.model_copy(
        update={"benchmarks": (*tiny_panels.universe.benchmarks, mark)}
    )
    panels = replace(
        tiny_panels,
        universe=universe,
        benchmark=type(tiny_panels.benchmark)(*(closes for _ in range(4))),
    )
    assert found(context_of(panels), "b1") == [("benchmark", "B1")]


def test_a_member_that_joins_later_is_not_found_before(
    named: MarketPanels, context_of: ContextOf
) -> None:
    assert named.members is not None
    rows = named.members.rows.copy()
    rows.loc[rows["symbol"] == "T2", "start"] = "2024-01-02"
    context = context_of(replace(named, members=Table("members", rows)))
    early = instruments_named(context, query="t2", as_of=date(2023, 6, 1)).rows
    assert [row.kind for row in early] == ["other"]
    late = instruments_named(context, query="t2", as_of=date(2024, 2, 1)).rows
    assert [row.kind for row in late] == ["stock"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("!?", "write a symbol or a name"),
        ("ngann hang", "tiny has nothing called 'ngann hang': did you mean Banks"),
        ("zzzz", "list_universes names the other markets"),
    ],
)
def test_a_name_of_nothing_is_a_sentence_with_near_ones(
    tiny_panels: MarketPanels, context_of: ContextOf, query: str, said: str
) -> None:
    with pytest.raises(CallerError, match=said.replace("?", r"\?")):
        instruments_named(context_of(tiny_panels), query=query)
