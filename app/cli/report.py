"""The `report` command: one universe to HTML, PDF, Markdown, JSON and a picture of page one."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import (
    AsOfOption,
    Horizon,
    JsonOption,
    Language,
    ReplayOption,
    parsed_date,
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(report)


def report(
    universe: Annotated[
        list[str] | None, typer.Option("--universe", "-u", help="up to four; default: the setting")
    ] = None,
    as_of: AsOfOption = None,
    horizon: Annotated[Horizon, typer.Option()] = "1M",
    lang: Annotated[Language, typer.Option()] = "en",
    out: Annotated[Path, typer.Option(help="folder for the files")] = Path("out"),
    formats: Annotated[
        str, typer.Option("--formats", help="of html,pdf,md,json,png")
    ] = "html,pdf,md,json,png",
    replay: ReplayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the allocation report."""
    from app.cli.reporting import write_report

    write_report(
        tuple(universe or ()),
        as_of=parsed_date(as_of),
        horizon=horizon,
        language=lang,
        out=out,
        formats=tuple(name.strip() for name in formats.split(",") if name.strip()),
        replay=Path(replay) if replay else None,
        as_json=as_json,
    )
