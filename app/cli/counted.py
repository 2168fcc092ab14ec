"""The rotation statistics, for the command line: what past rotations were, and what followed."""

from datetime import date

from app.cli.figures import answered, asked_of
from app.cli.output import say, say_json, say_table
from core.records.rotation_statistics import (
    EarlyWarningRow,
    MoveRow,
    ReadingRow,
    RotationStatisticsResult,
    SectorTurnRow,
)
from core.records.sectors import Quadrant
from core.records.universe import Frequency, Universe
from tools.sectors.rotation_statistics import rotation_counts

NONE = "n/a"
NOTES = (
    "( ) 95 % interval; moves count as independent, though sectors move together, so it is narrow.",
    "excess: mean over the benchmark in %, t by Newey-West over dates; agrees or disagrees from "
    "|t| 2 on, which chance alone reaches in one of twenty.",
    "near: bars on the same side of 100 and no further from it than half of the warnings.",
)


def show_statistics(
    universe: str,
    *,
    as_of: date | None,
    frequency: Frequency,
    benchmark: str | None,
    as_json: bool,
) -> None:
    """Print the counts of a universe's rotations.

    Raises:
        CallerError: an unknown universe or benchmark, or a history too short.
        DateError: a date before the data.
        EmptyStoreError: no data.
    """
    chosen, context = asked_of(universe)
    asked = rotation_counts(
        context, region=chosen.id, frequency=frequency, benchmark=benchmark, as_of=as_of
    )
    result = answered(asked, chosen)
    if as_json:
        say_json(result)
        return
    say(
        f"{chosen.name_en}, {frequency} bars against {result.benchmark} ({result.treatment}), "
        f"{result.since} to {result.as_of}"
    )
    _show_quadrants(result)
    _show_readings(result)
    _show_warnings(result)
    _show_sectors(chosen, result)
    for note in NOTES:
        say(note)


def _show_quadrants(result: RotationStatisticsResult) -> None:
    names = [row.quadrant for row in result.rows]
    headings = ("quadrant", "stays", "mean", "median", "longest", *(f"→ {n}" for n in names))
    rows = [
        (
            row.quadrant,
            row.spells_count,
            _number(row.dwell_mean_index, 1),
            _number(row.dwell_median_index, 1),
            _number(row.dwell_longest_count, 0),
            *(_move(_found(result, row.quadrant, name)) for name in names),
        )
        for row in result.rows
    ]
    say_table("stays in bars, and the quadrant of the next bar", headings, rows)
    for turn in result.turns:
        share = _share(
            turn.clockwise_fraction, turn.clockwise_low_fraction, turn.clockwise_high_fraction
        )
        say(
            f"clockwise: {share} of {turn.changes_count} changes; full loops "
            f"{turn.full_loops_count}, on the right side only {turn.right_loops_count}, on the "
            f"left {turn.left_loops_count}"
        )


def _found(result: RotationStatisticsResult, here: Quadrant, there: Quadrant) -> MoveRow:
    return next(row for row in result.moves if (row.quadrant, row.next_quadrant) == (here, there))


def _move(row: MoveRow) -> str:
    return f"{row.moves_count}: {_percent(row.move_fraction)}"


def _show_readings(result: RotationStatisticsResult) -> None:
    headings = ("quadrant", "horizon", "textbook", "excess", "error", "t", "bars", "verdict")
    rows = [_reading(row) for row in result.readings]
    say_table("what each quadrant earned afterwards", headings, rows)


def _reading(row: ReadingRow) -> tuple[object, ...]:
    return (
        row.quadrant,
        row.horizon,
        row.textbook,
        _number(row.excess_mean_pct, 2, signed=True),
        _number(row.excess_error_pct, 2),
        _number(row.excess_t_index, 1, signed=True),
        row.observations_count,
        row.verdict.replace("_", " "),
    )


def _show_warnings(result: RotationStatisticsResult) -> None:
    headings = (
        "warning",
        "within",
        "announced",
        "crossed",
        "of any bar",
        "of near bars",
        "verdict",
    )
    say_table("early warnings", headings, [_warning(row) for row in result.early_warnings])


def _warning(row: EarlyWarningRow) -> tuple[object, ...]:
    return (
        row.kind.replace("_", " "),
        f"{row.within_count} bars",
        row.announced_count,
        _share(row.hit_fraction, row.hit_low_fraction, row.hit_high_fraction),
        f"{_percent(row.base_fraction)} of {row.base_cases_count}",
        f"{_percent(row.near_fraction)} of {row.near_cases_count}",
        row.verdict.replace("_", " "),
    )


def _show_sectors(universe: Universe, result: RotationStatisticsResult) -> None:
    within = result.sectors[0].within_count if result.sectors else 0
    headings = (
        "sector", "quadrant", "bars", f"left within {within}", "of stays", "side", "turns",
        "loops", "warning",
    )  # fmt: skip
    rows = [_sector(universe, row) for row in result.sectors]
    say_table("now, and how often stays as long had ended soon after", headings, rows)
    for cell in result.missing:
        say(f"{universe.sector(cell.subject).name_en}: no quadrant at the last bar ({cell.reason})")


def _sector(universe: Universe, row: SectorTurnRow) -> tuple[object, ...]:
    return (
        universe.sector(row.sector).name_en,
        row.quadrant,
        row.dwell_count,
        _share(row.leave_fraction, row.leave_low_fraction, row.leave_high_fraction),
        row.leave_cases_count,
        f"{row.ratio_side}, {row.side_bars_count} bars{', one-sided' if row.one_sided else ''}",
        row.side_turns_count,
        row.full_loops_count,
        None if row.early_warning is None else row.early_warning.replace("_", " "),
    )


def _share(fraction: float | None, low: float | None, high: float | None) -> str:
    if fraction is None or low is None or high is None:
        return NONE
    return f"{_percent(fraction)} ({100.0 * low:.0f} to {100.0 * high:.0f})"


def _percent(fraction: float | None) -> str:
    return NONE if fraction is None else f"{100.0 * fraction:.1f} %"


def _number(value: float | None, decimals: int, *, signed: bool = False) -> str:
    if value is None:
        return NONE
    return f"{value:+.{decimals}f}" if signed else f"{value:.{decimals}f}"
