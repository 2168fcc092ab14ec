"""The `backup` command: a home as one file."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import JsonOption


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(backup)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="written, a tar; must be new")],
    as_json: JsonOption = False,
) -> None:
    """Write the home to a file, while others work in it."""
    from app.cli.backing_up import back_up

    back_up(file, as_json=as_json)
