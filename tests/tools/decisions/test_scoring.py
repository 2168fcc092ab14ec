from collections.abc import Callable
from datetime import date, timedelta

from core.panel import MarketPanels
from core.portfolio import inputs
from tools.context import ToolContext
from tools.decisions.scoring import scoring_inputs

ContextOf = Callable[[MarketPanels], ToolContext]


def test_the_inputs_are_those_a_decision_from_panels_uses(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    day = date(2024, 2, 20)
    expected = inputs.scoring_inputs(tiny_panels, None, as_of=day, horizon="3M")
    result = scoring_inputs(context_of(tiny_panels), horizon="3M", as_of=day)
    assert result == expected.model_copy(update={"sources": result.sources})


def test_without_a_model_the_weights_are_missing_and_the_risk_is_there(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    result = scoring_inputs(context_of(tiny_panels))
    assert result.weights == ()
    assert [(c.subject, c.measure, c.reason) for c in result.missing] == [
        ("tiny", "weights", "model_not_fitted")
    ]
    assert [row.sector for row in result.covariance] == ["banks"]
    assert sum(row.weight for row in result.benchmark_weights) == 1.0


def test_a_date_after_the_data_stays_the_date_asked_for(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    later = tiny_panels.last + timedelta(days=3)
    result = scoring_inputs(context_of(tiny_panels), as_of=later)
    assert (result.as_of, result.known_at) == (later, tiny_panels.last)
