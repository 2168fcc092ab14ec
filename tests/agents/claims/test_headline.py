"""The headline's calls: the score backs them where it can, and the reason is of a sector named."""

from dataclasses import replace

from agents.claims.leaders import recommended
from agents.claims.maker import Maker
from agents.material import Material
from app.snapshots import top_overweight
from core.records.trades import SectorTrade
from core.wording import entity_name
from tests.agents.claims.test_desk_sections import plan
from tests.agents.claims.told import REPORT, UNIVERSES, material, texts

TOY = UNIVERSES["toy"]
FIRST, SECOND, THIRD, FOURTH = (line.sector for line in REPORT.allocations[0].lines[:4])


def _decided(rows: dict[str, tuple[float, float]]) -> Material:
    """Return a material of these active weights and scores; others stay at the benchmark.

    Every contribution of a sector named is a tenth of a point to its score's side.
    """
    made = material()
    lines = tuple(
        line.model_copy(
            update={
                "target_weight": round(line.benchmark_weight + rows[line.sector][0], 3),
                "stance": "overweight" if rows[line.sector][0] > 0.0 else "underweight",
            }
            if line.sector in rows
            else {"target_weight": line.benchmark_weight, "stance": "neutral"}
        )
        for line in made.allocations[0].lines
    )
    sectors = tuple(
        row.model_copy(
            update={
                "score": rows[row.sector][1],
                "contributions": (
                    row.contributions[0].model_copy(
                        update={"factor": f"f_{row.sector}", "contribution": rows[row.sector][1]}
                    ),
                    row.contributions[0].model_copy(
                        update={"factor": "other", "contribution": -rows[row.sector][1] / 2}
                    ),
                ),
            }
        )
        if row.sector in rows
        else row
        for row in made.scorecards[0].sectors
    )
    card = made.scorecards[0].model_copy(update={"sectors": sectors})
    allocation = made.allocations[0].model_copy(update={"lines": lines})
    return replace(made, scorecards=(card,), allocations=(allocation,))


def _name(sector: str) -> str:
    return entity_name(sector, "en", TOY)


def _traded(made: Material, rows: dict[str, tuple[float, float]]) -> Material:
    """Return the material with these trades, held and target weight by sector."""
    sectors = tuple(
        SectorTrade(
            sector=sector, held_weight=held, target_weight=target, traded=True, value_bn=1.0,
            trading_days=None, cost_bn=0.0, orders_count=1,
        )
        for sector, (held, target) in rows.items()
    )  # fmt: skip
    return replace(made, trades=(plan().model_copy(update={"sectors": sectors, "orders": ()}),))


def test_a_call_the_score_backs_is_named_before_a_larger_one_it_does_not() -> None:
    made = _decided({FIRST: (0.04, -0.06), SECOND: (0.02, 0.21), THIRD: (-0.05, -0.3)})
    said = texts(made, "headline")
    assert f"overweight {_name(SECOND)}" in said[0]
    assert _name(FIRST) not in said[0]
    assert said[1].startswith(f"{_name(THIRD)}: ")


def test_what_no_score_backs_says_so_and_names_nothing_that_would_reverse_it() -> None:
    made = _decided({FIRST: (0.04, -0.06)})
    said = texts(made, "headline")
    assert f"overweight {_name(FIRST)}" in said[0]
    assert said[1] == (
        f"{_name(FIRST)}: the score (−0.06) does not back it; risk and limits set the weight."
    )
    assert not any(text.startswith(("Reversed", "In question")) for text in said)


def test_headline_list_of_runs_and_recommendations_name_the_same_sector_first() -> None:
    rows = {FIRST: (0.04, 0.2), SECOND: (0.04, 0.5), THIRD: (0.04, 0.4), FOURTH: (-0.02, -0.1)}
    made = _decided(rows)
    report = REPORT.model_copy(
        update={"scorecards": made.scorecards, "allocations": made.allocations}
    )
    assert f"overweight {_name(SECOND)}" in texts(made, "headline")[0]
    assert top_overweight(report, "toy") == SECOND
    told = [line.sector for _, line in recommended(Maker(made, TOY))]
    assert told == [SECOND, THIRD, FIRST, FOURTH]


def test_a_holders_reason_is_of_a_trade_the_headline_names() -> None:
    made = _decided({FIRST: (0.09, -0.5), SECOND: (-0.02, 0.4), THIRD: (0.03, 0.6)})
    trades = {FIRST: (0.45, 0.15), SECOND: (0.0, 0.14), THIRD: (0.0, 0.06)}
    said = texts(_traded(made, trades), "headline")
    assert said[0].endswith(
        f"{_name(FIRST)} from 45.0% to 15.0%, {_name(SECOND)} from 0.0% to 14.0%."
    )
    assert said[1].startswith(f"{_name(FIRST)}: ")
    assert f"f {FIRST} (−0.50) argues for less".replace("_", " ") in said[1].replace("_", " ")


def test_trades_of_one_way_are_the_two_that_come_first() -> None:
    made = _decided({FIRST: (0.09, -0.5), SECOND: (0.02, 0.4), THIRD: (0.03, 0.6)})
    trades = {FIRST: (0.0, 0.15), SECOND: (0.0, 0.05), THIRD: (0.0, 0.06)}
    said = texts(_traded(made, trades), "headline")
    assert said[0].endswith(f"{_name(THIRD)} from 0.0% to 6.0%, {_name(SECOND)} from 0.0% to 5.0%.")
