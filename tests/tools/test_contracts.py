import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp.server.fastmcp.exceptions import ToolError
from mcp.types import TextContent

from core.records.payloads import MarketResult, MarketRow, MomentumResult, MomentumRow
from core.records.result import MissingCell, NamedGap
from core.records.universe import Universe
from tools.contracts import TEXT_CAP_CHARS, answer, readable


def momentum(count: int, *, synthetic: bool = False) -> MomentumResult:
    return MomentumResult(
        tool="get_technical_momentum",
        universe="tiny",
        universe_hash="0" * 64,
        as_of=date(2024, 1, 5),
        known_at=date(2024, 1, 4),
        currency="VND",
        synthetic=synthetic,
        rows=tuple(
            MomentumRow(
                sector="banks",
                symbol=f"S{place}",
                return_1w_pct=1.23456,
                return_1m_pct=-0.5,
                return_3m_pct=None,
                return_6m_pct=None,
                return_12m_pct=None,
                momentum_12_1_pct=None,
                volatility_pct=1234.5678,
                volume_ratio_x=1.0,
            )
            for place in range(count)
        ),
    )


def test_a_result_reads_as_a_table_without_its_empty_columns(tiny_universe: Universe) -> None:
    lines = readable(momentum(2), tiny_universe).splitlines()
    assert lines[0] == (
        "get_technical_momentum tiny as of 2024-01-05, known at 2024-01-04, money in VND"
    )
    assert lines[2] == (
        "sector | symbol | return_1w_pct | return_1m_pct | volatility_pct | volume_ratio_x"
    )
    assert lines[3] == "banks | S0 | 1.235 | -0.5 | 1234.57 | 1"


def test_demo_data_say_so_in_the_first_line(tiny_universe: Universe) -> None:
    assert "SYNTHETIC" in readable(momentum(1, synthetic=True), tiny_universe).splitlines()[0]


def test_a_gap_says_why_and_what_to_do(tiny_universe: Universe) -> None:
    gap = NamedGap(reason="no_data", actor="user", dataset="prices")
    text = readable(momentum(0).model_copy(update={"gap": gap}), tiny_universe)
    assert text.splitlines()[1] == (
        "gap no_data: There are no prices of Tinyland in the store. "
        "Run: sectorwise import --universe tiny --prices FILE"
    )


def test_missing_cells_are_listed_with_their_reason(tiny_universe: Universe) -> None:
    cell = MissingCell(subject="banks", measure="pe_x", reason="not_covered")
    assert "missing pe_x (not_covered): banks" in readable(
        momentum(1).model_copy(update={"missing": (cell,)}), tiny_universe
    )


def test_a_long_answer_is_cut_in_the_text_only_and_says_so(tiny_universe: Universe) -> None:
    result = momentum(2000)
    content = answer(result, tiny_universe).content[0]
    assert isinstance(content, TextContent)
    assert len(content.text) <= TEXT_CAP_CHARS
    kept = content.text.splitlines()
    assert (
        kept[-1]
        == f"(cut: {2003 - (len(kept) - 1)} more lines; the structured content is complete)"
    )
    structured = answer(result, tiny_universe).structuredContent
    assert structured is not None
    assert len(structured["rows"]) == 2000


def test_structured_content_round_trips_to_the_same_record(tiny_universe: Universe) -> None:
    result = momentum(3)
    structured = json.loads(json.dumps(answer(result, tiny_universe).structuredContent))
    assert MomentumResult.model_validate(structured) == result


def test_an_answer_over_the_byte_cap_says_how_to_ask_for_less(tiny_universe: Universe) -> None:
    with pytest.raises(ToolError, match="name one sector"):
        answer(momentum(100), tiny_universe, bytes_cap=10_000)


def test_a_single_row_of_another_shape_is_rendered_too(tiny_universe: Universe) -> None:
    row = MarketRow(
        benchmark="all",
        return_1w_pct=1.0,
        return_1m_pct=None,
        return_3m_pct=None,
        return_12m_pct=None,
        volatility_pct=None,
        drawdown_pct=0.0,
        breadth_200d_pct=None,
        traded_20d_bn=None,
        foreign_net_20d_bn=None,
    )
    fields = {name: getattr(momentum(0), name) for name in ("universe", "universe_hash", "as_of")}
    result = MarketResult(
        tool="get_market_overview", currency="VND", synthetic=False, rows=(row,), **fields
    )
    assert readable(result, tiny_universe).splitlines()[-1] == "all | 1 | 0"


@given(st.integers(0, 60), st.integers(300, 6000))
def test_the_text_never_exceeds_its_cap(tiny_universe: Universe, count: int, cap: int) -> None:
    text = readable(momentum(count), tiny_universe, cap=cap)
    assert len(text) <= cap
    if "(cut:" not in text:
        assert text.count("banks") == count
