"""The numbers of the heatmap, for the command line; no agents involved."""

from datetime import date

from app.cli.figures import answered, named, rounded
from app.cli.output import say, say_json, say_table, telling
from app.data import prepare, tool_context
from app.files.universes import load_universes, one_of
from app.settings import load_settings
from core.language.printed.factors import factor_name
from core.records.sectors import Expectation, HeatmapResult, HeatmapRow
from core.records.universe import Horizon, Universe
from tools.sectors.heatmap import sector_heatmap

HEADINGS = (
    "sector", "weekly", "daily", "1W %", "1M %", "3M %", "12M %", "share %", "change pp",
    "→1W %", "→1M %", "→3M %", "P(1M)",
)  # fmt: skip
LEAST_RANKED = 2
MEMBER_HEADINGS = ("members 3M %", "members")


def show_heatmap(
    universe: str, *, as_of: date | None, horizon: Horizon, benchmark: str | None, as_json: bool
) -> None:
    """Print the heatmap tool's answer.

    Raises:
        CallerError: an unknown universe or benchmark, or one the data cannot be held against.
        DateError: a date before the data.
        EmptyStoreError: no data.
    """
    settings = load_settings()
    universes = load_universes(settings.universe_files)
    chosen = one_of(universes, universe)
    with telling() as tell:
        prepare(settings, chosen, tell=tell)
    result = answered(
        sector_heatmap(
            tool_context(settings, universes),
            region=chosen.id,
            horizon=horizon,
            as_of=as_of,
            benchmark=benchmark,
        ),
        chosen,
    )
    if as_json:
        say_json(result)
        return
    _show_rows(chosen, result)
    _show_reasons(chosen, result, horizon)
    for skill in result.skill:
        say(
            f"record {skill.horizon}: IC {skill.ic_mean_index:+.3f} "
            f"(t {_signed(skill.ic_t_index)}), {skill.dates_count} settled dates; "
            f"12-month momentum IC {_signed(skill.momentum_ic_mean_index, 3)}"
        )


def _show_rows(universe: Universe, result: HeatmapResult) -> None:
    beside = any(row.member_built for row in result.rows)
    headings = (*HEADINGS, *MEMBER_HEADINGS) if beside else HEADINGS
    rows = [(*_heat(universe, row), *(_members(row) if beside else ())) for row in result.rows]
    title = (
        f"{universe.name_en} against {result.benchmark} ({result.treatment}), as of {result.as_of}"
    )
    say_table(title, headings, rows)
    if beside:
        say("members: the sector built from its member stocks, against the basket of all of them")


def _show_reasons(universe: Universe, result: HeatmapResult, horizon: Horizon) -> None:
    """Say what speaks for and against the sectors expected to do best and worst."""
    chance = {
        row.sector: item.outperform_fraction
        for row in result.rows
        for item in row.expected
        if item.horizon == horizon and row.reasons
    }
    if len(chance) < LEAST_RANKED:
        return
    ordered = sorted(chance, key=lambda sector: (-chance[sector], sector))
    told = {row.sector: row.reasons for row in result.rows}
    for sector in (ordered[0], ordered[-1]):
        parts = ", ".join(
            f"{factor_name(part.feature, 'en') or part.feature} {part.contribution_pct:+.2f}"
            for part in told[sector]
        )
        say(f"{universe.sector(sector).name_en}, {horizon}, in points of score: {parts}")


def _heat(universe: Universe, row: HeatmapRow) -> tuple[object, ...]:
    ahead = {item.horizon: item for item in row.expected}
    month = ahead.get("1M")
    alone = row.top_member if "single_stock" in row.flags else None
    few = row.members_count if "few_members" in row.flags else None
    past = (
        row.excess_1w_pct, row.excess_1m_pct, row.excess_3m_pct, row.excess_12m_pct,
        row.turnover_share_pct, row.turnover_share_change_pp,
    )  # fmt: skip
    return (
        named(universe, row.sector, alone=alone, few=few),
        row.weekly.quadrant if row.weekly else None,
        row.daily.quadrant if row.daily else None,
        *map(rounded, past),
        *(_expected(ahead.get(name)) for name in ("1W", "1M", "3M")),
        rounded(month.outperform_fraction) if month else None,
    )


def _members(row: HeatmapRow) -> tuple[object, ...]:
    built = row.member_built
    if built is None:
        return None, None
    return rounded(built.return_3m_pct), f"{built.quadrant or 'none'}, {built.members_count} stocks"


def _expected(item: Expectation | None) -> object:
    return rounded(item.excess_pct) if item else None


def _signed(value: float | None, decimals: int = 1) -> str:
    return "n/a" if value is None else f"{value:+.{decimals}f}"
