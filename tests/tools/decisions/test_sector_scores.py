from collections.abc import Callable
from datetime import date

import pytest

from core.errors import CallerError
from core.panel import MarketPanels
from core.portfolio.decide import decide
from core.records.mandate import Mandate
from tools.context import ToolContext
from tools.decisions.sector_scores import sector_scores

ContextOf = Callable[[MarketPanels], ToolContext]


def test_the_card_is_the_cores_from_the_same_panels_byte_for_byte(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    day = date(2024, 2, 20)
    direct = decide(tiny_panels, None, as_of=day, horizon="3M", mandate=Mandate()).scorecard
    result = sector_scores(context_of(tiny_panels), horizon="3M", as_of=day)
    assert result.card.canonical_json() == direct.canonical_json()
    assert [row.sector for row in result.rows] == [row.sector for row in direct.sectors]


def test_a_row_names_what_speaks_loudest_for_and_against(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    result = sector_scores(context_of(tiny_panels))
    for row, score in zip(result.rows, result.scores, strict=True):
        parts = {part.factor: part.contribution or 0.0 for part in score.contributions}
        assert row.missing_count == len(score.missing)
        assert (row.rank, row.score, row.reason) == (score.rank, score.score, score.reason)
        for name, best in ((row.strongest_for, max), (row.strongest_against, min)):
            assert name is None or parts[name] == best(parts.values())


def test_without_a_model_the_packaged_weights_are_named_and_the_model_is_missing(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    result = sector_scores(context_of(tiny_panels))
    assert (result.weights_source, result.trained_until, result.skill) == ("packaged", None, ())
    assert [(c.measure, c.reason) for c in result.missing] == [("weights", "model_not_fitted")]


def test_an_unknown_region_is_answered_with_those_there_are(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    with pytest.raises(CallerError, match="no region 'Atlantis': use one of tiny"):
        sector_scores(context_of(tiny_panels), region="Atlantis")
