"""Runs cases and scores them, in several processes; which cases and what is good, others decide.

The dataset, its evaluators and what becomes of one that breaks are pydantic-evals': a case or
scorer that raises is told as such, and the others go on.
"""

from collections.abc import Callable, Generator, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from joblib import Parallel, delayed

from app.awaiting import awaited
from app.batching.engine import let_workers_be_replaced
from app.hardening import harden
from core.errors import CallerError
from evals.records import Case, Ran
from evals.results.records import Marked
from evals.runs.many import MakeModel, ran_all

TOGETHER: Final = 4
"""Cases a process is given at once."""
Told = Callable[[tuple[Marked, ...]], None]
"""Is told what became of the next cases."""


def marked(
    cases: Sequence[Case],
    folders: Sequence[Path],
    *,
    model: MakeModel | None = None,
    workers: int = 2,
    tell: Told = lambda part: None,
) -> tuple[Marked, ...]:
    """Return what became of each case, in the order of the cases.

    Args:
        cases: of universes the tapes are of.
        folders: of the tapes.
        model: plans and reports; None: rules and templates do.
        workers: processes; 1 runs everything in this one.
        tell: is told of progress.

    Raises:
        CallerError: pydantic-evals is not installed.
    """
    require_pydantic_evals()
    parts = [tuple(cases[at : at + TOGETHER]) for at in range(0, len(cases), TOGETHER)]
    done: list[Marked] = []
    for part in _each(parts, tuple(folders), model, workers):
        done += part
        tell(part)
    return tuple(done)


def require_pydantic_evals() -> None:
    """Check that what runs the cases is there.

    Raises:
        CallerError: it is not installed.
    """
    if find_spec("pydantic_evals") is None:
        raise CallerError("cases are run by pydantic-evals: install it, `make .venv/.dev`")


def _each(
    parts: Sequence[tuple[Case, ...]],
    folders: tuple[Path, ...],
    model: MakeModel | None,
    workers: int,
) -> Generator[tuple[Marked, ...]]:
    if workers == 1:
        yield from (_part(part, folders, model) for part in parts)
        return
    asked = (delayed(_part)(part, folders, model) for part in parts)
    let_workers_be_replaced()
    yield from Parallel(n_jobs=workers, return_as="generator")(asked)


def _part(
    cases: tuple[Case, ...], folders: tuple[Path, ...], model: MakeModel | None
) -> tuple[Marked, ...]:
    harden()
    from pydantic_evals import Case as Row
    from pydantic_evals import Dataset

    from evals.results.asking.evaluators import evaluators, marks

    dataset = Dataset[Case, Ran, None](
        name="offline",
        cases=[Row(name=case.id, inputs=case) for case in cases],
        evaluators=evaluators(),
    )
    task = partial(_ran, folders=folders, model=model)
    report = awaited(dataset.evaluate(task, task_name="case", max_concurrency=1, progress=False))
    found = {case.id: case for case in marks(report)}
    return tuple(found[case.id] for case in cases)


def _ran(case: Case, folders: tuple[Path, ...], model: MakeModel | None) -> Ran:
    return next(ran_all((case,), folders, model=model, workers=1))
