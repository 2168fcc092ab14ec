"""The `ask` command: questions in the user's words."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import AsOfOption, JsonOption, ReplayOption, parsed_date

Default = Annotated[
    str | None, typer.Option("--universe", "-u", help="of a question that names none")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(ask)


def ask(
    question: Annotated[
        list[str] | None,
        typer.Argument(help="one question, or follow-ups in order; with --replay the recorded one"),
    ] = None,
    universe: Default = None,
    as_of: AsOfOption = None,
    out: Annotated[Path | None, typer.Option(help="also write the report's files here")] = None,
    replay: ReplayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question; request and plan are shown with the answer."""
    from app.cli.asking import answer_questions

    answer_questions(
        tuple(question or ()),
        universe=universe,
        as_of=parsed_date(as_of),
        out=out,
        replay=Path(replay) if replay else None,
        as_json=as_json,
    )
