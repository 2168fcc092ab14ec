from hypothesis import given
from hypothesis import strategies as st

from app.render.binding import Binder
from app.render.charts.heatmap import (
    PALE,
    SHADES,
    HeatmapSource,
    has_skill,
    heatmap_table,
    intensity,
    shade,
)
from app.render.view import Cell
from app.render.words import Words
from core.portfolio.scoring import FULL_TRUST_T
from core.records.sectors import HeatmapResult, Skill
from core.records.universe import Horizon
from tests.app.render.sample_report import universe
from tests.app.render.samples import full_report

FRACTIONS = st.floats(0.0, 1.0)


def _skill(t: float | None, ic: float = 0.05) -> Skill:
    return Skill(
        horizon="1M", ic_mean_index=ic, ic_t_index=t, hit_fraction=0.54, dates_count=300,
        momentum_ic_mean_index=0.01,
    )  # fmt: skip


def test_without_skill_even_certainty_stays_pale() -> None:
    for skill in (None, _skill(None), _skill(0.5), _skill(5.0, ic=-0.02)):
        assert not has_skill(skill)
        assert intensity(skill) == PALE
        assert shade(1.0, skill) == 1
        assert shade(0.0, skill) == -1


def test_without_skill_the_palest_colour_still_shows_the_side() -> None:
    assert [shade(p, None) for p in (0.47, 0.495, 0.505, 0.53)] == [-1, 0, 0, 1]


def test_a_strong_record_uses_the_full_colour() -> None:
    assert shade(0.75, _skill(4.5)) == SHADES
    assert shade(0.25, _skill(4.5)) == -SHADES


@given(st.floats(FULL_TRUST_T, 8.0), st.floats(0.0, 3.0))
def test_more_skill_never_means_less_colour(t: float, more: float) -> None:
    assert intensity(_skill(t + more)) >= intensity(_skill(t))


@given(FRACTIONS, st.floats(-2.0, 8.0))
def test_colour_has_the_side_of_the_probability(fraction: float, t: float) -> None:
    step = shade(fraction, _skill(t))
    assert step * (fraction - 0.5) >= 0
    assert abs(step) <= SHADES


@given(FRACTIONS, FRACTIONS, st.floats(-2.0, 8.0))
def test_a_likelier_sector_is_never_shaded_lower(one: float, other: float, t: float) -> None:
    low, high = sorted((one, other))
    assert shade(low, _skill(t)) <= shade(high, _skill(t))


def _cells(skills: dict[Horizon, Skill]) -> list[Cell]:
    """Return one row's three expectations, all of them certain to outperform."""
    report, world = full_report("us"), universe("us")
    first = report.evidence[0]
    assert isinstance(first.result, HeatmapResult)
    row = first.result.rows[0]
    sure = tuple(e.model_copy(update={"outperform_fraction": 0.95}) for e in row.expected)
    result = first.result.model_copy(
        update={"rows": (row.model_copy(update={"expected": sure}), *first.result.rows[1:])}
    )
    evidence = first.model_copy(update={"result": result})
    words = Words("en", world)
    table = heatmap_table(
        HeatmapSource(evidence, result), Binder(report, words), words, order=[row.sector],
        scores={}, skills=skills, decided="1M",
    )  # fmt: skip
    return list(table.rows[0][-3:])


def test_each_column_is_capped_by_the_record_of_its_own_horizon() -> None:
    cells = _cells({"1W": _skill(None), "1M": _skill(4.5), "3M": _skill(1.0)})
    assert [cell.shade for cell in cells] == [1, SHADES, 1]
    other = _cells({"1W": _skill(4.5)})
    assert [cell.shade for cell in other] == [SHADES, 1, 1]


def test_resting_on_the_decided_horizon_shows_what_the_forecast_rests_on() -> None:
    week, month, quarter = (cell.source for cell in _cells({}))
    assert "For: 1-month foreign buying +" in month
    assert "Against: " in month
    assert "foreign buying" not in week + quarter
