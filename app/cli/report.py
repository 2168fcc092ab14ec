"""The `report` command: universes to a page, its spreadsheet, e-mail and other forms."""

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

SignedOption = Annotated[str, typer.Option(metavar="NAME", help="printed at the foot")]


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
        str, typer.Option("--formats", help="of pdf,html,email,png,xlsx,csv,orders,md,json")
    ] = "pdf,html,email,png,xlsx,csv,orders,md,json",
    prepared: SignedOption = "",
    reviewed: SignedOption = "",
    approved: SignedOption = "",
    replay: ReplayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the allocation report."""
    from app.cli.reporting import signed, write_report

    write_report(
        tuple(universe or ()),
        as_of=parsed_date(as_of),
        horizon=horizon,
        language=lang,
        out=out,
        signatures=signed(prepared=prepared, reviewed=reviewed, approved=approved),
        formats=tuple(name.strip() for name in formats.split(",") if name.strip()),
        replay=Path(replay) if replay else None,
        as_json=as_json,
    )
