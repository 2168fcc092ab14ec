"""Commands that print the numbers of the rotation map, the heatmap and the market's warning."""

from typing import Annotated

import typer

from app.cli.options import (
    AsOfOption,
    Frequency,
    Horizon,
    JsonOption,
    UniverseOption,
    parsed_date,
)
from core.errors import CallerError

BenchmarkOption = Annotated[
    str | None, typer.Option(help="id of a benchmark; default: the universe's first")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(rotation)
    app.command()(heatmap)
    app.command()(warning)


def rotation(
    universe: UniverseOption,
    as_of: AsOfOption = None,
    frequency: Annotated[Frequency, typer.Option()] = "weekly",
    tail: Annotated[int, typer.Option(min=1, max=60, help="nodes of the tail")] = 8,
    benchmark: BenchmarkOption = None,
    sector: Annotated[str | None, typer.Option(help="id, name or group; default: all")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="tell the rotation from this day on")
    ] = None,
    statistics: Annotated[
        bool, typer.Option("--statistics", help="count all past rotations, and what followed them")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Print RS-Ratio, RS-Momentum and quadrant of sectors.

    With --since it tells how they rotated, with --statistics what all past rotations were and what
    each quadrant earned afterwards. The nodes of the tail are in --json.
    """
    from app.cli.counted import show_statistics
    from app.cli.figures import show_rotation
    from app.cli.spells import show_spells

    day, first = parsed_date(as_of), parsed_date(since)
    if statistics:
        if sector is not None or first is not None:
            raise CallerError(
                "--statistics counts all sectors and bars: leave --sector and --since"
            )
        show_statistics(
            universe, as_of=day, frequency=frequency, benchmark=benchmark, as_json=as_json
        )
        return
    if first is not None:
        show_spells(
            universe,
            sector=sector,
            since=first,
            as_of=day,
            frequency=frequency,
            benchmark=benchmark,
            as_json=as_json,
        )
        return
    show_rotation(
        universe,
        as_of=day,
        frequency=frequency,
        tail_bars=tail,
        benchmark=benchmark,
        sector=sector,
        as_json=as_json,
    )


def heatmap(
    universe: UniverseOption,
    as_of: AsOfOption = None,
    horizon: Annotated[Horizon, typer.Option()] = "1M",
    benchmark: BenchmarkOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print what happened and what is expected, sector by sector."""
    from app.cli.heat import show_heatmap

    show_heatmap(
        universe,
        as_of=parsed_date(as_of),
        horizon=horizon,
        benchmark=benchmark,
        as_json=as_json,
    )


def warning(
    universe: UniverseOption, as_of: AsOfOption = None, as_json: JsonOption = False
) -> None:
    """Print how strained the whole market is, what followed such times, and who leads.

    The de-risking rule is a suggestion with its record; it moves no allocation.
    """
    from app.cli.strain import show_warning

    show_warning(universe, as_of=parsed_date(as_of), as_json=as_json)
