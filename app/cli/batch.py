"""The `batch` command: universes x dates, resumable."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import Horizon, JsonOption, Language, parsed_date


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(batch)


def batch(
    universe: Annotated[list[str], typer.Option("--universe", "-u")],
    as_of: Annotated[list[str], typer.Option("--as-of", metavar="YYYY-MM-DD")],
    horizon: Annotated[Horizon, typer.Option()] = "1M",
    lang: Annotated[Language, typer.Option()] = "en",
    out: Annotated[Path, typer.Option(help="one folder a report")] = Path("out/batch"),
    formats: Annotated[str, typer.Option("--formats")] = "pdf,html,email,xlsx,json",
    as_json: JsonOption = False,
) -> None:
    """Write a report for every universe and date; finished ones are not made again."""
    from app.cli.batching import write_batch

    write_batch(
        tuple(universe),
        tuple(day for text in as_of if (day := parsed_date(text))),
        horizon=horizon,
        language=lang,
        out=out,
        formats=tuple(name.strip() for name in formats.split(",") if name.strip()),
        as_json=as_json,
    )
