"""The `skill` command: how good a universe's forecast has been, and what it weighs."""

from typing import Annotated

import typer

from app.cli.options import AsOfOption, Horizon, JsonOption, UniverseOption, parsed_date


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(skill)


def skill(
    universe: UniverseOption,
    horizon: Annotated[Horizon, typer.Option()] = "1M",
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the forecast's out-of-sample record, its calibration, and its weights over time."""
    from app.cli.forecast_record import show_record

    show_record(universe, horizon=horizon, as_of=parsed_date(as_of), as_json=as_json)
