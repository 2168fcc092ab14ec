from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from core.errors import CallerError
from core.facts import evidence_facts
from core.panel import MarketPanels
from core.records.evidence import Fact
from core.records.rotation_statistics import RotationStatisticsResult
from core.rotation.statistics import rotation_statistics
from tests.core.drawn import evidence
from tests.core.market import Spec, market
from tools.context import ToolContext
from tools.contracts import TEXT_CAP_CHARS, readable
from tools.sectors.rotation_statistics import TOOL, rotation_counts

ContextOf = Callable[[MarketPanels], ToolContext]
DAY = date(2021, 9, 1)


@pytest.fixture
def panels() -> MarketPanels:
    return market(Spec(n_sessions=900, gap_share=0.0))


def test_it_prints_the_cores_counts(panels: MarketPanels, context_of: ContextOf) -> None:
    result = rotation_counts(context_of(panels), as_of=DAY)
    found = rotation_statistics(
        panels.sectors.closes,
        panels.benchmark.closes["all"],
        frequency="weekly",
        as_of=DAY,
        universe=panels.universe,
    )
    assert (result.tool, result.frequency, result.benchmark) == (TOOL, "weekly", "all")
    assert (result.treatment, result.since) == ("price", found.since)
    assert result.rows == found.quadrants
    assert result.turns == found.turns
    assert result.readings == found.readings
    assert result.early_warnings == found.early_warnings
    assert result.sectors == found.sectors
    assert result.moves == found.moves
    assert result.known_at is not None
    assert result.known_at <= DAY


def test_an_answer_of_a_past_date_does_not_know_what_came_later(
    panels: MarketPanels, context_of: ContextOf
) -> None:
    whole = rotation_counts(context_of(panels), as_of=DAY)
    assert whole == rotation_counts(context_of(panels.until(DAY)), as_of=DAY)


def test_the_text_of_a_wide_market_fits_and_has_every_part(
    panels: MarketPanels, context_of: ContextOf
) -> None:
    text = readable(rotation_counts(context_of(panels)), panels.universe)
    assert len(text) < TEXT_CAP_CHARS
    for part in ("rows (4)", "turns (1)", "readings (12)", "early_warnings (2)", "moves (16)"):
        assert part in text


def test_each_of_its_facts_has_a_name_of_its_own(
    panels: MarketPanels, context_of: ContextOf
) -> None:
    result = rotation_counts(context_of(panels), as_of=DAY)
    facts = {fact.measure: fact for fact in facts_of(result) if fact.subject == "toy"}
    assert facts["excess_mean.improving.1m"].unit == "%"
    assert facts["excess_mean.improving.1m"].benchmark == "all"
    assert facts["verdict.improving.1m"].label == "too_few"
    assert facts["move.leading.weakening"].unit == "fraction"
    assert facts["hit.momentum_crossing_up"].frequency == "weekly"
    ids = [fact.id for fact in facts_of(result)]
    assert not [name for name in ids if name.endswith(".2")]
    assert not [name for name in ids if name.endswith(".toy.quadrant")]


def facts_of(result: RotationStatisticsResult) -> tuple[Fact, ...]:
    return evidence_facts(evidence(TOOL, result))


def test_a_sector_without_a_quadrant_says_why(panels: MarketPanels, context_of: ContextOf) -> None:
    closes = panels.sectors.closes.assign(energy=np.nan)
    gone = replace(panels, sectors=replace(panels.sectors, closes=closes))
    result = rotation_counts(context_of(gone), as_of=DAY)
    assert [(cell.subject, cell.measure) for cell in result.missing] == [("energy", "rotation")]
    assert "energy" not in {row.sector for row in result.sectors}


def test_a_history_too_short_is_a_named_gap(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    early = rotation_counts(context_of(tiny_panels), as_of=date(2023, 5, 31))
    assert early.gap is not None
    assert (early.gap.reason, early.rows) == ("too_short", ())
    before = rotation_counts(context_of(tiny_panels), as_of=date(2010, 1, 4))
    assert before.gap is not None
    assert before.gap.reason == "before_data"


def test_what_cannot_be_counted_is_refused_in_a_sentence(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    with pytest.raises(CallerError, match="daily, weekly or monthly"):
        rotation_counts(context_of(tiny_panels), frequency="15min")
    with pytest.raises(CallerError, match="no benchmark 'spy': use one of all"):
        rotation_counts(context_of(tiny_panels), benchmark="spy")
