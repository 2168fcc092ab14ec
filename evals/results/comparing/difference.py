"""What differs between two runs of cases, by scorer and by case; not which of them is right."""

from difflib import SequenceMatcher

from core.records.record import Record
from evals.records import CaseId
from evals.results.comparing.means import Mean, mean_of, paired
from evals.results.records import Marked, Results


class ScorerChange(Record):
    """A scorer in both runs; `change` is of the `count` cases both scored, with its error."""

    scorer: str
    before: Mean
    after: Mean
    change: float | None
    error: float | None
    count: int


class Moved(Record):
    """A value of a case that is another now; None: there was nothing to judge."""

    scorer: str
    before: float | None
    after: float | None
    why: str


class CaseChange(Record):
    """What is other in a case; `gone` and `come` are the sentences of its answers."""

    id: CaseId
    moved: tuple[Moved, ...]
    gone: tuple[str, ...]
    come: tuple[str, ...]
    error: str = ""

    @property
    def net(self) -> float:
        """The sum of what its values rose."""
        return sum(
            row.after - row.before
            for row in self.moved
            if row.before is not None and row.after is not None
        )


class Difference(Record):
    """Two runs beside each other; cases that changed stand worst first."""

    scorers: tuple[ScorerChange, ...]
    cases: tuple[CaseChange, ...]
    only_before: tuple[CaseId, ...]
    only_after: tuple[CaseId, ...]


def difference(before: Results, after: Results) -> Difference:
    """Return what differs."""
    old, new = before.by_id(), after.by_id()
    both = [(old[name], new[name]) for name in new if name in old]
    changed = [change for pair in both if (change := _case(*pair)) is not None]
    names = dict.fromkeys((*before.scorers, *after.scorers))
    return Difference(
        scorers=tuple(_scorer(before, after, name) for name in names),
        cases=tuple(sorted(changed, key=lambda row: (row.net, row.id))),
        only_before=tuple(name for name in old if name not in new),
        only_after=tuple(name for name in new if name not in old),
    )


def _scorer(before: Results, after: Results, name: str) -> ScorerChange:
    values = {case.id: case.values() for case in before.cases}
    change, error, count = paired(values, after.cases, name)
    return ScorerChange(
        scorer=name, before=mean_of(before.cases, name), after=mean_of(after.cases, name),
        change=change, error=error, count=count,
    )  # fmt: skip


def _case(before: Marked, after: Marked) -> CaseChange | None:
    old, new = before.values(), after.values()
    why = {score.scorer: score.why for case in (before, after) for score in case.scores}
    moved = tuple(
        Moved(scorer=name, before=old.get(name), after=new.get(name), why=why.get(name, ""))
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    )
    gone, come = _texts(_said(before), _said(after))
    if not (moved or gone or come or before.error != after.error):
        return None
    return CaseChange(id=after.id, moved=moved, gone=gone, come=come, error=after.error)


def _said(case: Marked) -> list[str]:
    return [line.text for turn in case.exchanges for line in turn.said]


def _texts(before: list[str], after: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    gone: list[str] = []
    come: list[str] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, first, last, start, stop in matcher.get_opcodes():
        if tag != "equal":
            gone += before[first:last]
            come += after[start:stop]
    return tuple(gone), tuple(come)
