"""Makes tapes: runs cases on the tools of a home, and keeps what those answered.

It decides of which day each tape is. What is recorded of real markets stays in the folder that was
named for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from joblib import Parallel, delayed

from app.awaiting import awaited
from app.batching.engine import let_workers_be_replaced
from app.files.universes import load_universes
from app.hardening import harden
from app.running.questions import Asked, understood
from core.errors import CallerError
from core.records.universe import Universe
from evals.records import Case
from evals.tapes.homes import REAL_FILES, make_demo, make_real, settings_of, state_of_real
from evals.tapes.tape import Tape, tape_of, write_tape

DEMO_ASKED: Final = date(2025, 1, 2)
"""Two days after the synthetic market ends."""
REAL_ASKED: Final = date(2018, 12, 31)
"""The last day anything may be judged by: what follows is held out."""
REAL: Final = ("us", "vn", "vn_hose", "world", "europe")
"""What the tape of the real markets is of; where there are no data, answers say so."""

MADE: Final = "made"
"""The folder of files, a universe each, that say what a home is whole of: the files' state."""


async def recorded(
    cases: Iterable[Case],
    home: Path,
    *,
    name: str,
    asked_on: date,
    universes: Mapping[str, Universe],
    of: Iterable[str],
) -> Tape:
    """Return the tape of everything the cases ask, faults and follow-ups included.

    Args:
        cases: those about other universes are passed over.
        home: whose tools are asked.
        name: of the tape.
        asked_on: the day of asking; no answer knows more.
        universes: those there are.
        of: the universes the tape is of.
    """
    from evals.runs.bench import Bench
    from evals.runs.case import ran

    about = tuple(of)
    blank = tape_of(name, (), of=about, asked_on=asked_on, universes=universes)
    async with Bench.recording(blank, settings_of(home), universes=universes) as bench:
        for case in cases:
            if case.universe in about:
                await ran(case, bench)
        calls = bench.calls[name].values()
        return tape_of(name, calls, of=about, asked_on=asked_on, universes=universes)


def record_demo(cases: Sequence[Case], folder: Path, *, home: Path | None = None) -> Tape:
    """Write the tape of the synthetic market to a folder, and return it.

    Args:
        cases: those of other universes are passed over.
        folder: of the tape; what an earlier tape left in it goes.
        home: filled where it is not; None: one that is made for this and thrown away.
    """
    if home is None:
        with TemporaryDirectory() as made:
            return record_demo(cases, folder, home=Path(made))
    make_demo(home)
    tape = _recorded(cases, home, "demo", DEMO_ASKED, ("demo",))
    write_tape(tape, folder)
    return tape


def record_real(cases: Sequence[Case], folder: Path, *, shared: Path, workers: int = 2) -> Tape:
    """Write the tape of the real markets to a folder, and return it.

    Its home is made in the folder, of the universes that are asked about and not there already.

    Args:
        cases: those of other universes are passed over.
        folder: nothing outside of it is written.
        shared: the folder of the market data.
        workers: processes that make the home and ask its tools.

    Raises:
        CallerError: what is there was made of other market data.
        DataError: a file of the market data is not there, or breaks the frame contract.
    """
    home = folder / "home"
    let_workers_be_replaced()
    together = Parallel(n_jobs=workers)
    here = [case for case in cases if case.universe in REAL]
    lacking = _lacking(asked_about(here), home / MADE, shared)
    together(delayed(make_real)(home, shared, name) for name in lacking)
    (home / MADE).mkdir(parents=True, exist_ok=True)
    for name, state in lacking.items():
        (home / MADE / name).write_text(state)
    by_universe = [[case for case in here if case.universe == name] for name in REAL]
    tapes = together(
        delayed(_recorded)(part, home, "real", REAL_ASKED, REAL) for part in by_universe if part
    )
    calls = [call for tape in tapes for call in tape.calls]
    universes = load_universes()
    tape = tape_of("real", calls, of=REAL, asked_on=REAL_ASKED, universes=universes)
    write_tape(tape, folder / "tape")
    return tape


def asked_about(cases: Iterable[Case]) -> set[str]:
    """Return the universes of the cases, and those their words name."""
    universes = load_universes()
    found: set[str] = set()
    for case in cases:
        found.add(case.universe)
        for turn in case.turns:
            asked = Asked(turn.text, case.universe, case.as_of)
            with suppress(CallerError):
                found.update(understood(asked, universes, today=REAL_ASKED).universes)
    return found


def _lacking(asked: set[str], made: Path, shared: Path) -> dict[str, str]:
    """Return the universes a home is to be made of, each with the state of its files."""
    lacking: dict[str, str] = {}
    for name in REAL_FILES:
        if name not in asked:
            continue
        state, before = state_of_real(shared, name), made / name
        if not before.exists():
            lacking[name] = state
        elif before.read_text() != state:
            raise CallerError(
                f"{made.parents[1]} was made of other market data than {shared} holds: name "
                "another folder, or remove it"
            )
    return lacking


def _recorded(
    cases: Sequence[Case], home: Path, name: str, asked_on: date, of: tuple[str, ...]
) -> Tape:
    harden()
    universes = load_universes()
    asked = recorded(cases, home, name=name, asked_on=asked_on, universes=universes, of=of)
    return awaited(asked)
