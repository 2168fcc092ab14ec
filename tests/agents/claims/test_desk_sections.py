"""What a page says of trades, changes, risk and earlier calls, in both languages."""

from dataclasses import replace
from datetime import date

import pytest

from agents.material import Material
from agents.truth import Truth
from core.records.decision import LimitEvent, Risk
from core.records.history import CauseShare, Change, Changes, ReportCard, SettledCall
from core.records.holdings import Holdings, Portfolio, Position
from core.records.request import Language
from core.records.trades import Order, SectorTrade, TradePlan
from tests.agents.claims.told import REPORT, material, texts, told

DAY = REPORT.as_of[0]
LINES = REPORT.allocations[0].lines
MORE = max(LINES, key=lambda line: line.target_weight - line.benchmark_weight)
LESS = min(LINES, key=lambda line: line.target_weight - line.benchmark_weight)
NAMES = {"discretionary": "Consumer Discretionary", "energy": "Energy"}


def _trade(sector: str, held: float, target: float, value: float | None) -> SectorTrade:
    return SectorTrade(
        sector=sector, held_weight=held, target_weight=target, value_bn=value,
        trading_days=None if value is None else 2.44, cost_bn=None if value is None else 0.2,
        orders_count=3 if value else 0, traded=target != held,
    )  # fmt: skip


def _still(sector: str, held: float, target: float) -> SectorTrade:
    """A sector nothing is traded of, whose weight the targets' grid prints a tenth away."""
    made = _trade(sector, held, target, 0.0)
    return made.model_copy(update={"traded": False})


def plan(*, nav: bool = True) -> TradePlan:
    value = 90.0 if nav else None
    return TradePlan(
        universe="toy", as_of=DAY, nav_bn=3000.0 if nav else None, trade_on=date(2026, 3, 23),
        settles=date(2026, 3, 25), buys_bn=value, sells_bn=0.0 if nav else None,
        cost_bn=0.2 if nav else None, cost_bps=0.7, cash_before_weight=0.4, cash_after_weight=0.37,
        sectors=(
            _trade(LESS.sector, 0.2, 0.2, 0.0 if nav else None),
            _trade(MORE.sector, 0.1, 0.13, value),
        ),
        orders=(
            Order(symbol="T03", sector=MORE.sector, side="buy", quantity_count=100, lots_count=1,
                  close_level=10.0, value_bn=0.1, trading_days=0.5, cost_bn=0.0,
                  notes=("limit_locked",)),
        ),
    )  # fmt: skip


HELD = Holdings(
    universe="toy", dated=None, source="question", cash_weight=0.4,
    positions=(Position(sector=LESS.sector, weight=0.2), Position(sector=MORE.sector, weight=0.1)),
)  # fmt: skip
PORTFOLIO = Portfolio(
    universe="toy", as_of=DAY, dated=None, source="question", nav_bn=None, cash_weight=0.4,
    outside_weight=0.3, sectors=(), positions=(), unpriced=("XYZ",),
)  # fmt: skip


def held(**changes: object) -> Material:
    made = material(holdings=HELD, **changes)
    return replace(made, trades=(plan(),), portfolios=(PORTFOLIO,))


def test_each_trade_is_told_from_held_to_target_with_value_days_and_settlement() -> None:
    said = texts(held(), "trades")
    name = NAMES[MORE.sector]

    assert said == [
        f"{name}: 10.0% held, 13.0% target; trade +90.0 bn, 2.4 days at a fifth of the daily "
        "matched value.",
        "Toy market: traded on 23 Mar 2026, settled on 25 Mar 2026; bought 90.0 bn, sold 0.0 bn, "
        "cost 0.2 bn (0.7 bp); cash after it 37.0%.",
        "T03: closed at its price limit.",
        "Held without a price known by then, so not counted: XYZ.",
    ]


def test_without_a_net_asset_value_weights_and_days_of_settlement_are_told() -> None:
    said = texts(replace(material(), trades=(plan(nav=False),)), "trades")

    assert said[0].endswith("10.0% held, 13.0% target.")
    assert "settled on 25 Mar 2026" in said[1]
    assert "cash 40.0% before, 37.0% after" in said[2]


def test_the_headline_of_a_holder_tells_the_trades() -> None:
    first = texts(held(), "headline")[0]

    assert first == f"Toy market, 20 Mar 2026: {NAMES[MORE.sector]} from 10.0% to 13.0%."


def test_a_weight_that_only_the_grid_moves_is_no_trade() -> None:
    rows = (_still(LESS.sector, 0.1183, 0.119), _still(MORE.sector, 0.1, 0.101))
    idle = plan().model_copy(update={"sectors": rows, "orders": ()})
    made = replace(material(), trades=(idle,))

    assert texts(made, "trades") == ["Toy market: nothing to trade; cash 37.0%."]
    assert "nothing to trade" in texts(made, "headline")[0]


def test_a_name_sold_for_its_cap_in_a_sector_that_stays_is_told() -> None:
    sale = (
        plan()
        .orders[0]
        .model_copy(update={"side": "sell", "value_bn": 12.0, "notes": ("above_cap",)})
    )
    switch = plan().model_copy(
        update={"sectors": (_still(MORE.sector, 0.1, 0.1),), "orders": (sale,)}
    )
    made = replace(material(), trades=(switch,))

    assert texts(made, "headline")[0] == (
        "Toy market, 20 Mar 2026: no sector's weight changes; T03 is sold down towards its limit, "
        "12.0 bn."
    )
    said = texts(made, "trades")
    assert not any("nothing to trade" in text for text in said)
    assert "T03: stays above its limit, nothing else to buy." in said


def test_nothing_to_trade_is_said() -> None:
    idle = plan().model_copy(update={"sectors": (), "orders": ()})
    made = replace(material(), trades=(idle,))

    assert texts(made, "trades") == ["Toy market: nothing to trade; cash 37.0%."]
    assert "nothing to trade" in texts(made, "headline")[0]


@pytest.mark.parametrize("language", ["en", "vi"])
def test_stated_holdings_are_answered_as_understood_then_with_their_trades(
    language: Language,
) -> None:
    made = held(intent="question", topics=("holdings", "allocation"), language=language)
    said = texts(made, "answer")

    if language == "en":
        assert said[0] == "Holdings as understood: Energy 20.0%, Consumer Discretionary 10.0%."
        assert said[1] == "Cash as understood: 40.0%."
        assert "13.0% target" in said[2]
    else:
        assert said[0].startswith("Danh mục được hiểu là: Năng lượng 20,0%, ")
        assert said[1] == "Tiền mặt được hiểu là: 40,0%."
        assert "2,4 phiên ở mức một phần năm giá trị khớp lệnh" in said[2]
    assert not any("not taken as holdings" in text for text in said)


def test_holdings_without_a_plan_are_said_to_have_none() -> None:
    made = material(holdings=HELD, intent="question", topics=("holdings",))

    assert "no trade can be computed" in texts(made, "answer")[0]


def _change(kind: str, subject: str, *shares: tuple[str, float], **fields: object) -> Change:
    causes = tuple(CauseShare.model_validate({"cause": c, "amount": a}) for c, a in shares)
    return Change.model_validate(
        {"kind": kind, "subject": subject, "cause": shares[0][0], "causes": causes, **fields}
    )


ROWS = (
    _change("rank", "health", ("data", -2.0), ("model", -1.0), before_rank=4, after_rank=1),
    _change("rank", "energy", ("data", 3.0), before_rank=1, after_rank=4),
    _change("weekly_quadrant", "energy", ("data", 0.0), before_quadrant="LAGGING",
            after_quadrant="IMPROVING"),
    _change("weight", "health", ("mandate", 0.02), before_weight=0.1, after_weight=0.12),
    _change("evidence", "toy-macro", ("data", 0.0), after_reason="stale"),
    _change("evidence", "toy-flow", ("calendar", 0.0), before_reason="no_data"),
    _change("rank", "staples", ("data", 0.0), after_rank=7),
)  # fmt: skip
CHANGES = Changes(
    universe="toy", as_of=DAY, since=date(2026, 3, 13), horizon="1M",
    predecessor_sha256="0" * 64, rows=ROWS, same_count=41,
)  # fmt: skip


def test_what_changed_is_answered_with_before_after_and_cause() -> None:
    made = replace(material(intent="question", topics=("changed",)), changes=(CHANGES,))
    said = texts(made, "answer")

    assert said[0] == (
        "Since the report of 13 Mar 2026; ranks, quadrants and weights that stayed: 41."
    )
    assert set(said[1:]) >= {
        "Health Care: rank from 4 to 1, mostly data.",
        "Health Care, by cause: data −2, model −1.",
        "Energy: rank from 1 to 4; cause: data.",
        "Energy: weekly quadrant from LAGGING to IMPROVING; cause: data.",
        "Health Care: target weight from 10.0% to 12.0%; cause: mandate.",
        "macro indicators: no answer now, stale; cause: data.",
        "foreign flow by sector: answered now, before: no data; cause: the passing of time.",
        "Consumer Staples: rank 7 now, none before; cause: data.",
    }
    assert not any("last weekly bar" in text for text in said)


def test_what_changed_is_said_in_vietnamese() -> None:
    made = replace(material(language="vi"), changes=(CHANGES,))

    assert "Y tế: thứ hạng từ 4 thành 1, chủ yếu do dữ liệu." in texts(made, "changes")


def test_a_page_tells_the_first_changes_and_a_first_report_says_it_is_one() -> None:
    rows = ROWS * 3
    many = replace(material(), changes=(CHANGES.model_copy(update={"rows": rows}),))

    assert len(texts(many, "changes")) <= 9
    assert texts(material(), "changes") == [
        "Toy market: no earlier report is kept to compare this one with."
    ]


def test_nothing_changed_is_said() -> None:
    still = CHANGES.model_copy(update={"rows": ()})
    made = replace(material(intent="question", topics=("changed",)), changes=(still,))

    assert texts(made, "answer")[0].startswith("Nothing has changed since the report of 13 Mar")


CALL = SettledCall(
    sector="health", called=date(2026, 1, 5), settles=date(2026, 2, 5), horizon="1M",
    stance="overweight", active_weight=0.05, expected_excess_pct=0.4, outperform_fraction=0.55,
    realised_excess_pct=-3.5, inside_interval=True, right=False, live=True,
)  # fmt: skip


def card(settled: int, *, reports: int = 9, live: int | None = None) -> ReportCard:
    return ReportCard(
        universe="toy", as_of=DAY, horizon="1M", live_since=date(2025, 12, 1),
        reports_count=reports, open_count=7, settled_count=settled,
        live_count=settled if live is None else live,
        basis=None if not settled else "hindsight" if live == 0 else "live",
        hit_fraction=0.58 if settled else None, excess_mean_pct=0.35 if settled else None,
        momentum_excess_mean_pct=0.1 if settled else None, calls=(CALL,) if settled else (),
        worst=CALL if settled else None,
    )  # fmt: skip


def judged(found: ReportCard | None, language: Language = "en") -> list[str]:
    made = material(intent="question", topics=("past_calls", "allocation"), language=language)
    return texts(replace(made, report_cards=(found,) if found else ()), "answer")


def test_earlier_calls_are_answered_with_count_hit_rate_excess_and_the_worst() -> None:
    said = judged(card(24))

    assert said[:4] == [
        "Toy market, settled calls recorded live: 24; right 58.0%, mean excess +0.4%.",
        "The first sectors by plain momentum on the same dates: mean excess +0.1%.",
        "Worst call: Health Care, overweight on 5 Jan 2026, excess afterwards −3.5%.",
        "Of all settled calls, 24, recorded live, not in hindsight: 24, since 1 Dec 2025.",
    ]
    assert not any("too small" in text for text in said)


def test_the_record_says_how_many_calls_of_which_group_it_counts() -> None:
    mixed = judged(card(64, live=4))
    assert mixed[0].startswith("Toy market, settled calls recorded live: 4; right")
    assert mixed[1] == "Settled calls so far: 4. That number is too small to judge by."
    late = judged(card(64, live=0))
    assert late[0].startswith("Toy market, settled calls made in hindsight: 64; right")
    assert any("hồi tố" in text for text in judged(card(64, live=0), "vi"))


def test_a_record_too_small_says_so_in_both_languages() -> None:
    assert judged(card(19))[1] == (
        "Settled calls so far: 19. That number is too small to judge by."
    )
    assert any("quá nhỏ để đánh giá" in text for text in judged(card(3), "vi"))


def test_no_settled_call_and_no_call_at_all_are_told_apart() -> None:
    assert judged(card(0))[0] == "No call has settled yet; open: 7."
    assert "none can be judged" in judged(None)[0]
    assert "no earlier recommendation is on record" in " ".join(judged(card(0, reports=0)))


def test_risk_names_tracking_error_beta_shortfall_and_the_costliest_limits() -> None:
    events = (
        LimitEvent(kind="sector_cap", sector="energy", limit=0.2, wanted=0.3, cost_bps=4.2),
        LimitEvent(kind="issuer_cap", sector=None, name="FPT", limit=0.1, cost_bps=9.0),
        LimitEvent(kind="no_trade_band", sector="health", limit=0.005, cost_bps=2.0),
        LimitEvent(kind="turnover", sector=None, limit=0.3, cost_bps=0.01),
    )
    allocation = REPORT.allocations[0].model_copy(
        update={
            "tracking_error_pct": 3.0,
            "risk": Risk(volatility_pct=18, benchmark_volatility_pct=19, beta_x=0.951,
                         expected_shortfall_pct=8.14),
            "limits": events,
        }
    )  # fmt: skip
    said = texts(replace(material(), allocations=(allocation,)), "risk")
    limits = [text for text in said if "binds" in text]

    assert said[0] == (
        "Toy market: tracking error 3.0% a year, beta 0.95; mean loss of the worst twentieth of "
        "months 8.1%."
    )
    assert limits == [
        "FPT: the issuer limit binds at 10.0% and costs 9.0 bp a year.",
        "Energy: the sector cap binds at 20.0% and costs 4.2 bp a year.",
    ]


def test_a_question_is_not_answered_with_the_pages_sections() -> None:
    made = replace(material(intent="question", topics=("rotation",)), changes=(CHANGES,))
    sections = {sentence.section for sentence in told(made)}

    assert sections.isdisjoint({"changes", "risk", "track", "opportunity", "trades"})


def test_a_forged_trade_falls() -> None:
    made = held()
    fact = made.facts[f"trades.toy.{MORE.sector}.trade_value"]

    assert Truth(made).stands(fact)
    assert not Truth(made).stands(fact.model_copy(update={"id": "x", "value": 900.0}))
