"""The forecast's own record, for the command line: skill, calibration, folds, weights."""

from datetime import date
from typing import Final

from app.cli.figures import answered, asked_of
from app.cli.output import say, say_json, say_table
from core.language.printed.factors import factor_name
from core.records.forecasting import ForecastRecordResult
from core.records.sectors import Skill
from core.records.universe import Horizon
from tools.sectors.forecast_record import forecast_record

TOLD_T: Final = 2.0
FOLDS_SHOWN: Final = 8
WEIGHTS_SHOWN: Final = 12


def show_record(universe: str, *, horizon: Horizon, as_of: date | None, as_json: bool) -> None:
    """Print the record tool's answer.

    Raises:
        CallerError: an unknown universe.
        DateError: a date before the data.
        EmptyStoreError: no data.
    """
    chosen, context = asked_of(universe)
    result = answered(
        forecast_record(context, region=chosen.id, horizon=horizon, as_of=as_of), chosen
    )
    if as_json:
        say_json(result)
        return
    say(f"{chosen.name_en}, {horizon}, as of {result.as_of}")
    if result.missing:
        say(
            "no forecast speaks for that date: it takes three years of history before it; "
            f"`sectorwise fit --universe {chosen.id}` fits what the data allow"
        )
        return
    for skill in result.skill:
        _show_skill(skill)
    _show_folds(result)
    _show_weights(result)


def verdict(skill: Skill) -> str:
    """Return in a sentence what a record amounts to."""
    if skill.ic_t_index is None or abs(skill.ic_t_index) < TOLD_T:
        return "not distinguishable from chance"
    if skill.ic_mean_index < 0.0:
        return "worse than chance"
    gap = skill.momentum_gap_t_index
    if gap is not None and gap >= TOLD_T:
        return "better than chance and than 12-month momentum"
    return "better than chance; not distinguishable from 12-month momentum"


def _show_skill(skill: Skill) -> None:
    say(
        f"IC {_number(skill.ic_mean_index, 3)} (t {_number(skill.ic_t_index, 1)}) over "
        f"{skill.dates_count} settled decisions, 12-month momentum "
        f"{_number(skill.momentum_ic_mean_index, 3)} (t of the difference "
        f"{_number(skill.momentum_gap_t_index, 1)}): {verdict(skill)}"
    )
    say(
        f"right sign {_percent(skill.hit_fraction)}, inside the 80 % interval "
        f"{_percent(skill.covered_fraction)}, Brier score {_number(skill.brier_index, 4)} "
        "(0.25 for always one half)"
    )
    if skill.bins:
        say_table(
            "calibration of P(outperform)",
            ("said", "came", "forecasts"),
            [
                (_percent(row.said_fraction), _percent(row.came_fraction), row.forecasts_count)
                for row in skill.bins
            ],
        )


def _show_folds(result: ForecastRecordResult) -> None:
    rows = [
        (
            str(row.cut),
            str(row.trained_until),
            row.labels_count,
            _number(row.slope_x, 2),
            _number(row.smoothing_fraction, 2),
            _percent(row.views_share_fraction),
        )
        for row in result.rows[-FOLDS_SHOWN:]
    ]
    headings = ("cut", "learned until", "outcomes", "slope", "smoothing", "weight of views")
    say_table(f"last {len(rows)} of {len(result.rows)} cuts", headings, rows)


def _show_weights(result: ForecastRecordResult) -> None:
    last = result.rows[-1].cut
    now = [row for row in result.weights if row.cut == last]
    ordered = sorted(now, key=lambda row: (row.family != "views", -abs(row.weight_pct)))
    rows = [
        (
            factor_name(row.factor, "en") or row.factor,
            row.family.replace("_", " "),
            _number(row.weight_pct, 3),
            _history(result, row.factor),
        )
        for row in ordered[:WEIGHTS_SHOWN]
    ]
    headings = ("factor", "family", "% a sd", "at earlier cuts")
    say_table(f"largest weights of the cut of {last}", headings, rows)


def _history(result: ForecastRecordResult, factor: str) -> str:
    own = [row.weight_pct for row in result.weights if row.factor == factor][:-1]
    return " ".join(_number(value, 2) for value in own[-5:])


def _number(value: float | None, decimals: int) -> str:
    return "n/a" if value is None else f"{value:+.{decimals}f}"


def _percent(value: float | None) -> str:
    return "n/a" if value is None else f"{100.0 * value:.0f} %"
