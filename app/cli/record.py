"""The `record` command: a run as one file that `--replay` answers from, offline."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import JsonOption


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(record)


def record(
    run: Annotated[str, typer.Argument(metavar="RUN", help="its name, or `last`")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="written, readable JSON")] = Path(
        "recording.json"
    ),
    as_json: JsonOption = False,
) -> None:
    """Write a run's requests, answers and versions to a file, without secrets."""
    from app.cli.recording import record_run

    record_run(run, out=out, as_json=as_json)
