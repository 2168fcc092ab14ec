from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from core.facts import evidence_facts
from core.market_state.state import market_state
from core.panel import MarketPanels
from core.records.universe import Style
from tests.core.drawn import evidence
from tests.core.market import Spec, market
from tools.context import ToolContext
from tools.contracts import TEXT_CAP_CHARS, readable
from tools.market.warning import TOOL, market_warning

ContextOf = Callable[[MarketPanels], ToolContext]
DAY = date(2022, 12, 1)
STYLES: dict[str, Style] = {"autos": "cyclical", "banks": "cyclical", "drugs": "defensive"}


@pytest.fixture(scope="module")
def panels() -> MarketPanels:
    plain = market(Spec(n_sessions=1_300, gap_share=0.0))
    sectors = tuple(
        sector.model_copy(update={"style": STYLES.get(sector.id, "neutral")})
        for sector in plain.universe.sectors
    )
    return replace(plain, universe=plain.universe.model_copy(update={"sectors": sectors}))


def test_it_prints_the_cores_state(panels: MarketPanels, context_of: ContextOf) -> None:
    result = market_warning(context_of(panels), as_of=DAY)
    found = market_state(panels.until(DAY))
    assert (result.tool, result.benchmark, result.treatment) == (TOOL, "all", "price")
    assert (result.rows, result.switch) == ((found.row,), (found.switch,))
    assert (result.outcomes, result.balance) == (found.outcomes, (found.balance,))
    assert result.missing == ()
    assert result.known_at is not None
    assert result.known_at <= DAY


def test_an_answer_of_a_past_date_does_not_know_what_came_later(
    panels: MarketPanels, context_of: ContextOf
) -> None:
    whole = market_warning(context_of(panels), as_of=DAY)
    assert whole == market_warning(context_of(panels.until(DAY)), as_of=DAY)


def test_the_text_fits_and_each_fact_has_a_name_of_its_own(
    panels: MarketPanels, context_of: ContextOf
) -> None:
    result = market_warning(context_of(panels), as_of=DAY)
    assert len(readable(result, panels.universe)) < TEXT_CAP_CHARS
    facts = {fact.measure: fact for fact in evidence_facts(evidence(TOOL, result))}
    assert facts["market_warning"].label in ("calm", "watch", "warning")
    assert facts["return_after.3m.calm"].unit == "%"
    assert facts["switch_state"].label in ("invested", "de_risk")
    assert facts["style_lead"].label in ("cyclical", "defensive")
    assert facts["warning_since"].unit == "date"
    assert not [fact.id for fact in facts.values() if fact.id.endswith(".2")]


def test_what_the_history_is_too_short_for_is_missing_not_calm(
    panels: MarketPanels, context_of: ContextOf
) -> None:
    early = market_warning(context_of(panels), as_of=date(2019, 6, 3))
    assert (early.rows, early.outcomes, early.switch, early.balance) == ((), (), (), ())
    assert {(cell.measure, cell.reason) for cell in early.missing} == {
        ("market_warning", "too_short"), ("switch_state", "too_short"),
        ("style_lead", "too_short"),
    }  # fmt: skip
    assert early.gap is None


def test_a_store_without_prices_is_a_named_gap(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    result = market_warning(context_of(tiny_panels), as_of=date(2010, 1, 4))
    assert result.gap is not None
    assert (result.gap.reason, result.rows, result.missing) == ("before_data", (), ())
