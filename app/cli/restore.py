"""The `restore` command: a home from a backup's file."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import JsonOption


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(restore)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="that `backup` wrote")],
    into: Annotated[Path, typer.Option("--into", metavar="HOME", help="not there, or empty")],
    as_json: JsonOption = False,
) -> None:
    """Bring a backup into an empty home, once every hash agrees."""
    from app.cli.backing_up import bring_back

    bring_back(file, into, as_json=as_json)
