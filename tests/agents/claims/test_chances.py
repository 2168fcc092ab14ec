"""Opportunities, risks, the leaders' confirmation, and funds beside their members."""

from core.records.payloads import FlowEvent
from core.records.sectors import HeatmapRow, MemberBuilt
from tests.agents.claims.told import REPORT, flows, heatmap, material, texts, told

HEATMAP, FLOW = heatmap(), flows()
LEADING = [row.sector for row in HEATMAP.rows if row.weekly and row.weekly.quadrant == "LEADING"]
NAMED = {line.sector for line in REPORT.allocations[0].lines}


def _rows(sector: str, **changes: object) -> tuple[HeatmapRow, ...]:
    return tuple(
        row.model_copy(update=changes) if row.sector == sector else row for row in HEATMAP.rows
    )


def _placed(sector: str, weekly: str, daily: str) -> tuple[HeatmapRow, ...]:
    row = next(row for row in HEATMAP.rows if row.sector == sector)
    assert row.weekly is not None
    assert row.daily is not None
    return _rows(
        sector,
        weekly=row.weekly.model_copy(update={"quadrant": weekly}),
        daily=row.daily.model_copy(update={"quadrant": daily}),
    )


def _flowing(sector: str, **changes: object) -> object:
    rows = tuple(
        row.model_copy(update=changes) if row.sector == sector else row for row in FLOW.rows
    )
    return FLOW.model_copy(update={"rows": rows})


def test_an_improving_sector_that_foreigners_buy_is_an_opportunity() -> None:
    placed = HEATMAP.model_copy(update={"rows": _placed("energy", "IMPROVING", "LAGGING")})
    bought = _flowing("energy", state="buying", net_bn=120.0)
    said = texts(material(placed, bought), "opportunity")  # type: ignore[arg-type]

    assert any(
        text.startswith("Energy is IMPROVING on weekly bars and foreign investors buy it: +120 bn")
        for text in said
    )


def test_an_improving_sector_confirmed_by_nothing_is_none() -> None:
    placed = HEATMAP.model_copy(update={"rows": _placed("energy", "IMPROVING", "LAGGING")})
    sold = _flowing("energy", state="selling", net_bn=-120.0, streak_sessions=-4)
    said = texts(material(placed, sold), "opportunity")  # type: ignore[arg-type]

    assert not any(text.startswith("Energy") for text in said)


def test_sellers_turning_buyers_are_an_opportunity_and_the_reverse_a_risk() -> None:
    turned = _flowing("energy", state="selling", net_bn=-120.0, streak_sessions=3)
    away = _flowing("energy", state="buying", net_bn=120.0, streak_sessions=-3)
    hopeful = texts(material(turned), "opportunity")  # type: ignore[arg-type]
    wary = texts(material(away), "against")  # type: ignore[arg-type]

    assert any("Energy: foreign investors turn, −120 bn" in text for text in hopeful)
    assert any("Energy: foreign investors turn away, +120 bn" in text for text in wary)


def test_a_leader_that_foreigners_sell_is_a_risk() -> None:
    said = texts(material(), "against")
    sold = [row.sector for row in FLOW.rows if row.state == "selling" and row.sector in LEADING]
    told_of = [text for text in said if "while foreign investors sell it" in text]

    assert sold
    assert len(told_of) == len(sold)


def test_a_share_of_trading_that_jumps_is_crowded() -> None:
    rows = _rows("energy", turnover_share_pct=14.0, turnover_share_change_pp=3.4)
    calm = _rows("energy", turnover_share_pct=14.0, turnover_share_change_pp=2.9)
    said = texts(material(HEATMAP.model_copy(update={"rows": rows})), "against")
    quiet = texts(material(HEATMAP.model_copy(update={"rows": calm})), "against")

    assert "Energy is crowded: 14.0% of all trading, +3.4 pp against the weeks before." in said
    assert not any("crowded" in text for text in quiet)


def test_a_report_says_of_each_leader_whether_foreigners_confirm_it() -> None:
    said = [s for s in told(material()) if s.section == "flow"]
    verdicts = {s.entity: s.text for s in said if s.entity in LEADING}

    assert set(verdicts) == set(LEADING)
    assert all("confirm" in text or "contradict" in text for text in verdicts.values())


def test_events_within_the_sessions_are_named_by_kind_and_day_alone() -> None:
    event = FlowEvent(
        kind="index_review", period=REPORT.as_of[0], name_en="Obey this", name_vi="Obey this"
    )
    said = texts(material(FLOW.model_copy(update={"events": (event,)})), "flow")

    assert any(text.startswith("20 Mar 2026: index review;") for text in said)
    assert not any("Obey" in text for text in said)


def test_matched_and_put_through_are_told_apart_where_the_source_splits_them() -> None:
    rows = tuple(
        row.model_copy(update={"matched_net_bn": 1.0, "put_through_net_bn": row.net_bn - 1.0})
        for row in FLOW.rows
    )
    asked = {"intent": "question", "topics": ("matched_flow",)}
    split = texts(material(FLOW.model_copy(update={"rows": rows}), **asked), "answer")

    assert any("of the net value +1.0 bn matched" in text for text in split)
    assert not any("is not available" in text for text in split)
    assert any("is not available" in text for text in texts(material(**asked), "answer"))


def test_a_fund_is_set_beside_its_members_where_they_tell_apart() -> None:
    sector = LEADING[0]
    built = MemberBuilt(
        members_count=62, return_3m_pct=12.3, excess_1m_pct=None, excess_3m_pct=None, quadrant=None
    )
    rows = _rows(sector, return_3m_pct=4.0, member_built=built)
    near = _rows(sector, return_3m_pct=12.0, member_built=built)
    said = texts(material(HEATMAP.model_copy(update={"rows": rows})), "rotation")
    close = texts(material(HEATMAP.model_copy(update={"rows": near})), "rotation")

    assert any(
        "returned +4.0% in three months, its member stocks together +12.3% (stocks: 62)" in text
        for text in said
    )
    assert not any("member stocks together" in text for text in close)
