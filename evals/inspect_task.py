"""The offline cases as an inspect-ai task, so that its viewer shows them; runs and scores are ours.

    inspect eval evals/inspect_task.py --model none/none -T cases='demo-desks-*'

inspect-ai has a folder of its own (`requirements/inspect.lock`), and asks no model here.
"""

from functools import partial
from math import nan
from pathlib import Path
from typing import Final

from anyio import to_thread
from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ModelOutput
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer, stderr
from inspect_ai.solver import Generate, Solver, TaskState, solver

from core.errors import DataError
from evals.cases.reading import load_cases
from evals.records import Case
from evals.results.asking.grounds import DEMO, chosen
from evals.results.asking.running import marked
from evals.results.records import Marked
from evals.tapes.tape import RECORDINGS

CASE: Final = "case"
MARKED: Final = "marked"


@task  # type: ignore[untyped-decorator]  # inspect-ai is not installed beside us
def offline(cases: str = DEMO, tape: str = "") -> Task:
    """Return the task.

    Args:
        cases: id with *, kind or universe.
        tape: a folder with a tape of real markets (`sectorwise eval record`); without it only
            cases of the demo market are asked.
    """
    known = [case for case in load_cases() if tape or case.universe == DEMO]
    folders = (RECORDINGS / DEMO, *([Path(tape)] if tape else ()))
    return Task(
        dataset=MemoryDataset([_sample(case) for case in chosen(known, (cases,))]),
        solver=answered(folders),
        scorer=scores(),
        continue_on_fail=True,
    )


@solver  # type: ignore[untyped-decorator]  # likewise
def answered(folders: tuple[Path, ...]) -> Solver:
    """Return what asks the product a case's questions, and scores the answers.

    A case that breaks is an error of its sample: no mean without it is told as that of all.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        del generate
        case = Case.model_validate(state.metadata[CASE])
        run = partial(marked, (case,), folders, workers=1)
        (found,) = await to_thread.run_sync(run)
        if found.error:
            raise DataError(f"case {case.id}: {found.error}")
        state.metadata[MARKED] = found.model_dump(mode="json")
        said = [line.text for turn in found.exchanges for line in turn.said]
        errors = [turn.error for turn in found.exchanges if turn.error]
        state.output = ModelOutput.from_content("sectorwise", "\n".join([*said, *errors]))
        return state

    return solve


@scorer(metrics={"*": [mean(), stderr(cluster="base")]})  # type: ignore[untyped-decorator]  # likewise
def scores() -> Scorer:
    """Return our scorers as one, a value each; what was not scored is NaN, as inspect-ai has it."""

    async def score(state: TaskState, target: Target) -> Score:
        del target
        found = Marked.model_validate(state.metadata[MARKED])
        return Score(
            value={name: nan if value is None else value for name, value in found.values().items()},
            explanation="\n".join(f"{row.scorer}: {row.why}" for row in found.scores if row.why),
        )

    return score


def _sample(case: Case) -> Sample:
    return Sample(
        id=case.id,
        input="\n".join(turn.text for turn in case.turns),
        metadata={CASE: case.model_dump(mode="json"), "base": case.base, "kind": case.kind},
    )
