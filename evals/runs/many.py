"""Runs many cases on tapes in several processes; decides nothing but who runs which.

The graph is imported only after a process was hardened.
"""

from collections.abc import Callable, Generator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from joblib import Parallel, delayed

from app.awaiting import awaited
from app.batching.engine import let_workers_be_replaced
from app.hardening import harden
from evals.records import Case, Ran

if TYPE_CHECKING:
    from agents.llm.protocol import LanguageModel
    from core.records.universe import Universe
    from evals.tapes.tape import Tape

MakeModel = Callable[[], "LanguageModel"]
"""Makes a model in the process that asks it; a function of a module, as processes are told it."""


def ran_all(
    cases: Sequence[Case],
    folders: Sequence[Path],
    *,
    model: MakeModel | None = None,
    workers: int = 2,
) -> Generator[Ran]:
    """Yield what came of each case, in the order of the cases.

    Args:
        cases: of universes the tapes are of.
        folders: of the tapes.
        model: plans and reports; None: rules and templates do.
        workers: processes; 1 runs everything in this one.

    Raises:
        TapeMissError: without a model, where a call is not on the tape.
        CallerError: a tape cannot be used, or there is none of a case's universe.
    """
    asked = (delayed(_ran)(case, tuple(folders), model) for case in cases)
    if workers == 1:
        yield from (function(*given, **named) for function, given, named in asked)
        return
    let_workers_be_replaced()
    yield from Parallel(n_jobs=workers, return_as="generator")(asked)


def _ran(case: Case, folders: tuple[Path, ...], model: MakeModel | None) -> Ran:
    harden()
    from agents.llm.openai_model import OpenAIModel
    from evals.runs.bench import Bench
    from evals.runs.case import ran

    async def answered() -> Ran:
        made = None if model is None else model()
        tapes = (_tape(folder) for folder in folders)
        async with Bench.replaying(tapes, universes=_universes(), model=made) as bench:
            try:
                return await ran(case, bench)
            finally:
                if isinstance(made, OpenAIModel):
                    await made.close()

    return awaited(answered())


@cache
def _universes() -> "dict[str, Universe]":
    from app.files.universes import load_universes

    return load_universes()


@cache
def _tape(folder: Path) -> "Tape":
    from evals.tapes.tape import load_tape

    return load_tape(folder, _universes())
