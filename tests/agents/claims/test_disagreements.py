"""Two tools that contradict each other are told with both values; agreement is silent."""

from dataclasses import replace

import pytest

from agents.material import Material
from core.records.evidence import Evidence
from core.records.request import Focus, Language
from core.records.result import ToolResult
from tests.agents.claims.told import evidence_of, flows, material, texts
from tests.servers.market import Market, made_universe

CONTRADICT: dict[Language, str] = {"en": "contradict each other", "vi": "mâu thuẫn"}
MOMENTUM = Market(made_universe()).result("get_technical_momentum")
ENERGY = next(row for row in flows().rows if row.sector == "energy")


def _beside(made: Material, result: ToolResult) -> Material:
    """Return the material with one more answer."""
    like = evidence_of("get_sector_heatmap").model_dump(exclude={"result"})
    extra = Evidence.model_validate(
        {**like, "id": "toy-closer", "tool": result.tool, "result": result}
    )
    return replace(made, evidence=(*made.evidence, extra))


def _closer(**changes: object) -> ToolResult:
    rows = (ENERGY.model_copy(update=changes),)
    return flows().model_copy(update={"tool": "get_foreign_flow", "rows": rows, "factors": ()})


def _said(made: Material) -> list[str]:
    words = CONTRADICT[made.request.language]
    return [text for text in texts(made, "warning") if words in text]


@pytest.mark.parametrize("language", ["en", "vi"])
def test_flows_of_opposite_signs_are_told_with_both_values(language: Language) -> None:
    made = _beside(material(language=language), _closer(net_bn=-ENERGY.net_bn))
    (said,) = _said(made)
    assert ("+" in said) == ("−" in said) is True
    assert "sectorwise tools" in said


@pytest.mark.parametrize(
    "closer",
    [
        _closer(),
        _closer(net_bn=1.4 * ENERGY.net_bn),
        _closer(net_bn=-ENERGY.net_bn, sessions=5),
        _closer(net_bn=-ENERGY.net_bn, symbol="T00"),
    ],
    ids=["equal", "near", "another window", "a stock"],
)
def test_what_agrees_or_is_something_else_is_no_contradiction(closer: ToolResult) -> None:
    assert _said(_beside(material(), closer)) == []
    assert _said(_beside(material(), MOMENTUM)) == []


def test_returns_turned_round_are_told_of_the_sector_asked_about_first() -> None:
    rows = MOMENTUM.model_dump()["rows"]
    turned = [{**row, "return_3m_pct": -row["return_3m_pct"]} for row in rows]
    contrary = type(MOMENTUM).model_validate({**MOMENTUM.model_dump(), "rows": turned})
    focus = (Focus(universe="toy", sector="utilities", said="utilities"),)
    said = _said(_beside(material(intent="question", focus=focus), contrary))
    assert len(said) == 2
    assert "Utilities" in said[0]
    assert all("price momentum" in text for text in said)


def test_flow_against_the_price_as_long_is_told() -> None:
    rows = tuple(
        row.model_copy(update={"state": "selling", "sessions": 20}) for row in flows().rows
    )
    heat = evidence_of("get_sector_heatmap").result.model_dump()
    risen = [{**row, "excess_1m_pct": 3.0} for row in heat["rows"]]
    higher = type(evidence_of("get_sector_heatmap").result).model_validate({**heat, "rows": risen})
    focus = (Focus(universe="toy", sector="utilities", said="utilities"),)
    asked = {"intent": "question", "focus": focus, "topics": ("foreign_flow",)}
    against = material(flows().model_copy(update={"rows": rows}), higher, **asked)
    assert any("point opposite ways" in text for text in texts(against, "answer"))
    bought = tuple(row.model_copy(update={"state": "buying"}) for row in rows)
    along = material(flows().model_copy(update={"rows": bought}), higher, **asked)
    assert not any("point opposite ways" in text for text in texts(along, "answer"))


@pytest.mark.parametrize(
    ("exact", "rounded", "told"), [(0.04, 0.0, 0), (-0.04, 0.05, 0), (0.4, 0.0, 1)]
)
def test_what_a_server_that_rounds_is_off_by_is_no_contradiction(
    exact: float, rounded: float, told: int
) -> None:
    rows = tuple(
        row.model_copy(update={"net_bn": exact}) if row.sector == "energy" else row
        for row in flows().rows
    )
    scored = material(flows().model_copy(update={"rows": rows}))
    assert len(_said(_beside(scored, _closer(net_bn=rounded)))) == told
