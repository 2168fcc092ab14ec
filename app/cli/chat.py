"""The `chat` command: a thread of questions in a terminal or from a pipe."""

from typing import Annotated

import typer

from app.cli.options import AsOfOption, parsed_date


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(chat)


def chat(
    universe: Annotated[
        str | None, typer.Option("--universe", "-u", help="of questions that name none")
    ] = None,
    as_of: AsOfOption = None,
    thread: Annotated[
        str | None, typer.Option(metavar="ID", help="go on with a thread: /threads lists them")
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="run every plan at once; a pipe always does")
    ] = False,
) -> None:
    """Talk; a follow-up reuses what is known. Ctrl-C stops a run, Ctrl-D leaves, /help helps."""
    from app.cli.chatting import converse

    converse(universe, as_of=parsed_date(as_of), thread=thread, yes=yes)
