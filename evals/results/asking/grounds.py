"""Decides which cases can be run here: those asked for of which there is a tape or the data."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from app.cli.output import counted
from app.files.universes import load_universes
from core.errors import CallerError
from evals.records import Case
from evals.runs.recording import REAL, record_real
from evals.tapes.tape import RECORDINGS, load_tape

DEMO: Final = "demo"
"""The universe, and the tape, that are part of the project."""
SHARED: Final = Path(__file__).parents[4] / "shared" / "data"
"""Where real market data are: beside the project."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """Cases with the folders of their tapes; `notes` say what was left out, and why."""

    cases: tuple[Case, ...]
    folders: tuple[Path, ...]
    notes: tuple[str, ...] = ()


def chosen(cases: Iterable[Case], patterns: Sequence[str]) -> tuple[Case, ...]:
    """Return the cases whose id, kind or universe fits one of the patterns; without any, all.

    Raises:
        CallerError: a pattern fits none.
    """
    known = tuple(cases)
    for pattern in patterns:
        if not any(_fits(case, pattern) for case in known):
            raise CallerError(f"no case fits {pattern!r}: an id with *, a kind or a universe")
    if not patterns:
        return known
    return tuple(case for case in known if any(_fits(case, pattern) for pattern in patterns))


@contextmanager
def grounds(
    cases: Sequence[Case],
    *,
    shared: Path = SHARED,
    keep: Path | None = None,
    tell: Callable[[str], None] = lambda text: None,
) -> Iterator[Grounds]:
    """Yield what can be run; a tape of real markets is made of the shared data first.

    Args:
        cases: in the order they are to be run.
        shared: the folder of real market data; where it is none, cases of them are left out.
        keep: where what is made of real data stays for the next time; None: it is thrown away.
        tell: is told what is under way.

    Raises:
        CallerError: the folder to keep it in cannot be made, or the tape of the demo market cannot
            be used.
    """
    real = [case for case in cases if case.universe in REAL]
    demo = RECORDINGS / DEMO
    if len(real) < len(cases):
        load_tape(demo, load_universes())
    if not real:
        yield Grounds(tuple(cases), (demo,))
        return
    if not shared.is_dir():
        left = counted(len(real), "case")
        note = f"{left} of real markets left out: no market data in {shared.name}"
        yield Grounds(tuple(case for case in cases if case.universe not in REAL), (demo,), (note,))
        return
    with TemporaryDirectory() as thrown_away:
        folder = keep or Path(thrown_away)
        _make(folder)
        tell(f"recording the real markets for {len(real)} cases")
        record_real(real, folder, shared=shared)
        yield Grounds(tuple(cases), (demo, folder / "tape"))


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CallerError(f"--keep {folder} cannot be written: {error.strerror}") from error


def _fits(case: Case, pattern: str) -> bool:
    return pattern in (case.kind, case.universe) or fnmatchcase(case.id, pattern)
