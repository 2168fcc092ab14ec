"""Decides how a model's share of the reports is judged: its plans, its sentences, its cost."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from pydantic import ValidationError

from agents.llm.protocol import ModelAnswer
from agents.planner import Proposal
from agents.services import ModelPrice
from agents.spending import usd
from agents.toolbox.ledger import Ledger
from app.compose import Composition, open_ledger
from app.research import RunRecord, runs_dir
from app.settling.told import Told
from core.records.settlement import ModelJudged, Repairs

MONEY_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Spent:
    """What one run asked of the model. proposed: calls its plan proposed, None without a plan."""

    asked: int
    read: int
    written: int
    seconds: float
    proposed: int | None


def spent_by_report(composition: Composition, reports: Sequence[Told]) -> dict[str, Spent]:
    """Return what the runs of these reports cost, by report hash; those of which none is kept lack.

    Of several runs of one report the first counts: later ones were answered from the ledger.

    Raises:
        DataError: the ledger cannot be used.
    """
    wanted = {row.report_hash for row in reports if row.model is not None}
    if not wanted:
        return {}
    found: dict[str, Spent] = {}
    with _ledger(composition) as ledger:
        for record in _records(composition):
            if record.report_sha256 in wanted and record.report_sha256 not in found:
                found[record.report_sha256] = _spent(ledger, record)
    return found


def judged(
    reports: Sequence[Told], spent: Mapping[str, Spent], *, price: ModelPrice | None
) -> ModelJudged | None:
    """Return what a model added to the reports; None where none of them asked one.

    A plan is held to rules on the same evidence: `core.records.settlement.ModelJudged` says how.
    """
    mine = [row for row in reports if row.model is not None]
    if not mine:
        return None
    costs = [spent[row.report_hash] for row in mine if row.report_hash in spent]
    read, written = sum(row.read for row in costs), sum(row.written for row in costs)
    return ModelJudged(
        model=", ".join(sorted({row.model or "" for row in mine})),
        reports_count=len(mine),
        **_plans(mine, spent),
        **_words(mine),
        asked_count=sum(row.asked for row in costs),
        tokens_read_count=read,
        tokens_written_count=written,
        usd=None if price is None else round(usd(read, written, price), MONEY_DECIMALS),
        seconds=round(sum(row.seconds for row in costs), 3) if costs else None,
    )


def _plans(mine: Sequence[Told], spent: Mapping[str, Spent]) -> dict[str, object]:
    chosen: list[tuple[set[str], set[str]]] = []
    for row in mine:
        cost = spent.get(row.report_hash)
        if row.planned and cost is not None and cost.proposed is not None:
            chosen.append((set(row.added[: cost.proposed]), set(row.rules)))
    asked = sum(len(own) for own, _ in chosen)
    ruled = sum(len(rules) for _, rules in chosen)
    both = sum(len(own & rules) for own, rules in chosen)
    return {
        "plans_count": sum(row.planned for row in mine),
        "calls_count": asked,
        "ruled_count": ruled,
        "plan_precision_fraction": _share(both, asked),
        "plan_recall_fraction": _share(both, ruled),
    }


def _words(mine: Sequence[Told]) -> dict[str, object]:
    wordings = [row.wording for row in mine]
    repairs = sum((row.repairs for row in wordings), Counter[str]())
    may = sum(row.may_count for row in wordings)
    own = sum(row.own_count for row in wordings)
    sections = sum(len(row.sections) for row in wordings)
    worded = sum(len(row.own_sections) for row in wordings)
    return {
        "sentences_count": may,
        "model_sentences_count": own,
        "sentences_fraction": _share(own, may),
        "sections_fraction": _share(worded, sections),
        "sections_worded": tuple(sorted(set[str]().union(*(r.own_sections for r in wordings)))),
        "repairs": tuple(
            Repairs.model_validate({"kind": kind, "count": repairs[kind]})
            for kind in sorted(repairs)
        ),
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _records(composition: Composition) -> Iterator[RunRecord]:
    """Yield the records of the home's finished runs, by when they began; damaged ones are none."""
    folder = runs_dir(composition)
    for path in sorted(folder.glob("*/run.json")):
        try:
            yield RunRecord.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            continue


def _spent(ledger: Ledger, record: RunRecord) -> Spent:
    answers = [
        ModelAnswer.model_validate(call.answer)
        for call in ledger.calls(record.run)
        if call.kind == "model" and call.answer is not None
    ]
    return Spent(
        asked=len(answers),
        read=sum(answer.input_tokens or 0 for answer in answers),
        written=sum(answer.output_tokens or 0 for answer in answers),
        seconds=record.seconds,
        proposed=_proposed(answer.text for answer in answers),
    )


def _proposed(texts: Iterable[str]) -> int | None:
    """Return how many different calls the last plan among the answers proposed."""
    count = None
    for text in texts:
        try:
            plan = Proposal.model_validate_json(text)
        except ValidationError:
            continue
        count = len({step.model_copy(update={"why": "explains"}) for step in plan.steps})
    return count


@contextmanager
def _ledger(composition: Composition) -> Iterator[Ledger]:
    ledger = open_ledger(composition.settings, composition.clock)
    try:
        yield ledger
    finally:
        ledger.close()
