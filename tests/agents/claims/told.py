"""What the claim tests share: one run of the made market, told again for other requests."""

from agents import notices
from agents.material import Material
from agents.reporter import template_draft
from agents.verifier import ordered, verified
from core.records.evidence import Evidence
from core.records.payloads import FlowResult, StatusResult
from core.records.report import Section, Sentence
from core.records.result import ToolResult
from core.records.sectors import HeatmapResult
from tests.agents.bench import Bench, a_request, plain_report

REPORT = plain_report()
UNIVERSES = {universe.id: universe for universe in Bench().universes}


def material(*results: ToolResult, **changes: object) -> Material:
    """Return the run's material under another request; `results` replace a tool's answer."""
    fresh = {result.tool: result for result in results}
    evidence = tuple(
        item.model_copy(update={"result": fresh.get(item.tool, item.result)})
        for item in REPORT.evidence
    )
    return Material(
        request=a_request(**changes),
        universes=UNIVERSES,
        evidence=evidence,
        gaps=(),
        scorecards=REPORT.scorecards,
        allocations=REPORT.allocations,
    )


def told(made: Material) -> tuple[Sentence, ...]:
    """Return all verified sentences of the template."""
    said = verified(made, (template_draft(made),))
    return ordered([*notices.refusals(made), *said, *notices.remedies(made)])


def texts(made: Material, section: Section) -> list[str]:
    """Return one section's sentences."""
    return [sentence.text for sentence in told(made) if sentence.section == section]


def heatmap() -> HeatmapResult:
    """Return the run's heatmap."""
    return next(e.result for e in REPORT.evidence if isinstance(e.result, HeatmapResult))


def flows() -> FlowResult:
    """Return the run's foreign flow by sector."""
    result = evidence_of("get_foreign_flow_by_sector").result
    assert isinstance(result, FlowResult)
    return result


def status() -> StatusResult:
    """Return the run's data status."""
    return next(e.result for e in REPORT.evidence if isinstance(e.result, StatusResult))


def evidence_of(tool: str) -> Evidence:
    """Return the run's first evidence of a tool."""
    return next(item for item in REPORT.evidence if item.tool == tool)
