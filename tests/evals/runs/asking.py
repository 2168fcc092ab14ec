"""What the tests of runs share: cases in words, and the committed tape to run them on."""

import asyncio
from functools import cache

from agents.llm.protocol import LanguageModel
from app.files.universes import load_universes
from core.records.holdings import Holdings
from evals.records import Case, CaseKind, Fault, Ran, Turn
from evals.runs.bench import Bench
from evals.runs.case import ran
from evals.tapes.ledger import Misses
from evals.tapes.tape import RECORDINGS, Tape, load_tape

UNIVERSES = load_universes()


@cache
def demo_tape() -> Tape:
    return load_tape(RECORDINGS / "demo", UNIVERSES)


def a_case(
    *texts: str,
    kind: CaseKind = "question",
    faults: tuple[Fault, ...] = (),
    holdings: Holdings | None = None,
) -> Case:
    turns = tuple(Turn(text=text, language="en") for text in texts)
    return Case(id="a", kind=kind, universe="demo", turns=turns, faults=faults, holdings=holdings)


def replayed(
    case: Case,
    *,
    tape: Tape | None = None,
    model: LanguageModel | None = None,
    misses: Misses | None = None,
) -> Ran:
    async def main() -> Ran:
        tapes = (tape or demo_tape(),)
        async with Bench.replaying(tapes, universes=UNIVERSES, model=model, misses=misses) as bench:
            return await ran(case, bench)

    return asyncio.run(main())
