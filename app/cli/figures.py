"""The numbers of the rotation map and the heatmap, for the command line; no agents involved."""

from datetime import date

from app.cli.output import say, say_json, say_table, telling
from app.data import open_store, prepare, tool_context
from app.settings import Settings, load_settings
from app.universes import load_universes, one_of
from core.errors import CallerError, DateError
from core.gaps import gap_sentence
from core.panel import MarketPanels
from core.records.sectors import Expectation, HeatmapRow, Rotation
from core.records.universe import Frequency, Horizon, Universe
from core.rotation.quadrants import rotations
from tools.heatmap import sector_heatmap
from tools.storage.panels import intraday_panels, market_panels

DECIMALS = 2


def show_rotation(
    universe: str,
    *,
    as_of: date | None,
    frequency: Frequency,
    tail_bars: int,
    benchmark: str | None,
    as_json: bool,
) -> None:
    """Print each sector's place on the rotation map.

    Raises:
        CallerError: an unknown universe or benchmark.
        DateError: a date before the data.
        EmptyStoreError: no data.
    """
    chosen, panels = _panels(universe, frequency)
    mark = benchmark or chosen.benchmark.id
    if mark not in panels.benchmark.closes.columns:
        choices = ", ".join(item.id for item in chosen.benchmarks)
        raise CallerError(f"benchmark {mark!r}: {chosen.id} has {choices}")
    day = _day(panels, as_of)
    placed = rotations(
        panels.sectors.closes,
        panels.benchmark.closes[mark],
        frequency=frequency,
        as_of=day,
        tail_bars=tail_bars,
    )
    rows = [_placed(chosen, sector, spot, mark=mark, day=day) for sector, spot in placed.items()]
    if as_json:
        say_json(rows)
        return
    headings = ("ticker", "sector", "rs_ratio", "rs_momentum", "quadrant", "dwell", "provisional")
    title = f"{chosen.name_en}, {frequency} bars against {mark}, as of {day}"
    say_table(title, headings, [[_short(row[name]) for name in headings] for row in rows])


def show_heatmap(universe: str, *, as_of: date | None, horizon: Horizon, as_json: bool) -> None:
    """Print the heatmap tool's answer.

    Raises:
        DateError: a date before the data.
        EmptyStoreError: no data.
    """
    settings = load_settings()
    universes = load_universes(settings.universe_files)
    chosen = one_of(universes, universe)
    with telling() as tell:
        prepare(settings, chosen, tell=tell)
    result = sector_heatmap(
        tool_context(settings, universes), region=chosen.id, horizon=horizon, as_of=as_of
    )
    if result.gap is not None:
        raise DateError(gap_sentence(result.gap, chosen, "en"))
    if as_json:
        say_json(result)
        return
    headings = (
        "sector", "weekly", "daily", "1W %", "1M %", "3M %", "12M %",
        "→1W %", "→1M %", "→3M %", "P(1M)",
    )  # fmt: skip
    rows = [_heat(chosen, row) for row in result.rows]
    say_table(f"{chosen.name_en} against {result.benchmark}, as of {result.as_of}", headings, rows)
    for skill in result.skill:
        say(
            f"record {skill.horizon}: IC {skill.ic_mean_index:+.3f} "
            f"(t {_signed(skill.ic_t_index)}), {skill.dates_count} settled dates; "
            f"12-month momentum IC {_signed(skill.momentum_ic_mean_index, 3)}"
        )


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
    universe: Universe, sector: str, spot: Rotation | None, *, mark: str, day: date
) -> dict[str, object]:
    row: dict[str, object] = {
        "ticker": universe.sector(sector).ticker,
        "sector": sector,
        "benchmark": mark,
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


def _heat(universe: Universe, row: HeatmapRow) -> list[object]:
    ahead = {item.horizon: item for item in row.expected}
    month = ahead.get("1M")
    return [
        universe.sector(row.sector).name_en,
        row.weekly.quadrant if row.weekly else None,
        row.daily.quadrant if row.daily else None,
        *(_short(v) for v in (
            row.excess_1w_pct, row.excess_1m_pct, row.excess_3m_pct, row.excess_12m_pct
        )),
        *(_expected(ahead.get(name)) for name in ("1W", "1M", "3M")),
        _short(month.outperform_fraction) if month else None,
    ]  # fmt: skip


def _expected(item: Expectation | None) -> object:
    return _short(item.excess_pct) if item else None


def _short(value: object) -> object:
    return round(value, DECIMALS) if isinstance(value, float) else value


def _signed(value: float | None, decimals: int = 1) -> str:
    return "n/a" if value is None else f"{value:+.{decimals}f}"
