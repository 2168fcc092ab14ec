"""What securities firms' own desks did is told beside foreign flow, where that is known."""

from agents.material import Material
from core.records.payloads import FlowResult
from tests.agents.claims.told import flows, material, texts

SECTORS = [row.sector for row in flows().rows]
WORDS = "securities firms' own desks"


def _desks(nets: dict[str, float]) -> FlowResult:
    rows = (
        row.model_copy(update={"proprietary_net_bn": nets.get(row.sector)}) for row in flows().rows
    )
    return flows().model_copy(update={"rows": tuple(rows)})


def _asked(nets: dict[str, float]) -> Material:
    return material(_desks(nets), intent="question", topics=("foreign_flow",))


def test_the_largest_buyers_then_the_largest_sellers_are_told() -> None:
    nets = {sector: float(3 - place) for place, sector in enumerate(SECTORS)}
    said = [text for text in texts(_asked(nets), "answer") if WORDS in text]

    assert "+3.0 bn" in said[0]
    assert "the highest of all sectors" in said[0]
    assert ["+2.0 bn" in said[1], "+1.0 bn" in said[2]] == [True, True]
    assert "the lowest of all sectors" in said[3]
    assert len(said) == 6


def test_one_sector_alone_is_no_extreme() -> None:
    said = [text for text in texts(_asked({SECTORS[0]: 1.0}), "answer") if WORDS in text]

    assert len(said) == 1
    assert "of all sectors" not in said[0]


def test_where_nothing_is_known_of_the_desks_nothing_is_said_of_them() -> None:
    assert not any(WORDS in text for text in texts(_asked({}), "answer"))
