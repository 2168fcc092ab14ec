"""The factor table: families with their sums, fitted views first, hundredths of a point."""

from math import fsum

from app.render.blocks.factors import FAMILY_ORDER, factors
from app.render.material import Material, material
from core.records.result import Family
from tests.app.render.sample_report import FACTORS, sample_report, universe

WORLD = universe("us")


def _made() -> Material:
    return material(sample_report("us"), WORLD)


def _value(text: str) -> float:
    return float(text.replace("\N{MINUS SIGN}", "-"))


def test_every_factor_stands_under_its_family_and_views_come_first() -> None:
    rows = factors(_made()).tables[0].rows
    names = [row[0].plain.strip("\N{NO-BREAK SPACE}") for row in rows]
    assert names[:3] == [
        "Fitted views", "Linear view of members, 1M", "Momentum view of sectors, 1M",
    ]  # fmt: skip
    heads = [row[0].plain for row in rows if row[0].tone == "strong"]
    assert heads.index("Relative strength") < heads.index("Momentum")
    several = [f for f in FAMILY_ORDER if [family for _, family in FACTORS].count(f) > 1]
    assert len(rows) == len(FACTORS) + len(several)


def test_a_familys_row_is_the_sum_of_its_factors_in_hundredths_of_a_point() -> None:
    made = _made()
    rows = factors(made).tables[0].rows
    view: Family = "views"
    for place, sector in enumerate(made.order, start=1):
        parts = [p for p in made.scores[sector].contributions if p.family == view]
        assert _value(rows[0][place].plain) == round(
            100 * fsum(p.contribution or 0.0 for p in parts), 1
        )
        for at, part in enumerate(parts, start=1):
            assert abs(_value(rows[at][place].plain) - 100 * (part.contribution or 0.0)) <= 0.0501


def test_a_family_without_any_value_for_a_sector_has_no_sum() -> None:
    made = _made()
    assert made.card is not None
    bare = made.order[1]
    sectors = tuple(
        score.model_copy(
            update={
                "contributions": tuple(
                    part.model_copy(update={"contribution": None, "z": None, "reason": "no_data"})
                    if part.family == "momentum"
                    else part
                    for part in score.contributions
                )
            }
        )
        if score.sector == bare
        else score
        for score in made.card.sectors
    )
    report = sample_report("us").model_copy(
        update={"scorecards": (made.card.model_copy(update={"sectors": sectors}),)}
    )
    rows = factors(material(report, WORLD)).tables[0].rows
    momentum = next(row for row in rows if row[0].plain == "Momentum")
    assert momentum[made.order.index(bare) + 1].plain == "–"
