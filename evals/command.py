"""The `eval` command: the offline cases, their scores, and whether they are worse than agreed."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import JsonOption

WORSE = 1
"""Exit code of `--check` where a case or a scorer is worse than the baseline."""

CasesOption = Annotated[
    list[str] | None,
    typer.Option("--cases", metavar="PATTERN", help="id with *, kind or universe; repeated"),
]
ModelOption = Annotated[
    str | None,
    typer.Option("--model", metavar="NAME", help="run it beside the rules: does it help?"),
]
JudgeOption = Annotated[
    str | None,
    typer.Option("--judge", metavar="MODEL", help="ask it for verdicts; they gate nothing"),
]
CheckOption = Annotated[bool, typer.Option("--check", help="exit 1 where worse than the baseline")]
WriteOption = Annotated[bool, typer.Option("--baseline-write", help="make this run the baseline")]
BaselineOption = Annotated[
    Path | None, typer.Option("--baseline", metavar="FILE", help="default: the committed one")
]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="FOLDER", help="results.json and page.html")
]
KeepOption = Annotated[
    Path | None,
    typer.Option("--keep", metavar="FOLDER", help="keep what is made of real data for later"),
]
WorkersOption = Annotated[int, typer.Option(min=1, help="processes")]
SharedOption = Annotated[
    Path | None,
    typer.Option("--shared", metavar="FOLDER", help="real market data; default: ../shared/data"),
]


def register(app: typer.Typer) -> None:
    """Add the command with what stands under it."""
    room = typer.Typer(
        help="Ask the offline cases of recorded tool answers and score what comes.",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    room.callback(invoke_without_command=True)(evaluate)
    room.command("record")(record)
    room.command("diff")(diff)
    app.add_typer(room, name="eval")


def evaluate(
    context: typer.Context,
    cases: CasesOption = None,
    model: ModelOption = None,
    judge: JudgeOption = None,
    check: CheckOption = False,
    write: WriteOption = False,
    baseline: BaselineOption = None,
    out: OutOption = None,
    shared: SharedOption = None,
    keep: KeepOption = None,
    workers: WorkersOption = 2,
    as_json: JsonOption = False,
) -> None:
    """Run the offline cases and print one table."""
    if context.invoked_subcommand is not None:
        return
    from evals.results.evaluating import evaluated
    from evals.results.options import Asked

    asked = Asked(
        patterns=tuple(cases or ()), model=model, judge=judge, check=check, write=write,
        baseline=baseline, out=out, shared=shared, keep=keep, workers=workers, as_json=as_json,
    )  # fmt: skip
    if not evaluated(asked):
        raise typer.Exit(WORSE)


def record(
    into: Annotated[
        Path | None,
        typer.Option("--into", metavar="FOLDER", help="default: the project's own tape"),
    ] = None,
    shared: SharedOption = None,
) -> None:
    """Record what the tools answer the cases: of the demo market, or of real ones with --shared."""
    from evals.results.evaluating import recorded

    recorded(into, shared)


def diff(
    before: Annotated[Path, typer.Argument(metavar="BEFORE", help="results.json or its folder")],
    after: Annotated[Path, typer.Argument(metavar="AFTER", help="likewise")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE")] = Path("difference.html"),
) -> None:
    """Write a page of what differs between two runs, by scorer and by case."""
    from evals.results.evaluating import compared

    compared(before, after, out)
