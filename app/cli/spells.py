"""The told rotation, for the command line: stays in quadrants between two dates."""

from datetime import date

from app.cli.figures import answered, asked_of, rounded
from app.cli.output import say, say_json, say_table
from core.records.sectors import RotationSpell
from core.records.universe import Frequency, Universe
from tools.sectors.rotation_history import rotation_history

HEADINGS = (
    "sector", "quadrant", "from", "to", "bars", "ratio low", "ratio high", "peak momentum", "on",
    "back to", "on ",
)  # fmt: skip


def show_spells(
    universe: str,
    *,
    sector: str | None,
    since: date,
    as_of: date | None,
    frequency: Frequency,
    benchmark: str | None,
    as_json: bool,
) -> None:
    """Print each stay of the sectors in a quadrant between two dates.

    Raises:
        CallerError: an unknown universe, sector or benchmark, or a span that cannot be told.
        DateError: a date before the data.
        EmptyStoreError: no data.
    """
    chosen, context = asked_of(universe)
    result = answered(
        rotation_history(
            context,
            region=chosen.id,
            sector=sector,
            since=since,
            as_of=as_of,
            frequency=frequency,
            benchmark=benchmark,
        ),
        chosen,
    )
    if as_json:
        say_json(result)
        return
    title = (
        f"{chosen.name_en}, {frequency} bars against {result.benchmark} ({result.treatment}), "
        f"{result.since} to {result.as_of}"
    )
    say_table(title, HEADINGS, [_told(chosen, spell) for spell in result.rows])
    for cell in result.missing:
        say(f"{chosen.sector(cell.subject).name_en}: no quadrant in this span ({cell.reason})")


def _told(universe: Universe, spell: RotationSpell) -> tuple[object, ...]:
    return (
        universe.sector(spell.sector).name_en,
        spell.quadrant,
        spell.entered,
        f"{spell.left} and on" if spell.running else spell.left,
        spell.bars_count,
        rounded(spell.ratio_low_index),
        rounded(spell.ratio_high_index),
        rounded(spell.momentum_peak_index),
        spell.momentum_peak_period,
        rounded(spell.momentum_turn_index),
        spell.momentum_turn_period,
    )
