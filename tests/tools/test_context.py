from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from core.errors import CallerError, UnknownUniverseError
from core.panel import MarketPanels
from core.records.universe import Universe
from tools.context import ToolContext
from tools.models import ModelStore
from tools.store import Store

ContextOf = Callable[[MarketPanels], ToolContext]


@pytest.mark.parametrize("region", ["tiny", "TN", "tn", "viet ti", "VIỆT TÍ", "Xứ Tí", None])
def test_a_region_is_found_without_case_or_accents(
    tiny_panels: MarketPanels, context_of: ContextOf, region: str | None
) -> None:
    assert context_of(tiny_panels).universe(region).id == "tiny"


def test_an_unknown_region_lists_the_known_ones(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    with pytest.raises(UnknownUniverseError, match=r"'Atlantis': use one of tiny \(TN, Việt Tí\)"):
        context_of(tiny_panels).scope("Atlantis", None)


def test_without_a_date_the_answer_is_of_the_last_session(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    assert context_of(tiny_panels).scope(None, None).as_of == tiny_panels.last


def test_a_date_hides_what_came_later(tiny_panels: MarketPanels, context_of: ContextOf) -> None:
    scope = context_of(tiny_panels).scope(None, date(2023, 6, 3))
    assert scope.panels is not None
    assert (scope.as_of, scope.panels.last) == (date(2023, 6, 3), date(2023, 6, 2))


def test_a_date_after_the_data_is_answered_from_all_of_them(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    later = tiny_panels.last + timedelta(days=400)
    scope = context_of(tiny_panels).scope(None, later)
    assert scope.panels is not None
    assert (scope.as_of, scope.panels.last) == (later, tiny_panels.last)


def test_a_date_before_the_data_is_a_named_gap(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    scope = context_of(tiny_panels).scope(None, date(2022, 12, 30))
    assert scope.panels is None
    assert scope.gap is not None
    assert (scope.gap.reason, scope.gap.dataset) == ("before_data", "prices")


def test_an_empty_store_is_a_named_gap_dated_by_the_clock(
    tmp_path: Path, tiny_universe: Universe
) -> None:
    context = ToolContext(
        store=Store(tmp_path),
        universes={"tiny": tiny_universe},
        models=ModelStore(tmp_path),
        default_universe="tiny",
        today=lambda: date(2030, 1, 2),
    )
    scope = context.scope(None, None)
    assert scope.gap is not None
    assert (scope.gap.reason, scope.gap.actor, scope.gap.dataset) == ("no_data", "user", "prices")
    assert (scope.as_of, scope.panels) == (date(2030, 1, 2), None)


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        (None, ["banks", "technology"]),
        ("all", ["banks", "technology"]),
        ("technology", ["technology"]),
        ("TECH", ["technology"]),
        ("ngan hang", ["banks"]),
        ("financials", ["banks"]),
        ("8300", ["banks"]),
        ("bnk", ["banks"]),
    ],
)
def test_a_sector_is_found_by_id_alias_code_ticker_or_group(
    tiny_panels: MarketPanels, context_of: ContextOf, name: str | None, ids: list[str]
) -> None:
    scope = context_of(tiny_panels).scope(None, None)
    assert [sector.id for sector in scope.sectors(name)] == ids


@pytest.mark.parametrize("name", ["shipping", "", "--"])
def test_an_unknown_sector_lists_the_known_ones(
    tiny_panels: MarketPanels, context_of: ContextOf, name: str
) -> None:
    scope = context_of(tiny_panels).scope(None, None)
    if name == "":
        assert len(scope.sectors(name)) == 2
        return
    with pytest.raises(CallerError, match="use 'all' or one of banks, technology"):
        scope.sectors(name)


def test_an_id_means_its_own_sector_even_where_a_group_has_the_same_name(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    banks, technology = tiny_panels.universe.sectors
    grouped = banks.model_copy(update={"rollups": ("technology",)})
    universe = tiny_panels.universe.model_copy(update={"sectors": (grouped, technology)})
    scope = context_of(replace(tiny_panels, universe=universe)).scope(None, None)
    assert [sector.id for sector in scope.sectors("technology")] == ["technology"]


def test_panels_are_read_once_until_the_store_changes(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    reads: list[str] = []

    def load(store: Store, universe: Universe) -> MarketPanels:
        reads.append(universe.id)
        return tiny_panels

    context = replace(context_of(tiny_panels), load=load)
    first, second = context.scope(None, None), context.scope("TN", None)
    assert reads == ["tiny"]
    assert first.panels is second.panels


def test_factors_from_a_tool_are_the_catalogues_own(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    from core.signals.catalogue import factor_values

    context = context_of(tiny_panels)
    day = date(2024, 1, 31)
    expected = factor_values(tiny_panels, as_of=day, families=("momentum",))
    assert context.factors(context.scope(None, day), ("momentum",)) == expected
