"""The numbers of the rotation map, for the command line; no agents involved."""

from datetime import date
from typing import TypeVar

from app.cli.output import say, say_json, say_table, telling
from app.data import open_store, prepare, tool_context
from app.files.universes import load_universes, one_of
from app.settings import Settings, load_settings
from core.errors import CallerError, DateError, EmptyStoreError
from core.gaps import gap_sentence
from core.markets.benchmark import measured, named_benchmark
from core.panel import MarketPanels
from core.records.result import GapReason, ToolResult
from core.records.sectors import Rotation
from core.records.universe import Benchmark, Frequency, Universe
from core.rotation.quadrants import rotations
from tools.context import ToolContext
from tools.measures.common import member_weights, priced_members, thin_flags
from tools.scope import named_gap, sectors_named
from tools.storage.panels import intraday_panels, market_panels

DECIMALS = 2

Answer = TypeVar("Answer", bound=ToolResult)

_HEADINGS = (
    "ticker", "sector", "rs_ratio", "rs_momentum", "quadrant", "dwell", "tail", "provisional",
)  # fmt: skip


def show_rotation(
    universe: str,
    *,
    as_of: date | None,
    frequency: Frequency,
    tail_bars: int,
    benchmark: str | None,
    sector: str | None,
    as_json: bool,
) -> None:
    """Print each sector's place on the rotation map.

    Raises:
        CallerError: an unknown universe, sector or benchmark, or one the data cannot be held
            against.
        DateError: a date before the data.
        EmptyStoreError: no data.
    """
    chosen, panels = _panels(universe, frequency)
    mark = named_benchmark(chosen, benchmark)
    wanted = [item.id for item in sectors_named(chosen, sector)]
    day = _day(panels, as_of)
    against = measured(panels.until(day), mark)
    if isinstance(against, str):
        raise CallerError(_refusal(against, mark.id, chosen))
    placed = rotations(
        against.sectors[wanted],
        against.level,
        frequency=frequency,
        as_of=day,
        tail_bars=tail_bars,
        universe=chosen,
    )
    rows = [_placed(chosen, name, spot, mark=mark, day=day) for name, spot in placed.items()]
    if as_json:
        say_json(rows)
        return
    names = _names(panels.until(day))
    cells = [
        [names[str(row["sector"])] if key == "sector" else _cell(row[key]) for key in _HEADINGS]
        for row in rows
    ]
    title = f"{chosen.name_en}, {frequency} bars against {mark.id} ({mark.treatment}), as of {day}"
    say_table(title, _HEADINGS, cells)
    say("tail: nodes known; --json has them")


def asked_of(universe: str) -> tuple[Universe, ToolContext]:
    """Return the universe of that name and what its tools are given; the synthetic one is made.

    Raises:
        CallerError: no universe is called that.
    """
    settings = load_settings()
    universes = load_universes(settings.universe_files)
    chosen = one_of(universes, universe)
    if chosen.synthetic:
        with telling() as tell:
            prepare(settings, chosen, tell=tell)
    return chosen, tool_context(settings, universes)


def answered(result: Answer, universe: Universe) -> Answer:
    """Return the answer unless it is a gap.

    Raises:
        EmptyStoreError: no data.
        DateError: a date before the data.
        CallerError: a benchmark the data cannot be held against, or too short a history.
    """
    if result.gap is None:
        return result
    reason = result.gap.reason
    if reason in ("mixed_treatment", "not_covered"):
        raise CallerError(_refusal(reason, str(getattr(result, "benchmark", "")), universe))
    if reason == "too_short":
        raise CallerError(gap_sentence(result.gap, universe, "en"))
    error = EmptyStoreError if reason == "no_data" else DateError
    raise error(gap_sentence(result.gap, universe, "en"))


def named(universe: Universe, sector: str, *, alone: str | None, few: int | None) -> str:
    """Return a sector's name, with the stock that is all of it or the few it is made of."""
    name = universe.sector(sector).name_en
    if alone is not None:
        return f"{name} ({alone} only)"
    return name if few is None else f"{name} ({few} stocks)"


def rounded(value: object) -> object:
    """Return a float with two decimals, anything else as it is."""
    return round(value, DECIMALS) if isinstance(value, float) else value


def _refusal(reason: GapReason, benchmark: str, universe: Universe) -> str:
    return f"benchmark {benchmark}: {gap_sentence(named_gap(reason, 'prices'), universe, 'en')}"


def _names(panels: MarketPanels) -> dict[str, str]:
    """Return each sector's name by id, a thin one with what it is made of."""
    universe, names = panels.universe, {}
    members = priced_members(panels, member_weights(panels))
    for sector in universe.sector_ids:
        held = members.get(sector, [])
        flags = thin_flags(len(held), universe) if universe.built_from_members else ()
        alone = held[0] if "single_stock" in flags else None
        few = len(held) if "few_members" in flags else None
        names[sector] = named(universe, sector, alone=alone, few=few)
    return names


def _cell(value: object) -> object:
    return len(value) if isinstance(value, list) else rounded(value)


def _panels(universe: str, frequency: Frequency) -> tuple[Universe, MarketPanels]:
    settings: Settings = load_settings()
    chosen = one_of(load_universes(settings.universe_files), universe)
    if chosen.synthetic:
        with telling() as tell:
            prepare(settings, chosen, tell=tell)
    store = open_store(settings)
    load = intraday_panels if frequency == "15min" else market_panels
    return chosen, load(store, chosen)


def _day(panels: MarketPanels, as_of: date | None) -> date:
    first = panels.sectors.closes.index[0].date()
    if as_of is not None and as_of < first:
        raise DateError(
            f"{as_of} is before the data of {panels.universe.id}, which begin on {first}: "
            "take a later --as-of or import more history"
        )
    return as_of or panels.last


def _placed(
    universe: Universe, sector: str, spot: Rotation | None, *, mark: Benchmark, day: date
) -> dict[str, object]:
    row: dict[str, object] = {
        "ticker": universe.sector(sector).ticker,
        "sector": sector,
        "benchmark": mark.id,
        "treatment": mark.treatment,
        "as_of": day,
        "rs_ratio": None,
        "rs_momentum": None,
        "quadrant": None,
    }
    if spot is None:
        return row | {"frequency": None, "dwell": None, "provisional": None, "tail": []}
    return row | {
        "frequency": spot.frequency,
        "period": spot.period,
        "rs_ratio": spot.rs_ratio_index,
        "rs_momentum": spot.rs_momentum_index,
        "quadrant": spot.quadrant,
        "heading": spot.heading_deg,
        "velocity": spot.velocity_index,
        "dwell": spot.dwell_count,
        "provisional": spot.provisional,
        "early_warning": spot.early_warning,
        "tail": [
            {
                "period": node.period,
                "rs_ratio": node.rs_ratio_index,
                "rs_momentum": node.rs_momentum_index,
            }
            for node in spot.tail
        ],
    }
