"""Commands that look at a mandate before it acts: check and diff."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import AsOfOption, JsonOption, parsed_date, parsed_day

mandate = typer.Typer(help="Check limits before they act, and compare their versions.")

MandateFile = Annotated[Path, typer.Argument(metavar="FILE", help="limits, TOML")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(mandate, name="mandate")


@mandate.command()
def check(
    file: MandateFile,
    universe: Annotated[
        str | None,
        typer.Option("--universe", "-u", help="whether the limits can hold there; exit code 2"),
    ] = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show every version's limits; with a universe, whether they can all hold."""
    from app.cli.mandating import check_mandate

    check_mandate(file, universe, as_of=parsed_date(as_of), as_json=as_json)


@mandate.command()
def diff(
    file: MandateFile,
    new: Annotated[Path | None, typer.Argument(metavar="[NEW]", help="another file")] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="YYYY-MM-DD", help="the version in force then")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="YYYY-MM-DD", help="the one it is compared with")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what changed: between two files, two dates, or the last two versions."""
    from app.cli.mandating import diff_mandates

    diff_mandates(file, new, start=parsed_day(from_), end=parsed_day(to), as_json=as_json)
