"""The `runs` command: past runs, what changed between two of them, and their recordings."""

from pathlib import Path
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
    export: Annotated[
        str | None, typer.Option(metavar="RUN", help="write this run's recording")
    ] = None,
    out: Annotated[Path, typer.Option(metavar="FILE", help="of the recording")] = Path(
        "recording.json"
    ),
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """List past runs, compare two, or export one so that `--replay` answers from it offline."""
    from app.cli.comparing import compare_runs
    from app.cli.past import export_run, list_runs

    if compare:
        compare_runs(tuple(names or ()), universe=universe, as_json=as_json)
    elif export is not None:
        export_run(export, out=out, as_json=as_json)
    else:
        list_runs(universe=universe, as_of=parsed_date(as_of), as_json=as_json)
