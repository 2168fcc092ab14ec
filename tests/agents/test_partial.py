"""A forecast that none of the sectors asked for has is said to be missing, with its reason."""

import pytest

from agents import notices
from agents.material import Material
from core.records.request import Focus, Language
from core.records.result import MissingCell
from tests.agents.claims.told import heatmap, material

NAMES = [row.sector for row in heatmap().rows]


def _without(names: list[str], **asked: object) -> Material:
    cells = tuple(
        MissingCell(subject=name, measure="expected_1m", reason="model_not_fitted")
        for name in names
    )
    return material(heatmap().model_copy(update={"missing": cells}), **asked)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "No forecast model of Toy market"), ("vi", "Chưa có mô hình dự báo")],
)
@pytest.mark.parametrize("intent", ["question", "report"])
def test_a_forecast_nobody_has_is_said_to_be_missing(
    intent: str, language: Language, words: str
) -> None:
    made = _without(NAMES, intent=intent, topics=("forecast",), language=language)
    (said,) = notices.missing(made)
    assert said.text.startswith(words)
    assert "sectorwise fit --universe toy" in said.text
    assert (said.section, said.entity) == ("missing", "get_sector_heatmap")


def test_one_sector_without_a_forecast_is_no_gap_unless_it_is_the_one_asked_for() -> None:
    assert notices.missing(_without(NAMES[1:], intent="report")) == ()
    focus = (Focus(universe="toy", sector=NAMES[1], said="it"),)
    asked = {"intent": "question", "topics": ("forecast",), "focus": focus}
    assert len(notices.missing(_without(NAMES[1:], **asked))) == 1
    assert notices.missing(_without(NAMES[1:], **asked, horizon="3M")) == ()
