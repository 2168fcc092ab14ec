"""The `runs` command: past runs, and what changed between two of them."""

from typing import Annotated

import typer

from app.cli.options import AsOfOption, JsonOption, parsed_date


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(runs)


def runs(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[RUN]...", help="of --compare: two, or `last`")
    ] = None,
    compare: Annotated[
        bool, typer.Option("--compare", help="say what changed from the first to the second")
    ] = False,
    universe: Annotated[
        str | None, typer.Option("--universe", "-u", help="keep runs of it, or compare only it")
    ] = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """List past runs, or compare two."""
    from app.cli.comparing import compare_runs
    from app.cli.past import list_runs

    if compare:
        compare_runs(tuple(names or ()), universe=universe, as_json=as_json)
    else:
        list_runs(universe=universe, as_of=parsed_date(as_of), as_json=as_json)
