"""The `runs` command: past runs, and their recordings."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import AsOfOption, JsonOption, parsed_date


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(runs)


def runs(
    export: Annotated[
        str | None, typer.Option(metavar="RUN", help="write this run's recording")
    ] = None,
    out: Annotated[Path, typer.Option(metavar="FILE", help="of the recording")] = Path(
        "recording.json"
    ),
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """List past runs, or export one so that `--replay` answers from it offline."""
    from app.cli.past import export_run, list_runs

    if export is None:
        list_runs(as_of=parsed_date(as_of), as_json=as_json)
    else:
        export_run(export, out=out, as_json=as_json)
