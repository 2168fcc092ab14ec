"""Shows how far a batch is: a bar on stderr, nothing where stderr is no terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from app.batching.batch import Heard
from app.batching.records import Estimate, Outcome
from app.cli.output import counted


@contextmanager
def shown() -> Iterator[Heard]:
    """Yield who is told of a batch, and show that."""
    console = Console(stderr=True)
    columns = (
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        TimeElapsedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        task = progress.add_task("starting", total=None)
        failed = 0

        def begun(likely: Estimate) -> None:
            progress.update(task, description="reports", total=likely.reports_count)
            if console.is_terminal:
                progress.console.print(estimate_text(likely), highlight=False)

        def done(outcome: Outcome) -> None:
            nonlocal failed
            failed += outcome.state == "failed"
            told = f"reports, {failed} failed" if failed else "reports"
            progress.update(task, description=told, advance=1)

        yield Heard(
            tell=lambda text: progress.update(task, description=text), begun=begun, done=done
        )


def estimate_text(likely: Estimate) -> str:
    """Return what a batch may take, in one line."""
    usd = likely.usd_most
    money = "price of tokens unknown" if usd is None else f"{usd:,.2f} US dollars"
    kept = f" ({likely.kept_count} kept)" if likely.kept_count else ""
    return (
        f"{counted(likely.reports_count, 'report')} to make{kept}; at most "
        f"{counted(likely.calls_most, 'call')}, {counted(likely.tokens_most, 'token')}, {money}"
    )
