"""A question about the weak end is answered from that end, whatever is ranked."""

from dataclasses import replace

from agents.claims.ends import standing
from agents.claims.maker import Maker
from core.records.mandate import MandatePatch, SectorCap
from core.records.payloads import FundamentalsResult, WhaleResult
from core.records.request import Focus
from tests.agents.claims.told import (
    REPORT,
    UNIVERSES,
    evidence_of,
    flows,
    heatmap,
    material,
    told,
)

(UNIVERSE,) = UNIVERSES.values()
ASKED: dict[str, object] = {"intent": "question"}


def _named(**changes: object) -> list[str]:
    said = told(material(**ASKED, **changes))
    names = [s.entity for s in said if s.section == "answer" and s.entity not in UNIVERSES]
    return list(dict.fromkeys(names))


def test_the_worst_are_the_last_ranked_the_last_first() -> None:
    ranked = [row.sector for row in REPORT.scorecards[0].sectors if row.rank]

    assert _named() == ranked[:3]
    assert _named(sides=("weakest",)) == ranked[:-4:-1]
    assert _named(sides=("strongest", "weakest")) == [*ranked[:3], *ranked[:-4:-1]]


def test_the_laggards_are_those_in_the_lagging_quadrant_the_furthest_behind_first() -> None:
    rows = [row for row in heatmap().rows if row.weekly]
    for side, quadrant in (("weakest", "LAGGING"), ("improving", "IMPROVING")):
        within = {row.sector for row in rows if row.weekly and row.weekly.quadrant == quadrant}
        named = _named(topics=("rotation",), sides=(side,))

        assert within, quadrant
        assert set(named[-len(within) :]) == within
    behind = {row.sector: row.weekly.rs_ratio_index for row in rows if row.weekly}
    lagging = [row.sector for _, _, row in standing(_maker(("weakest",)), "weakest")]
    assert lagging == sorted(lagging, key=lambda sector: behind[sector])


def test_where_no_sector_lags_the_furthest_behind_are_told() -> None:
    found = tuple(
        row.model_copy(update={"weekly": row.weekly.model_copy(update={"quadrant": "LEADING"})})
        for row in heatmap().rows
        if row.weekly
    )
    made = material(heatmap().model_copy(update={"rows": found}), **ASKED)
    behind = sorted(found, key=lambda row: row.weekly.rs_ratio_index if row.weekly else 0.0)

    told_of = standing(Maker(made, UNIVERSE), "weakest")
    assert [row.sector for _, _, row in told_of] == [row.sector for row in behind[:3]]


def test_the_worst_outlook_is_told_from_the_lowest() -> None:
    expected = {
        row.sector: each.excess_pct
        for row in heatmap().rows
        for each in row.expected
        if each.horizon == "1M"
    }
    lowest = sorted(expected, key=lambda sector: (expected[sector], sector))

    assert _named(topics=("forecast",), sides=("weakest",))[:3] == lowest[:3]
    assert _named(topics=("forecast",))[:3] == lowest[:-4:-1]


def test_net_sales_are_told_before_net_purchases() -> None:
    nets = {row.sector: row.net_bn for row in flows().rows}
    sold = sorted((s for s in nets if nets[s] < 0), key=lambda s: nets[s])[:3]

    said = told(material(**ASKED, topics=("foreign_flow",), sides=("weakest",)))
    answer = [s.entity for s in said if s.section == "answer"]
    assert sold
    assert answer[1 : len(sold) + 1] == sold


def test_laggards_and_flow_together_are_told_without_a_verdict_on_a_lead() -> None:
    said = told(material(**ASKED, topics=("rotation", "foreign_flow"), sides=("weakest",)))
    answer = [s.text for s in said if s.section == "answer"]

    assert any("is LAGGING on weekly bars" in text for text in answer)
    assert not any("LEADING" in text or "confirm" in text for text in answer)


def test_what_to_underweight_names_no_overweight() -> None:
    said = told(material(**ASKED, topics=("allocation",), sides=("weakest",)))
    answer = [s.text for s in said if s.section == "answer"]

    assert answer
    assert all("overweight" not in text for text in answer)


def _maker(sides: tuple[str, ...]) -> Maker:
    return Maker(material(**ASKED, sides=sides), UNIVERSE)


def test_the_cheapest_are_told_from_the_lowest_valuation() -> None:
    for side, sign in (("cheapest", 1.0), ("dearest", -1.0)):
        said = told(material(**ASKED, topics=("fundamentals",), sides=(side,)))
        named = [s.entity for s in said if s.section == "answer" and s.entity not in UNIVERSES]
        result = evidence_of("get_sector_fundamentals").result
        assert isinstance(result, FundamentalsResult)
        valued = {row.sector: sign * row.pe_x for row in result.rows if row.pe_x is not None}

        assert valued
        assert named[: len(valued)] == sorted(valued, key=lambda sector: valued[sector])


def test_whales_in_a_sector_are_told_of_that_sector() -> None:
    result = evidence_of("get_whale_activity").result
    assert isinstance(result, WhaleResult)
    sector = result.rows[0].sector
    focus = (Focus(universe=UNIVERSE.id, sector=sector, said=sector),)
    said = told(material(**ASKED, topics=("whales",), focus=focus))

    assert any("unusual events" in s.text and s.entity == sector for s in said[:3])


def test_a_weight_the_limits_do_not_move_is_not_told_as_moved() -> None:
    patch = MandatePatch(caps=(SectorCap(sector=UNIVERSE.sector_ids[0], cap=0.9),))
    made = replace(material(intent="what_if", patch=patch), before=REPORT.allocations)

    assert not any("limits change it" in sentence.text for sentence in told(made))
