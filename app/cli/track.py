"""The `track` command: how earlier calls turned out, and whether the log of them is whole."""

from typing import Annotated

import typer

from app.cli.options import AsOfOption, Horizon, JsonOption, parsed_date


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(track)


def track(
    universe: Annotated[
        str | None, typer.Option("--universe", "-u", help="default: the setting")
    ] = None,
    as_of: AsOfOption = None,
    horizon: Annotated[Horizon, typer.Option()] = "1M",
    verify: Annotated[
        bool, typer.Option("--verify", help="only check that no entry of the log was changed")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Print the report card of earlier calls, after checking the log they stand in."""
    from app.cli.tracking import check_log, show_report_card

    if verify:
        check_log(as_json=as_json)
    else:
        show_report_card(universe, as_of=parsed_date(as_of), horizon=horizon, as_json=as_json)
