"""The limits: a built-in cap that gives way says so, with what it was and what passes it."""

from dataclasses import replace

from app.render.blocks.limits import given_way, limits
from app.render.blocks.risk import risk
from app.render.material import Material, material
from core.records.mandate import Mandate
from core.records.request import Language
from tests.app.render.sample_report import universe
from tests.app.render.samples import full_report

WORLD = universe("us")
BUILT_IN, STATED = Mandate(), Mandate(sector_cap=0.35)


def _weighted(mandate: Mandate, held: float | None, language: Language = "en") -> Material:
    """Return a page's material with over half of the portfolio in its first sector."""
    made = material(full_report("us", language=language), WORLD)
    assert made.allocation is not None
    first, *rest = made.allocation.lines
    large = first.model_copy(update={"held_weight": held, "target_weight": 0.532})
    small = [row.model_copy(update={"target_weight": 0.035}) for row in rest]
    allocation = made.allocation.model_copy(update={"lines": (large, *small)})
    return replace(made, allocation=allocation, mandate=mandate)


def _said(made: Material) -> str:
    found = given_way(made)
    assert found is not None
    return found.plain


def test_a_built_in_cap_that_gives_way_tells_both_figures() -> None:
    made = _weighted(BUILT_IN, 0.6)
    assert made.allocation is not None
    name = made.words.short(made.allocation.lines[0].sector)
    said = f"Built-in cap of a sector 35.0% gives way to what is held: {name} 53.2%"
    assert _said(made) == said
    assert said in [line.plain for line in risk(made).lines]
    assert said in [line.plain for line in limits(made).lines]


def test_without_such_a_holding_it_gives_way_to_what_is_stated() -> None:
    assert "gives way to stated limits: " in _said(_weighted(BUILT_IN, None))
    assert "nhường phần đang giữ: " in _said(_weighted(BUILT_IN, 0.6, "vi"))


def test_a_stated_cap_never_gives_way_and_one_that_holds_is_not_told() -> None:
    assert given_way(_weighted(STATED, 0.6)) is None
    whole = material(full_report("us"), WORLD)
    assert given_way(replace(whole, mandate=BUILT_IN)) is None
