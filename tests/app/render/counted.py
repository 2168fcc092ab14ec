"""The sample report with rotation statistics and a market warning made of drawn prices."""

import hashlib
from functools import cache

import numpy as np
import pandas as pd

from app.render.material import Material, material
from core.facts import evidence_facts
from core.market_state.state import market_state
from core.panel import MarketPanels
from core.records.evidence import Evidence
from core.records.plan import NODE_OF_TOOL, ToolArguments, ToolName
from core.records.request import Language
from core.records.result import ToolResult
from core.records.rotation_statistics import MarketWarningResult, RotationStatisticsResult
from core.records.universe import Universe
from core.rotation.statistics import rotation_statistics
from tests.app.render.sample_report import AS_OF, sample_report, universe
from tests.core.market import prices

N_SESSIONS = 2_600


@cache
def panels(name: str) -> MarketPanels:
    """Return listed sectors of the universe that walk at random until the report's date."""
    world = universe(name).model_copy(update={"built_from_members": False})
    rng = np.random.default_rng(17)
    days = pd.bdate_range(end=AS_OF, periods=N_SESSIONS).as_unit("us")
    common = rng.normal(0.0002, 0.009, (N_SESSIONS, 1))
    own = rng.normal(0.0, 0.008, (N_SESSIONS, len(world.sectors)))
    closes = pd.DataFrame(
        100 * np.exp(np.cumsum(common + own, axis=0)),
        index=days,
        columns=pd.Index(world.sector_ids, dtype="str"),
    )
    level = closes.mean(axis=1).to_frame(world.benchmark.id)
    return MarketPanels(universe=world, sectors=prices(closes), benchmark=prices(level))


def statistics_result(world: Universe) -> RotationStatisticsResult:
    """Return the tool's answer about the drawn market."""
    market = panels(world.id)
    level = market.benchmark.closes[world.benchmark.id]
    found = rotation_statistics(market.sectors.closes, level, frequency="weekly", as_of=AS_OF)
    return RotationStatisticsResult.model_validate(
        {
            **_envelope(world, "get_rotation_statistics"), "frequency": "weekly",
            "since": found.since, "rows": found.quadrants, "turns": found.turns,
            "readings": found.readings, "early_warnings": found.early_warnings,
            "sectors": found.sectors, "moves": found.moves,
        }
    )  # fmt: skip


def warning_result(world: Universe) -> MarketWarningResult:
    """Return the tool's answer about the drawn market."""
    found = market_state(panels(world.id))
    assert found.row is not None
    assert found.switch is not None
    assert found.balance is not None
    return MarketWarningResult.model_validate(
        {
            **_envelope(world, "get_market_warning"), "rows": (found.row,),
            "outcomes": found.outcomes, "switch": (found.switch,), "balance": (found.balance,),
        }
    )  # fmt: skip


def counted_material(
    name: str = "us", *, language: Language = "en", results: tuple[ToolResult, ...] | None = None
) -> Material:
    """Return the page's material with these answers in the report, by default both."""
    report, world = sample_report(name, language=language, text=""), universe(name)
    given = (statistics_result(world), warning_result(world)) if results is None else results
    more = tuple(evidence_of(place, result) for place, result in enumerate(given))
    facts = tuple(fact for item in more for fact in evidence_facts(item))
    update = {"evidence": (*report.evidence, *more), "facts": (*report.facts, *facts)}
    return material(report.model_copy(update=update), world)


def counted_evidence(world: Universe) -> tuple[Evidence, ...]:
    """Return both answers about the drawn market."""
    results = (statistics_result(world), warning_result(world))
    return tuple(evidence_of(place, result) for place, result in enumerate(results))


def evidence_of(place: int, result: ToolResult) -> Evidence:
    """Return an answer as evidence, after the sample report's own."""
    tool: ToolName = (
        "get_rotation_statistics"
        if isinstance(result, RotationStatisticsResult)
        else "get_market_warning"
    )
    return Evidence(
        id=f"{result.universe}-9{place}-{tool.removeprefix('get_')}",
        node=NODE_OF_TOOL[tool],
        tool=tool,
        server="sectorwise",
        arguments=ToolArguments(region=result.universe, as_of=AS_OF),
        sha256=hashlib.sha256(result.canonical_json().encode()).hexdigest(),
        result=result,
    )


def _envelope(world: Universe, tool: ToolName) -> dict[str, object]:
    return {
        "tool": tool, "universe": world.id, "universe_hash": world.content_hash(),
        "as_of": AS_OF, "known_at": AS_OF, "currency": world.currency,
        "synthetic": world.synthetic, "benchmark": world.benchmark.id,
        "treatment": world.benchmark.treatment,
    }  # fmt: skip
