"""Commands that print the rotation map's and the heatmap's numbers."""

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

BenchmarkOption = Annotated[
    str | None, typer.Option(help="id of a benchmark; default: the universe's first")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(rotation)
    app.command()(heatmap)


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
    as_json: JsonOption = False,
) -> None:
    """Print RS-Ratio, RS-Momentum and quadrant of sectors; with --since, how they rotated.

    The nodes of the tail are in --json.
    """
    from app.cli.figures import show_rotation
    from app.cli.spells import show_spells

    day, first = parsed_date(as_of), parsed_date(since)
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
