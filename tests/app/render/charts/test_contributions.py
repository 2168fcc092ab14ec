import re
from typing import get_args

import pytest

from app.render.charts.contributions import contributions
from app.render.charts.palette import FAMILIES, OTHER, VIEWS
from app.render.words import Words
from core.records.decision import Contribution, SectorScore
from core.records.result import Family
from tests.app.render.sample_report import universe

WORDS = Words("en", universe("us"))


def _score(*values: float) -> SectorScore:
    families = ("momentum", "volume", "whales")
    parts = tuple(
        Contribution(factor=f"f{i}", family=families[i], weight=1.0, z=value, contribution=value)
        for i, value in enumerate(values)
    )
    return SectorScore(sector="technology", score=sum(values), rank=1, confidence=1.0,
                       contributions=parts)  # fmt: skip


def _widths(svg: str) -> dict[str, float]:
    bars = re.findall(
        r'<path[^>]*d="M[-\d.]+,[-\d.]+h([-\d.]+)v[^"]*"[^>]*fill="(#[0-9a-f]+)"', svg
    )
    return {fill: abs(float(wide)) for wide, fill in bars}


def test_a_negative_contribution_is_drawn_as_wide_as_a_positive_one() -> None:
    widths = _widths(contributions((_score(0.5, -0.5),), WORDS, name="c").svg)
    assert widths[FAMILIES["momentum"]] > 0
    assert widths[FAMILIES["momentum"]] == pytest.approx(widths[FAMILIES["volume"]])


def test_the_legend_names_the_families_that_are_drawn() -> None:
    picture = contributions((_score(0.5, -0.2, 0.0),), WORDS, name="c")
    assert [entry.label for entry in picture.legend] == ["Momentum", "Volume"]


def test_the_longest_name_has_room_in_a_wide_face() -> None:
    staples = _score(0.5).model_copy(update={"sector": "consumer_staples"})
    name = WORDS.entity("consumer_staples")
    svg = contributions((staples,), WORDS, name="c").svg
    shift = re.search(r'transform="translate\((\d+),2\)"', svg)
    assert name in svg
    assert shift is not None
    assert float(shift[1]) >= 7.9 * len(name)


def test_an_unscored_sector_has_no_bar() -> None:
    unscored = SectorScore(sector="energy", score=None, rank=None, confidence=0.0,
                           contributions=(), reason="too_short")  # fmt: skip
    assert "Energy" not in contributions((_score(0.5), unscored), WORDS, name="c").svg


def _parts(*named: tuple[str, str, float]) -> SectorScore:
    parts = tuple(
        Contribution.model_validate(
            {"factor": f, "family": family, "weight": 1.0, "z": v, "contribution": v}
        )
        for f, family, v in named
    )
    return SectorScore(sector="technology", score=sum(v for *_, v in named), rank=1,
                       confidence=1.0, contributions=parts)  # fmt: skip


def test_fitted_views_stand_each_for_itself_the_largest_first() -> None:
    score = _parts(
        ("sectors_momentum_1m", "views", 0.1), ("members_ridge_1m", "views", 0.4),
        ("excess_1m", "momentum", 0.2), ("momentum_12m", "momentum", 0.1),
    )  # fmt: skip
    legend = [entry.label for entry in contributions((score,), WORDS, name="c").legend]
    assert legend == ["Linear view of members, 1M", "Momentum view of sectors, 1M", "Momentum"]


def test_what_is_too_little_to_see_is_joined_and_the_bar_keeps_its_length() -> None:
    score = _parts(
        ("members_ridge_1m", "views", 0.5), ("excess_1m", "momentum", 0.004),
        ("beta_252d", "volatility", 0.004),
    )  # fmt: skip
    picture = contributions((score,), WORDS, name="c")
    assert [entry.label for entry in picture.legend] == [
        "Linear view of members, 1M", "Other factors",
    ]  # fmt: skip
    widths = _widths(picture.svg)
    assert widths[OTHER] / widths[VIEWS[0]] == pytest.approx(0.008 / 0.5, rel=0.05)


def test_every_family_has_a_colour_of_its_own() -> None:
    assert set(FAMILIES) == set(get_args(Family)) - {"views"}
    colours = [*FAMILIES.values(), *VIEWS, OTHER]
    assert len(set(colours)) == len(colours)
