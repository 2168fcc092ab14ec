"""Runs a sync for the command line: a bar while it fetches, then what each data set brought."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import get_args

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.cli.output import counted, say, say_json
from app.files.universes import load_universes, one_of
from app.observing.done import began, done
from app.settings import load_settings
from app.status.attempts import attempted
from app.syncing import Step, sync
from app.upstreams import Bars
from core.errors import CallerError
from core.records.result import Dataset
from tools.sync.errand import Synced

NAMES_SHOWN = 5


def sync_universe(
    universe: str,
    source: str,
    *,
    datasets: tuple[str, ...],
    since: date | None,
    until: date | None,
    bars: str,
    stocks: bool,
    as_json: bool,
) -> None:
    """Fetch and show; what was stored before an error is shown first.

    Raises:
        CallerError: a word that names nothing.
        DataError: an extra is missing, or rows that cannot stand beside the stored ones.
        ProviderError: the source failed.
    """
    settings = load_settings()
    chosen = one_of(load_universes(settings.universe_files), universe)
    fetched: list[Synced] = []
    job = f"sync:{chosen.id}"
    began(settings, job, now=_now())
    try:
        with attempted(settings, job, clock=_now), stepping() as step:
            for result in sync(
                settings,
                chosen,
                source,
                datasets=datasets,
                bars=_bars(bars),
                since=since,
                until=until,
                stocks=stocks,
                now=_now(),
                step=step,
            ):
                fetched.append(result)  # noqa: PERF402 - what came before an error counts
        done(settings, job, now=_now())
    finally:
        _tell(fetched, as_json=as_json)


@contextmanager
def stepping() -> Iterator[Step]:
    """Show a bar on stderr while the block runs; nothing where stderr is not a terminal."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        task = progress.add_task("asking", total=None)

        def step(dataset: Dataset, done: int, of: int, what: str) -> None:
            progress.update(task, description=f"{dataset}: {what}", completed=done, total=of)

        yield step


def _tell(fetched: Sequence[Synced], *, as_json: bool) -> None:
    if as_json:
        say_json([result.model_dump(mode="json", exclude={"findings"}) for result in fetched])
        return
    for result in fetched:
        _show(result)


def _now() -> datetime:
    return datetime.now(UTC)


def _bars(told: str) -> Bars:
    for known in get_args(Bars):
        if told == known:
            found: Bars = known
            return found
    raise CallerError(f"--bars {told!r}: use one of {', '.join(get_args(Bars))}")


def _show(result: Synced) -> None:
    asked = f"{counted(result.asked_count, 'name')} asked for"
    if result.resumed_count:
        asked += f", {result.resumed_count} answered before the last run broke off"
    span = f", {result.first} to {result.last}" if result.stored else ""
    revised = f", {result.revised_count:,} of them corrections" if result.revised_count else ""
    rows = f"{counted(result.rows_count, 'row')} stored" if result.stored else "nothing new"
    say(f"{result.dataset}: {rows}{revised}{span}; {asked} ({result.origin})")
    if result.held_days:
        first, last = result.held_days[0], result.held_days[-1]
        days = f"{first}" if first == last else f"{first} to {last}"
        say(f"  not stored yet: {days}, for which rows of {_named(result.waiting_for)} are missing")
    if result.ended:
        say(f"  no longer traded: {_named(result.ended)}")
    for item in result.absent[:NAMES_SHOWN]:
        say(f"  {item.sentence}")
    if len(result.absent) > NAMES_SHOWN:
        say(f"  and {len(result.absent) - NAMES_SHOWN} more names without an answer")
    for count in result.finding_counts:
        say(f"  {count.rows_count:>9,}  {count.sentence(result.findings)}")


def _named(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    return ", ".join(names[:NAMES_SHOWN]) + more
