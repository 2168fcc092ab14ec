from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from agents.router import scored_steps
from agents.steps import sector_statements, statements
from agents.toolbox.aliases.adapter import (
    adapted,
    answer_day,
    called_symbols,
    sent_arguments,
)
from agents.toolbox.aliases.closed_rows import ClosedAnswer, Reader
from agents.toolbox.aliases.recipes import Making
from agents.toolbox.aliases.shipped import shipped
from agents.toolbox.errors import AnswerRejectedError
from agents.toolbox.freshness import zone_of
from agents.toolbox.gate import admitted
from app.files.universes import load_universes
from core.markets.sessions import sessions_after
from core.records.payloads import (
    FlowResult,
    MacroResult,
    MarketResult,
    MomentumResult,
    OverviewResult,
    StatementsResult,
    WhaleResult,
)
from core.records.plan import PlanStep, ToolArguments
from core.records.result import ToolResult
from core.records.sectors import HeatmapResult
from tests.servers.vimo_answers import ANSWERS, GROUPS, WORDS, bars, sector_return_pct

VN = load_universes()["vn"]
VIMO = shipped("vimo")
FRIDAY = date(2026, 4, 24)
AFTER_CLOSE = datetime(2026, 4, 24, 9, 0, tzinfo=UTC)
THURSDAY = AFTER_CLOSE - timedelta(days=1)
Say = Callable[[date], dict[str, object]]


def a_step(tool: str, **arguments: object) -> PlanStep:
    held = ToolArguments.model_validate({"region": "vn", **arguments})
    return PlanStep.model_validate({"id": "one", "tool": tool, "universe": "vn", "arguments": held})


def read(their_tool: str, *, say: Say | None = None, at: datetime = AFTER_CLOSE) -> ClosedAnswer:
    reader = Reader(VIMO, VIMO.answers[their_tool], zone_of(VN))
    return reader.closed((say or ANSWERS[their_tool])(at.date()), fetched_at=at)


def made(
    step: PlanStep,
    *,
    say: Say | None = None,
    recorded: tuple[ClosedAnswer, ...] = (),
    at: datetime = AFTER_CLOSE,
) -> ToolResult:
    """Return the step's answer as the gate lets it through."""
    alias = VIMO.stands_for(step.tool, "vn", step.arguments.sent())
    assert alias is not None
    symbols = called_symbols(alias, step, dict(VIMO.symbols))
    answers = tuple(read(alias.calls, say=say, at=at) for _ in symbols or (None,))
    making = Making(VIMO, alias, VN, answer_day(answers, VN), answers, symbols)
    result = adapted(making, step, recorded=recorded or answers)
    return admitted(
        result.canonical_json(), step, VN, latest=FRIDAY + timedelta(days=1), ours=False
    )


def test_every_mapped_sector_and_symbol_is_of_the_universe() -> None:
    assert set(VIMO.sectors.values()) <= set(VN.sector_ids)
    assert set(VIMO.symbols.values()) <= set(VN.sector_ids)
    assert len(VIMO.symbols) == 30


def test_macro_rows_are_of_known_series_and_their_release_is_assumed() -> None:
    result = made(a_step("get_macro_indicators", type="all"))
    assert isinstance(result, MacroResult)
    assert [row.series for row in result.rows] == ["cpi_yoy", "pmi"]
    cpi = result.rows[0]
    assert (cpi.value_level, cpi.previous_level, cpi.period) == (3.2, 3.1, date(2026, 3, 31))
    assert cpi.assumed_release
    assert cpi.flags == ("assumed_known_at",)
    missing = {(cell.subject, cell.measure) for cell in result.missing}
    assert {("pmi", "previous_level"), ("cpi_yoy", "history_z")} <= missing
    assert not result.factors


def test_one_category_of_macro_is_what_was_asked() -> None:
    result = made(a_step("get_macro_indicators", type="inflation"))
    assert isinstance(result, MacroResult)
    assert [row.series for row in result.rows] == ["cpi_yoy"]
    nothing = made(a_step("get_macro_indicators", type="credit"))
    assert nothing.gap is not None
    assert nothing.gap.reason == "not_covered"


def test_flow_is_told_of_the_listed_stocks_and_never_summed_to_a_sector() -> None:
    result = made(a_step("get_foreign_flow_by_sector", period="1M"))
    assert isinstance(result, FlowResult)
    rows = {row.symbol: row for row in result.rows}
    assert set(rows) == {"FPT", "MWG", "VCB", "HPG"}
    assert rows["FPT"].net_bn == pytest.approx(190.0)
    assert rows["VCB"].net_bn == pytest.approx(-140.0)
    assert {row.sessions for row in result.rows} == {1}
    assert {row.streak_sessions for row in result.rows} == {None}
    missing = {(cell.subject, cell.measure) for cell in result.missing}
    assert {("fpt", "streak_sessions"), ("insurance", "sector")} <= missing


def test_whales_count_the_mapped_stocks_of_a_sector() -> None:
    result = made(a_step("get_whale_activity", period="1M"))
    assert isinstance(result, WhaleResult)
    rows = {row.sector: row for row in result.rows}
    assert set(rows) == {"banks", "financial_services"}
    banks = rows["banks"]
    assert (banks.events_count, banks.watched_count, banks.signed_pct) == (2, 14, 0.0)
    assert banks.top == ("TCB", "STB")
    assert banks.period == FRIDAY


def test_the_market_is_worked_out_of_the_index_closes() -> None:
    closes = {row["date"]: row["close"] for row in read("get_index_history").rows if "close" in row}
    result = made(a_step("get_market_overview"))
    assert isinstance(result, MarketResult)
    row = result.rows[0]
    ordered = [float(closes[day]) for day in sorted(map(str, closes))]
    assert row.return_1w_pct == pytest.approx(100 * (ordered[-1] / ordered[-6] - 1))
    assert row.return_12m_pct == pytest.approx(100 * (ordered[-1] / ordered[-253] - 1))
    assert row.benchmark == "vnindex"
    assert row.foreign_net_20d_bn is None
    assert ("vnindex", "foreign_net_20d_bn") in {(c.subject, c.measure) for c in result.missing}


def test_statements_are_one_call_a_symbol_in_billions() -> None:
    step = statements(VN, ("FPT", "ZZZ", "VCB"), as_of=None, why="named_by_user", annual=True)
    result = made(step)
    assert isinstance(result, StatementsResult)
    assert {row.symbol for row in result.rows} == {"FPT", "VCB"}
    newest = next(row for row in result.rows if row.line == "revenue")
    assert (newest.value_bn, newest.period) == (52_618.0, date(2025, 12, 31))
    assert result.period_kind == "A"
    assert ("zzz", "symbol") in {(cell.subject, cell.measure) for cell in result.missing}


def test_a_sectors_statements_are_those_of_its_mapped_stocks_up_to_the_cap() -> None:
    step = sector_statements(VN, "banks", as_of=None, why="explains")
    alias = VIMO.tools[step.tool]
    symbols = called_symbols(alias, step, dict(VIMO.symbols))
    assert len(symbols) == alias.most
    assert {VIMO.symbols[name] for name in symbols} == {"banks"}
    assert sent_arguments(alias, step, symbols[0]) == {"symbol": symbols[0]}


def test_momentum_and_overview_are_made_of_price_histories() -> None:
    momentum = made(a_step("get_technical_momentum", symbol_type="equity", sector="retail"))
    assert isinstance(momentum, MomentumResult)
    assert [row.symbol for row in momentum.rows] == ["MWG"]
    assert momentum.rows[0].volatility_pct is not None
    assert momentum.rows[0].volume_ratio_x is not None
    overview = made(a_step("get_sector_overview", sector="retail"))
    assert isinstance(overview, OverviewResult)
    assert overview.rows[0].return_1m_pct == momentum.rows[0].return_1m_pct
    assert overview.rows[0].weight_pct is None
    series = a_step("get_technical_momentum", symbol_type="sector_ETF")
    assert VIMO.stands_for(series.tool, "vn", series.arguments.sent()) is None


def recorded(n: int) -> tuple[ClosedAnswer, ...]:
    """Return an answer after the close of each of the n sessions up to Friday."""
    every = sessions_after(VN, date(2025, 12, 31), 120)
    days = [day for day in every if day <= FRIDAY][-n:]
    moments = [datetime(day.year, day.month, day.day, 9, tzinfo=UTC) for day in days]
    return tuple(read("get_sector_rotation", at=at) for at in moments)


def test_the_heatmap_has_a_rotation_once_enough_days_are_recorded_and_not_before() -> None:
    step = scored_steps("vn", horizon="1M", as_of=None)[0]
    early = made(step, recorded=recorded(37))
    assert early.gap is not None
    assert early.gap.reason == "too_short"
    result = made(step, recorded=recorded(45))
    assert isinstance(result, HeatmapResult)
    assert {row.sector for row in result.rows} == {sector for _, sector, _ in GROUPS}
    assert all(row.daily is not None and row.weekly is None for row in result.rows)
    assert (result.benchmark, result.treatment) == ("equal_weight", "price")
    banks = next(row for row in result.rows if row.sector == "banks")
    own, peers = 1.0, 1.0
    for answer in recorded(5):
        day = answer.day or FRIDAY
        changes = [sector_return_pct(place, day) / 100 for place in range(len(GROUPS))]
        own *= 1 + changes[0]
        peers *= 1 + sum(changes) / len(changes)
    assert banks.excess_1w_pct == pytest.approx(100 * (own - peers))
    missing = {(cell.subject, cell.measure): cell.reason for cell in result.missing}
    assert missing["banks", "weekly"] == "too_short"
    assert missing["banks", "excess_12m_pct"] == "too_short"
    assert missing["oil_gas", "sector"] == "not_covered"


def test_what_was_fetched_before_the_close_is_no_recorded_day() -> None:
    step = scored_steps("vn", horizon="1M", as_of=None)[0]
    answers = list(recorded(38))
    assert made(step, recorded=tuple(answers)).gap is None
    running = answers[20].model_copy(
        update={"fetched_at": answers[20].fetched_at - timedelta(hours=3)}
    )
    answers[20] = running
    gap = made(step, recorded=tuple(answers)).gap
    assert gap is not None
    assert gap.reason == "too_short"


def test_a_future_day_is_refused_and_an_old_one_is_stale() -> None:
    step = a_step("get_whale_activity", period="1M")

    def ahead(day: date) -> dict[str, object]:
        return ANSWERS["get_whale_activity"](day + timedelta(days=1))

    def behind(day: date) -> dict[str, object]:
        return ANSWERS["get_whale_activity"](day - timedelta(days=15))

    with pytest.raises(AnswerRejectedError, match="2026-04-25"):
        made(step, say=ahead)
    old = made(step, say=behind)
    assert old.gap is not None
    assert old.gap.reason == "stale"


@pytest.mark.parametrize(
    "step",
    [a_step("get_market_overview"), a_step("get_technical_momentum", symbols=("FPT",),
                                           symbol_type="equity")],
)  # fmt: skip
def test_the_price_of_a_running_session_is_no_close(step: PlanStep) -> None:
    def soared(day: date) -> dict[str, object]:
        known = bars(day, 300, 1_250.0)
        return {"data": {"history": [*known[:-1], {**known[-1], "close": 9_999.0}]}}

    def monthly(at: datetime) -> object:
        result = made(step, say=soared, at=at)
        assert isinstance(result, MarketResult | MomentumResult)
        return result.rows[0].return_1m_pct

    ordered = [float(str(bar["close"])) for bar in bars(FRIDAY, 300, 1_250.0)]
    running = AFTER_CLOSE - timedelta(hours=3)
    assert monthly(running) == pytest.approx(100 * (ordered[-2] / ordered[-23] - 1))
    assert monthly(AFTER_CLOSE) == pytest.approx(100 * (9_999.0 / ordered[-22] - 1))


def test_several_answers_are_of_the_day_all_of_them_reach() -> None:
    answers = (read("get_price_history"), read("get_price_history", at=THURSDAY))
    assert answer_day(answers, VN) == THURSDAY.date()


def test_how_an_answer_is_read_is_told_by_all_that_decides_its_rows() -> None:
    before = VIMO.reading("get_sector_rotation")
    other = VIMO.model_copy(update={"sectors": {**VIMO.sectors, "Tech": "retail"}})
    assert other.reading("get_sector_rotation") != before
    assert other.reading("get_price_history") == VIMO.reading("get_price_history")


def test_no_word_of_the_server_is_in_any_record() -> None:
    steps = (
        *scored_steps("vn", horizon="1M", as_of=None),
        a_step("get_market_overview"),
        statements(VN, ("FPT",), as_of=None, why="named_by_user", annual=True),
    )
    told = [
        made(step, recorded=recorded(45)).canonical_json()
        for step in steps
        if step.tool in VIMO.tools
    ]
    assert len(told) == 6
    assert not any(WORDS.split()[0] in text for text in told)
