"""The `doctor` command: what is wrong with a home, or with a universe's data, and its repair."""

from typing import Annotated

import typer

from app.cli.options import AsOfOption, JsonOption, parsed_date
from core.errors import CallerError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


def doctor(
    universe: Annotated[
        str | None,
        typer.Option("--universe", "-u", help="look at its data sets, row findings and all"),
    ] = None,
    as_of: AsOfOption = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="move what is damaged aside, keep what can be read")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Look through the whole home, or show a universe's data; with --as-of, how old it was then."""
    day = parsed_date(as_of)
    if universe is None:
        if day is not None:
            raise CallerError("--as-of needs --universe: a home has no past")
        from app.cli.doctoring import show_home

        show_home(repair=repair, as_json=as_json)
        return
    if repair:
        raise CallerError("--repair mends the whole home: leave --universe out")
    from app.cli.importing import show_health, show_status

    if day is None:
        show_health(universe, as_json=as_json)
    else:
        show_status(universe, as_of=day, as_json=as_json)
