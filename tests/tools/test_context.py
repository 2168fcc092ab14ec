from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest

from core.errors import CallerError, DateError, UnknownUniverseError
from core.markets.universe import parse_universe
from core.panel import MarketPanels
from core.records.universe import Universe
from tools.context import ToolContext
from tools.flows.foreign_flow import foreign_flow_by_sector
from tools.intake.importing import imported
from tools.market.momentum import technical_momentum
from tools.market.status import data_status
from tools.sectors.heatmap import sector_heatmap
from tools.storage.models import ModelStore
from tools.storage.store import Store

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


@pytest.fixture
def corrected(tmp_path: Path) -> tuple[ToolContext, ToolContext]:
    """The same stocks and flows in two stores; the second holds what was corrected in February."""
    universe = parse_universe(files("core.universes").joinpath("vn.toml").read_text("utf-8"))
    days = pd.bdate_range("2023-01-02", "2024-02-15").strftime("%Y-%m-%d")
    head = "symbol,date,known_at,close,volume,value_mvnd,fb_val_mvnd,fs_val_mvnd\n"
    body = "".join(
        f"{symbol},{day},{day},{20 + place % 7},1000,100000,500,400\n"
        for symbol in ("ACB", "BID", "CTG")
        for place, day in enumerate(days)
    )
    late = "ACB,2024-01-10,2024-02-01,99,9000,100000,90000,1\n"
    contexts = []
    for name, texts in (("plain", [body]), ("corrected", [body, late])):
        store = Store(tmp_path / name)
        for place, text in enumerate(texts):
            path = tmp_path / f"{name}{place}.csv"
            path.write_text(head + text)
            imported(store, (path,), "prices", universe)
        path = tmp_path / "members.csv"
        path.write_text("symbol,sector\nACB,banks\nBID,banks\nCTG,banks\n")
        imported(store, (path,), "members", universe)
        contexts.append(
            ToolContext(
                store=store,
                universes={"vn": universe},
                models=ModelStore(tmp_path),
                default_universe="vn",
            )
        )
    plain, with_correction = contexts
    return plain, with_correction


def _answers(context: ToolContext, as_of: date) -> list[str]:
    results = (
        sector_heatmap(context, as_of=as_of),
        foreign_flow_by_sector(context, as_of=as_of),
        technical_momentum(context, symbol_type="equity", as_of=as_of),
        data_status(context, as_of=as_of),
    )
    return [result.model_copy(update={"sources": ()}).canonical_json() for result in results]


@pytest.mark.parametrize("as_of", [date(2024, 1, 10), date(2024, 1, 31)])
def test_a_correction_changes_nothing_before_it_was_known(
    corrected: tuple[ToolContext, ToolContext], as_of: date
) -> None:
    plain, with_correction = corrected
    assert _answers(with_correction, as_of) == _answers(plain, as_of)


def test_a_correction_counts_from_the_day_it_was_known(
    corrected: tuple[ToolContext, ToolContext],
) -> None:
    plain, with_correction = corrected
    as_of = date(2024, 2, 1)
    assert _answers(with_correction, as_of) != _answers(plain, as_of)
    panels = with_correction.scope("vn", as_of).panels
    assert panels is not None
    assert panels.stocks is not None
    assert panels.flows is not None
    assert panels.stocks.closes.at[pd.Timestamp("2024-01-10"), "ACB"] == 99.0
    assert panels.flows.buys.at[pd.Timestamp("2024-01-10"), "ACB"] == 90.0


def test_a_date_before_anything_was_known_is_a_named_gap(tmp_path: Path) -> None:
    universe = parse_universe(files("core.universes").joinpath("us.toml").read_text("utf-8"))
    path, store = tmp_path / "late.csv", Store(tmp_path)
    path.write_text(
        "ticker,date,known_at,close\n"
        + "".join(
            f"{name},2024-01-0{day},2024-03-01,10\n" for name in ("SPY", "XLK") for day in (2, 3)
        )
    )
    imported(store, (path,), "prices", universe)
    context = ToolContext(
        store=store, universes={"us": universe}, models=ModelStore(tmp_path), default_universe="us"
    )
    gap = context.scope("us", date(2024, 1, 3)).gap
    assert gap is not None
    assert gap.reason == "before_data"
    assert context.scope("us", date(2024, 3, 1)).panels is not None


def test_a_context_with_a_latest_date_never_answers_from_later(
    context_of: ContextOf, tiny_panels: MarketPanels
) -> None:
    latest = tiny_panels.sectors.closes.index[-40].date()
    bounded = replace(context_of(tiny_panels), latest=latest)
    for asked in (None, tiny_panels.last):
        scope = bounded.scope("tiny", asked)
        assert scope.as_of == latest
        assert scope.panels is not None
        assert scope.panels.last == latest


def test_a_date_yet_to_come_is_refused(tiny_panels: MarketPanels, context_of: ContextOf) -> None:
    context = replace(context_of(tiny_panels), today=lambda: tiny_panels.last)
    assert context.scope(None, tiny_panels.last + timedelta(days=1)).panels is not None
    with pytest.raises(DateError, match="is yet to come"):
        context.scope(None, tiny_panels.last + timedelta(days=2))


def test_advice_does_not_stand_on_prices_that_ended_long_ago(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(tiny_panels)
    last = tiny_panels.last
    assert context.scope(None, last + timedelta(days=14), advice=True).panels is not None
    late = context.scope(None, last + timedelta(days=15), advice=True)
    assert late.panels is None
    assert late.gap is not None
    assert late.gap.reason == "stale"
