"""The command that lists the signals and writes them as a table."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import AsOfOption, JsonOption, parsed_date
from core.errors import CallerError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(signals)


def signals(
    universe: Annotated[
        str | None,
        typer.Option("--universe", "-u", help="us, vn, world, europe, vn_hose, demo or your own"),
    ] = None,
    as_of: AsOfOption = None,
    since: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="first decision date; default: all")
    ] = None,
    signal: Annotated[
        list[str] | None, typer.Option("--signal", metavar="ID", help="only these; may be repeated")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="ends in .parquet or .csv")
    ] = None,
    listing: Annotated[
        bool, typer.Option("--list", help="print every signal's formula, unit, lag and source")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Write every signal of every sector at each week's last session, as known then.

    With --list: what the signals are; with --universe also those of its own series.
    """
    from app.cli.exporting import list_signals, write_signals

    if listing:
        list_signals(universe, signals=tuple(signal or ()), as_json=as_json)
        return
    if universe is None or out is None:
        missing = "--universe ID" if universe is None else "--out FILE, ending in .parquet or .csv"
        raise CallerError(f"signals: give {missing}; or --list for what there is")
    write_signals(
        universe,
        out,
        as_of=parsed_date(as_of),
        since=parsed_date(since),
        signals=tuple(signal or ()),
        as_json=as_json,
    )
