"""The `status` command: when each job last succeeded, and what waits to be told."""

from typing import Annotated

import typer

from app.cli.options import JsonOption


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(status)


def status(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[JOB]...", help="such as watch:vn; none: all")
    ] = None,
    max_age: Annotated[
        str | None,
        typer.Option("--max-age", metavar="TIME", help="fail when a job is older: 26h, 45m, 3d"),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show when each job last succeeded, which failed, and what waits to be told."""
    from app.cli.standing import show_status

    show_status(tuple(names or ()), max_age=max_age, as_json=as_json)
