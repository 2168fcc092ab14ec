"""The `prune` command: what is old and nothing refers to, taken out."""

from typing import Annotated

import typer

from app.cli.options import JsonOption


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(prune)


def prune(
    older_than: Annotated[
        str | None,
        typer.Option("--older-than", metavar="365d", help="days; absent: as the settings say"),
    ] = None,
    keep: Annotated[
        int | None,
        typer.Option("--keep", min=0, metavar="N", help="latest runs of a universe that stay"),
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="say what would go, take nothing out")] = False,
    as_json: JsonOption = False,
) -> None:
    """Take out old runs, calls, checkpoints and messages that nothing kept refers to."""
    from app.cli.pruning import prune_home

    prune_home(older_than, keep=keep, dry_run=dry_run, as_json=as_json)
