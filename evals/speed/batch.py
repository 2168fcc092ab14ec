"""Measures a batch: reports a minute and the most memory, by engine and number of workers.

python -m evals.speed.batch HOME [UNTIL]: one worker beside two, on a copy of a home with us and vn.
Only reports are made: what they turned out to be worth is not looked at. One worker is this very
process, so the graph is imported only after it was hardened.
"""

import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psutil  # type: ignore[import-untyped]  # no types

from app.batching.records import BatchPlan, Span
from app.files.universes import load_universes
from app.hardening import harden
from app.settings import Settings

if TYPE_CHECKING:
    from app.batching.engine import Crew
    from app.compose import Composition

SAMPLE_SECONDS: Final = 0.5
MEBIBYTE: Final = 2**20
PLAN: Final = BatchPlan(
    universes=("us", "vn"),
    span=Span(first=date(2012, 10, 1), until=date(2018, 12, 31)),
    languages=("en", "vi"),
    formats=("html", "json"),
)
"""75 month-ends of two markets in two languages: 300 reports."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a batch took. The memory is of all processes together, their shared pages once each."""

    reports_count: int
    failed_count: int
    seconds: float
    peak_mib: float

    @property
    def a_minute(self) -> float:
        """Reports a minute."""
        return 60.0 * self.reports_count / self.seconds

    def line(self, name: str) -> str:
        """Return the figures as a line of a table."""
        return (
            f"{name:14}{self.reports_count:8}{self.failed_count:8}{self.seconds:10.1f}"
            f"{self.a_minute:10.1f}{self.peak_mib:10.0f}"
        )


HEADING: Final = (
    f"{'engine':14}{'reports':>8}{'failed':>8}{'seconds':>10}{'a minute':>10}{'MiB':>10}"
)


def copied(home: Path, folder: Path, *, views: str = "plain") -> "Composition":
    """Return the composition of a copy of the home's data, without its runs."""
    from app.compose import Composition

    for name in ("store", "models"):
        shutil.copytree(home / name, folder / name)
    return Composition(Settings.model_validate({"home": folder, "views": views}), load_universes())


def measured(plan: BatchPlan, composition: "Composition", out: Path, crew: "Crew") -> Figures:
    """Return what the batch takes; its home has no run before.

    Raises:
        SectorwiseError: not one report could be made; it says why.
    """
    from app.batching.batch import Order, run_batch
    from app.batching.summary import shortfall

    out.mkdir(parents=True)
    with _peak() as peak:
        summary = run_batch(Order(plan, out, crew), composition)
    made = summary.totals.made
    short = shortfall(summary)
    if short is not None and not made:
        raise short
    return Figures(made, len(summary.reports) - made, summary.seconds, peak[0] / MEBIBYTE)


@contextmanager
def _peak() -> Iterator[list[float]]:
    """Yield a list that will hold the most bytes this process and its children had together."""
    most, ended = [0.0], threading.Event()

    def watch() -> None:
        while not ended.wait(SAMPLE_SECONDS):
            most[0] = max(most[0], _bytes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield most
    finally:
        ended.set()
        watcher.join()


def _bytes() -> float:
    own = psutil.Process()
    total = 0.0
    for process in (own, *own.children(recursive=True)):
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


def main(home: Path, until: date | None) -> None:
    """Print one worker beside two; up to a date, where one is given."""
    from app.batching.engine import Crew

    span = PLAN.span
    plan = PLAN
    if until is not None and span is not None:
        plan = PLAN.model_copy(update={"span": span.model_copy(update={"until": until})})
    print(HEADING)
    for workers in (1, 2):
        with tempfile.TemporaryDirectory() as scratch:
            composition = copied(home, Path(scratch) / "home")
            figures = measured(plan, composition, Path(scratch) / "out", Crew(workers=workers))
        print(figures.line(f"loky, {workers}"))


if __name__ == "__main__":
    harden()
    main(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]) if len(sys.argv) > 2 else None)
