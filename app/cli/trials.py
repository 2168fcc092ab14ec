"""The `trials` command: every strategy ever tried, and whether the registry of them is whole."""

from typing import Annotated

import typer

from app.cli.options import JsonOption, parsed_day


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(trials)


def trials(
    study: Annotated[
        str | None,
        typer.Option("--study", "-u", help="universe or data set; default: a line for each"),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="YYYY-MM-DD", help="only runs that saw a bar on or after this day"
        ),
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="only check that no entry was changed")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Print the trials a backtest's figures stand beside, after checking their registry."""
    from app.cli.trialling import check_registry, show_runs, show_studies, show_trials

    day = parsed_day(since)
    if verify:
        check_registry(as_json=as_json)
    elif day is not None:
        show_runs(study, since=day, as_json=as_json)
    elif study is not None:
        show_trials(study, as_json=as_json)
    else:
        show_studies(as_json=as_json)
