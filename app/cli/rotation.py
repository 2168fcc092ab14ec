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


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(rotation)
    app.command()(heatmap)


def rotation(
    universe: UniverseOption,
    as_of: AsOfOption = None,
    frequency: Annotated[Frequency, typer.Option()] = "weekly",
    tail: Annotated[int, typer.Option(min=1, max=60, help="nodes of the tail")] = 8,
    benchmark: Annotated[str | None, typer.Option(help="id; default: the universe's")] = None,
    as_json: JsonOption = False,
) -> None:
    """Print RS-Ratio, RS-Momentum, quadrant and tail of every sector."""
    from app.cli.figures import show_rotation

    show_rotation(
        universe,
        as_of=parsed_date(as_of),
        frequency=frequency,
        tail_bars=tail,
        benchmark=benchmark,
        as_json=as_json,
    )


def heatmap(
    universe: UniverseOption,
    as_of: AsOfOption = None,
    horizon: Annotated[Horizon, typer.Option()] = "1M",
    as_json: JsonOption = False,
) -> None:
    """Print what happened and what is expected, sector by sector."""
    from app.cli.figures import show_heatmap

    show_heatmap(universe, as_of=parsed_date(as_of), horizon=horizon, as_json=as_json)
