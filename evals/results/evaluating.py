"""Does what `sectorwise eval` was asked: runs, keeps, shows; what is worse the gate decides."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from agents.llm.openai_model import OpenAIModel
from app.cli.output import say, say_json, telling
from app.settings import load_settings
from app.writing import write_whole
from core.errors import CallerError, DataError
from evals.cases.reading import load_cases
from evals.records import Case, CaseId, Score
from evals.results.asking.grounds import DEMO, SHARED, Grounds, chosen, grounds
from evals.results.asking.judging import judge_named, judged
from evals.results.asking.kept import Kept, forget, state_of
from evals.results.asking.models import asked_where, maker, model_named, price
from evals.results.asking.progress import printed, tenths, unseen
from evals.results.asking.running import marked
from evals.results.comparing.baseline import (
    BASELINE,
    Baseline,
    baseline_of,
    read_baseline,
    write_baseline,
)
from evals.results.comparing.difference import difference
from evals.results.comparing.gate import falls
from evals.results.comparing.table import rows
from evals.results.options import Asked, in_project, require_sense, require_tape, written
from evals.results.records import Marked, Results, read_results
from evals.results.showing.page import difference_page, results_page
from evals.results.showing.printing import document, show_beside, show_results
from evals.runs.many import MakeModel
from evals.runs.recording import record_demo, record_real
from evals.tapes.tape import RECORDINGS


def evaluated(asked: Asked) -> bool:
    """Run the cases and print the table; tell whether nothing that was to be checked is worse.

    Raises:
        CallerError: options that do not go together, a pattern that fits no case, no baseline to
            check against, a model without a server, a folder that cannot be written.
        DataError: no case is left without the data.
    """
    require_sense(asked)
    agreed = asked.baseline or BASELINE
    baseline = read_baseline(agreed)
    if asked.check and baseline is None:
        raise CallerError("there is no baseline to check against: write one, --baseline-write")
    rules, modelled = _runs(asked)
    failed = None
    if baseline is not None:
        failed = falls(rules, baseline, due=_due(asked, rules, baseline))
    _show(asked, rules, modelled, baseline, failed)
    if asked.out is not None:
        _keep(asked.out, rules, modelled, baseline, failed)
        forget(asked.out)
    if asked.write:
        _agree(rules, agreed)
    return not (asked.check and failed)


def recorded(into: Path | None, shared: Path | None) -> None:
    """Record a tape of the demo market, or of the real ones where their data are named.

    Raises:
        CallerError: real data are to be recorded into the project; the folder holds files of
            another kind, or cannot be written.
    """
    cases, folder = load_cases(), into or RECORDINGS / DEMO
    if shared is not None and in_project(folder):
        raise CallerError("answers of real data stay out of the project: name a folder, --into")
    require_tape(folder if shared is None else folder / "tape")
    with written(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with telling() as tell:
        tell("asking the tools what the cases ask")
        if shared is None:
            tape = record_demo(cases, folder)
        else:
            tape = record_real(cases, folder, shared=shared)
    say(f"{len(tape.calls):,} answers in {folder}")


def compared(before: Path, after: Path, out: Path) -> None:
    """Write the page of what differs between two kept runs.

    Raises:
        CallerError: one of them cannot be read, or the page cannot be written.
    """
    old, new = read_results(before), read_results(after)
    found = difference(old, new)
    with written(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        write_whole(out, difference_page(old, new, found).encode())
    say(f"{len(found.cases)} cases differ; see {out}")


def _due(asked: Asked, rules: Results, baseline: Baseline) -> set[CaseId]:
    """Return the cases of the baseline that all cases of the markets there are data of have."""
    if asked.patterns:
        return set()
    here = {case.universe for case in rules.cases}
    return baseline.values.keys() - {case.id for case in load_cases() if case.universe not in here}


def _require_cases(asked: Asked, found: Grounds) -> None:
    """Refuse a run of nothing, and a baseline some cases would be missing from."""
    left = "; ".join(found.notes)
    if not found.cases:
        raise DataError(left)
    if asked.write and left:
        raise CallerError(f"the baseline is of all cases: {left}")


def _agree(rules: Results, path: Path) -> None:
    """Write the baseline, if every case of the run came to its end."""
    broken = next((case for case in rules.cases if case.error), None)
    if broken is not None:
        raise CallerError(f"no baseline of a broken run: case {broken.id}: {broken.error}")
    with written(path):
        write_baseline(baseline_of(rules), path)


def _runs(asked: Asked) -> tuple[Results, Results | None]:
    """Return the run of rules and templates, and that of the model where one is named."""
    cases = chosen(load_cases(), asked.patterns)
    make = None if asked.model is None else maker(asked.model)
    with telling() as tell, ExitStack() as opened:
        found = opened.enter_context(
            grounds(cases, shared=asked.shared or SHARED, keep=asked.keep, tell=tell)
        )
        _require_cases(asked, found)
        kept = Kept(asked.out, state_of(found.folders) if asked.out else "")
        rules = _run(asked, found, None, tell, kept)
        modelled = None if make is None else _run(asked, found, make, tell, kept)
    return rules, modelled


def _run(
    asked: Asked,
    found: Grounds,
    make: MakeModel | None,
    tell: Callable[[str], None],
    kept: Kept,
) -> Results:
    name = asked.model if make is not None and asked.model else ""
    model = name and asked_where(name)
    done = kept.of(found.cases, model)
    heard = _progress(name or "rules and templates", len(found.cases), len(done), tell)

    def came(part: tuple[Marked, ...]) -> None:
        kept.keep(found.cases, part, model)
        heard(len(part))

    left = [case for case in found.cases if case.id not in done]
    for case in marked(left, found.folders, model=make, workers=asked.workers, tell=came):
        done[case.id] = case
    results = Results(
        sectorwise=version("sectorwise"), model=name, notes=found.notes,
        cases=tuple(done[case.id] for case in found.cases),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )  # fmt: skip
    return results if asked.judge is None else _with_verdicts(results, found.cases, asked.judge)


def _progress(
    who: str, count: int, kept_count: int, tell: Callable[[str], None]
) -> Callable[[int], None]:
    """Say how many cases are kept, and return who is told how many more are done."""
    kept = f", {kept_count} kept from before" if kept_count else ""
    say = printed if unseen() else lambda line: None
    tell(f"{who}: {count} cases{kept}")
    if kept:
        say(f"{who}: {count} cases{kept}")
    shown, done = tenths(who, count, say), kept_count

    def heard(more: int) -> None:
        nonlocal done
        done += more
        tell(f"{who}: {done} of {count} cases{kept}")
        shown(done)

    return heard


def _with_verdicts(results: Results, cases: tuple[Case, ...], name: str) -> Results:
    with telling() as tell:
        count = len(results.cases)
        scores = asyncio.run(
            _verdicts(cases, results.cases, name, lambda done: tell(f"{name}: {done} of {count}"))
        )
    return results.model_copy(update={"judge": judge_named(name), "judged": scores})


async def _verdicts(
    cases: tuple[Case, ...], found: tuple[Marked, ...], name: str, tell: Callable[[int], None]
) -> tuple[Score, ...]:
    judge: OpenAIModel = model_named(name)
    try:
        return await judged(cases, found, judge, tell=tell)
    finally:
        await judge.close()


def _show(
    asked: Asked,
    rules: Results,
    modelled: Results | None,
    baseline: Baseline | None,
    failed: tuple[str, ...] | None,
) -> None:
    costs = None if modelled is None else price(modelled.cases, load_settings())
    if asked.as_json:
        say_json(document(rules, rows(rules, baseline), failed, modelled, costs))
        return
    show_results(rules, rows(rules, baseline), failed)
    if modelled is not None and costs is not None:
        show_beside(rules, modelled, costs)


def _keep(
    out: Path,
    rules: Results,
    modelled: Results | None,
    baseline: Baseline | None,
    failed: tuple[str, ...] | None,
) -> None:
    """Write the pages and the records; of a model's run the rules' stand beside it."""
    write_whole(out / "results.json", _text(rules))
    write_whole(out / "page.html", results_page(rules, rows(rules, baseline), failed).encode())
    if modelled is not None:
        found = difference(rules, modelled)
        write_whole(out / "model.json", _text(modelled))
        write_whole(out / "model.html", results_page(modelled, rows(modelled, None), None).encode())
        page = difference_page(rules, modelled, found)
        write_whole(out / "difference.html", page.encode())


def _text(results: Results) -> bytes:
    return results.model_dump_json(indent=1, exclude_defaults=True).encode()
