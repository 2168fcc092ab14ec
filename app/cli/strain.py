"""The market's warning, for the command line: strain, what followed it, the rule, the balance."""

from datetime import date

from app.cli.figures import answered, asked_of
from app.cli.output import say, say_json, say_table
from core.market_state.warning import LEAST_EPISODES
from core.records.rotation_statistics import (
    BalanceRow,
    MarketStateRow,
    MarketWarningResult,
    SwitchRow,
    WarningOutcomeRow,
)
from tools.market.warning import market_warning

NONE = "n/a"
ABSENT = {
    "market_warning": "no warning state: it takes two years of each reading's own past",
    "switch_state": "no de-risking rule: it takes a year since its first decision",
    "style_lead": "no balance: it takes 200 sessions of cyclical and of defensive sectors",
}
HEADINGS = (
    "after", "horizon", "sessions", "episodes", "return", "always", "t", "deepest fall", "always ",
    "t ",
)  # fmt: skip


def show_warning(universe: str, *, as_of: date | None, as_json: bool) -> None:
    """Print the warning tool's answer.

    Raises:
        CallerError: an unknown universe.
        DateError: a date before the data.
        EmptyStoreError: no data.
    """
    chosen, context = asked_of(universe)
    result = answered(market_warning(context, region=chosen.id, as_of=as_of), chosen)
    if as_json:
        say_json(result)
        return
    say(f"{chosen.name_en}, {result.benchmark} ({result.treatment}), as of {result.as_of}")
    for row in result.rows:
        _show_state(row)
    if result.outcomes:
        _show_outcomes(result)
    for switch in result.switch:
        _show_switch(switch)
    for balance in result.balance:
        _show_balance(balance)
    for cell in result.missing:
        say(ABSENT[cell.measure])


def _show_state(row: MarketStateRow) -> None:
    say(f"{row.market_warning} since {row.warning_since}, {row.signs_count} of 3 signs lit")
    readings = (
        ("correlation of sectors, 63 sessions", _number(row.correlation_index, ""),
         row.correlation_percentile_pct, "80 and above"),
        ("dispersion of sectors, 21 sessions", _number(row.dispersion_pct, " %"),
         row.dispersion_percentile_pct, "80 and above"),
        (f"{row.breadth_of} above their 200-session mean", _number(row.breadth_pct, " %"),
         row.breadth_percentile_pct, "20 and below"),
    )  # fmt: skip
    rows = [
        (name, value, _number(percentile, ""), lit) for name, value, percentile, lit in readings
    ]
    say_table("percentiles of the own past", ("reading", "value", "percentile", "lit"), rows)


def _show_outcomes(result: MarketWarningResult) -> None:
    rows = [_outcome(row) for row in result.outcomes]
    say_table(f"what {result.benchmark} did next, %", HEADINGS, rows)
    say(
        "t: of the difference from always, Newey-West over overlapping outcomes; "
        f"n/a under {LEAST_EPISODES} episodes"
    )


def _outcome(row: WarningOutcomeRow) -> tuple[object, ...]:
    figures = (
        row.return_after_pct, row.return_always_pct, row.return_t_index,
        row.drawdown_after_pct, row.drawdown_always_pct, row.drawdown_t_index,
    )  # fmt: skip
    counted = (row.kind, row.horizon, row.sessions, row.episodes_count)
    return (*counted, *(_number(value, "", signed=True) for value in figures))


def _show_switch(row: SwitchRow) -> None:
    said = "out of the market" if row.switch_state == "de_risk" else "invested"
    say(
        f"de-risking rule: {said} since {row.switch_since}, last month's end "
        f"{row.trend_distance_pct:+.1f} % from its 10-month mean; it moves no weight"
    )
    rows = [
        ("benchmark", *_record(row.cagr_without_pct, row.volatility_without_pct,
                               row.drawdown_without_pct)),
        ("with the rule", *_record(row.cagr_with_pct, row.volatility_with_pct,
                                   row.drawdown_with_pct)),
    ]  # fmt: skip
    say_table(
        f"record since {row.record_since}, % a year", ("", "growth", "volatility", "deepest"), rows
    )
    say(
        f"difference {row.cagr_difference_pp:+.1f} pp a year (t of the daily mean "
        f"{_number(row.cagr_t_index, '', signed=True)}); {row.switches_count} switches, "
        f"{row.switches_a_year_index:.1f} a year at {row.switch_cost_bps:.0f} bp; "
        f"{100.0 * row.time_out_fraction:.0f} % of sessions out, where cash earns nothing"
    )


def _record(*figures: float) -> tuple[str, ...]:
    return tuple(f"{figure:.1f}" for figure in figures)


def _show_balance(row: BalanceRow) -> None:
    say(
        f"{row.style_lead} sectors lead since {row.style_since}: the {row.cyclical_count} cyclical "
        f"over the {row.defensive_count} defensive stand at {row.style_ratio_index:.1f}, "
        f"{_number(row.style_change_3m_pct, ' %', signed=True)} in 3 months, "
        f"{row.style_distance_200d_pct:+.1f} % from their 200-session mean "
        f"(percentile {_number(row.style_percentile_pct, '')})"
    )


def _number(value: float | None, unit: str, *, signed: bool = False) -> str:
    if value is None:
        return NONE
    return f"{value:+.2f}{unit}" if signed else f"{value:.2f}{unit}"
