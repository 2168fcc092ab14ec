"""The `audit` commands: whether a signal, ours or the user's, was made with its own future."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import JsonOption

audit = typer.Typer(help="Test whether a signal sees the future; a leak ends with exit code 7.")

DEFAULT_CUTS = 24


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(audit, name="audit")


@audit.callback()
def _audits() -> None:
    """Test whether a signal sees the future; a leak ends with exit code 7."""


@audit.command("look-ahead")
def look_ahead(
    signal: Annotated[
        str,
        typer.Argument(
            metavar="SIGNAL",
            help="a factor id or `all`; a file of dated values; or module:function of your own",
        ),
    ],
    universe: Annotated[
        str | None, typer.Option("--universe", "-u", help="whose history it is tested on")
    ] = None,
    prices: Annotated[
        Path | None, typer.Option(metavar="FILE", help="closes: a date column, one column each")
    ] = None,
    earlier: Annotated[
        Path | None, typer.Option(metavar="FILE", help="the same series, downloaded before")
    ] = None,
    cuts: Annotated[
        int, typer.Option(min=1, max=500, help="dates the future is cut off at")
    ] = DEFAULT_CUTS,
    seed: Annotated[int, typer.Option(min=0, help="of the cuts and of the other futures")] = 0,
    strict: Annotated[bool, typer.Option(help="let oddities end with exit code 7 too")] = False,
    as_json: JsonOption = False,
) -> None:
    """Recompute a signal's past without, and with another, future; nothing past may change.

    A file cannot be recomputed: an earlier download of it is the test that proves most.
    """
    from app.cli.auditing import Inputs, audit_signal

    inputs = Inputs(universe=universe, prices=prices, earlier=earlier)
    audit_signal(signal, inputs, cuts_count=cuts, seed=seed, strict=strict, as_json=as_json)
