"""A market without data answers a question, and is an error of a report; so is any outage."""

import pytest

from app.compose import Composition
from app.files.universes import load_universes
from app.settings import Settings
from app.unanswered import require_answer
from core.errors import DateError, EmptyStoreError, ProviderError, SectorwiseError
from core.gaps import actor_of
from core.records.evidence import Gap
from core.records.report import Report
from core.records.request import Intent
from core.records.result import GapReason, NamedGap
from tests.agents.bench import plain_report

COMPOSITION = Composition(Settings.model_construct(), load_universes())


def _empty(intent: Intent, reason: GapReason) -> Report:
    """Return a report without any answer, of a market that publishes no foreign flow."""
    report = plain_report()
    gap = NamedGap(reason=reason, actor=actor_of(reason))
    unknown = NamedGap(reason="not_published", actor="nobody", dataset="flows")
    gaps = (
        Gap(id="us-flow", node="foreign_flow", tool="get_foreign_flow", universe="us", gap=unknown),
        Gap(id="us-heatmap", node="heatmap", tool="get_sector_heatmap", universe="us", gap=gap),
        Gap(id="us-inputs", node="heatmap", tool="get_scoring_inputs", universe="us", gap=gap),
    )
    request = report.request.model_copy(update={"intent": intent})
    return report.model_copy(update={"request": request, "evidence": (), "gaps": gaps})


@pytest.mark.parametrize("reason", ["no_data", "before_data"])
@pytest.mark.parametrize("intent", ["question", "explain", "compare", "what_if"])
def test_a_question_about_a_market_without_data_is_answered(
    intent: Intent, reason: GapReason
) -> None:
    require_answer(_empty(intent, reason), COMPOSITION)


@pytest.mark.parametrize(
    ("intent", "reason", "error", "said"),
    [
        ("report", "no_data", EmptyStoreError, "There are no data of United States"),
        ("report", "before_data", DateError, "lies before"),
        ("question", "timeout", ProviderError, "Sector heatmap, scores and weights: the tool did"),
        ("question", "server_down", ProviderError, "cannot be reached"),
    ],
)
def test_a_report_of_nothing_and_an_outage_are_errors_that_name_what_is_missing(
    intent: Intent, reason: GapReason, error: type[SectorwiseError], said: str
) -> None:
    with pytest.raises(error, match="(?i)" + said):
        require_answer(_empty(intent, reason), COMPOSITION)
