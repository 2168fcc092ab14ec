import re

import pytest

from app.render.charts.contributions import contributions
from app.render.charts.palette import FAMILIES
from app.render.words import Words
from core.records.decision import Contribution, SectorScore
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


def test_an_unscored_sector_has_no_bar() -> None:
    unscored = SectorScore(sector="energy", score=None, rank=None, confidence=0.0,
                           contributions=(), reason="too_short")  # fmt: skip
    assert "Energy" not in contributions((_score(0.5), unscored), WORDS, name="c").svg
