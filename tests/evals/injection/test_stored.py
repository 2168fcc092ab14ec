"""What was stored and comes back is read as strictly as what is new: recordings, files, names.

Checkpoints whose rows were forged, damaged or of another form: `tests.agents.test_standing`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

import pytest
from pydantic import JsonValue, ValidationError

from agents.state import Json, State, dumped, evidence_of, first_state
from agents.toolbox.calls import RecordedCall
from agents.toolbox.spec import ServerSpec
from core.plain_text import plain_line
from core.records.events import TITLE_CHARS
from core.records.evidence import Evidence
from core.records.payloads import NameFlow
from core.records.report import Report
from core.records.result import Source
from evals.injection.corpus import CROSSINGS, Attack, corpus, crossed, handfuls, sampled
from evals.injection.harm import Trace, differing, moved, shown
from evals.injection.places import keyed, places, spoiled
from evals.injection.server import HARMLESS
from evals.injection.table import Table
from tests.agents.bench import Bench, a_ledger, a_request, plain_report
from tests.evals.injection.delivering import PATIENT, UNIVERSE, seen

FIELDS = ("universe", "universe_hash", "as_of", "currency", "tool", "instructions", "gap")
"""Where of a recorded answer a text is written, in turn."""
AT_THE_GATE = ("benchmark", "benchmark_weights_origin")
"""Words of a record that only the gate holds to the universe's own, or empties of a stranger's."""
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")


@cache
def _recorded() -> tuple[RecordedCall, ...]:
    bench = Bench(limits=PATIENT)
    bench.run(a_request())
    return tuple(call for call in bench.ledger.calls("run") if call.kind == "tool")


def _spoiled(call: RecordedCall, field: str, text: str) -> RecordedCall:
    answer: JsonValue = call.answer
    told = {**answer, field: text} if isinstance(answer, dict) else text
    return call.model_copy(update={"answer": told})


def _replayed(texts: Sequence[str]) -> Report:
    """Return the replay of a recording whose unscored calls hold texts, one each."""
    scored = {step.tool for step in plain_report().plan.steps if step.scored}
    kept = {"get_data_status", *scored}
    given = iter(texts)
    calls = []
    for number, call in enumerate(_recorded()):
        text = None if call.name in kept else next(given, None)
        calls.append(call if text is None else _spoiled(call, FIELDS[number % 7], text))
    ledger = a_ledger("replay")
    ledger.load(calls, run="run")
    return Bench(ledger=ledger, limits=PATIENT).run(a_request(), run_id="again")


@cache
def _harmless(count: int) -> Report:
    return _replayed([HARMLESS] * count)


def _recordings(table: Table, attacks: Sequence[Attack]) -> None:
    kept = [call for call in _recorded() if not _is_kept(call)]
    for few in handfuls(attacks, len(kept)):
        trace = Trace(_replayed([attack.text for attack in few]))
        twin = Trace(_harmless(len(few)))
        wrong = [*moved(trace, twin), *differing(trace, twin), *seen(trace)]
        table.note("recording", few, wrong)
        table.ran(1, bool(trace.report.sentences))


def _is_kept(call: RecordedCall) -> bool:
    scored = {step.tool for step in plain_report().plan.steps if step.scored}
    return call.name in {"get_data_status", *scored}


@dataclass(frozen=True, slots=True)
class Named:
    """A record whose every text is a name; built with an attack for one, it is refused."""

    surface: str

    def taken(self, text: str) -> bool:
        """Tell whether the record was made all the same."""
        try:
            self._made(text)
        except ValidationError:
            return False
        return True

    def _made(self, text: str) -> object:
        if self.surface == "server name":
            return ServerSpec(name=text, transport="memory")
        if self.surface == "member name":
            return NameFlow(symbol=text, net_bn=1.0)
        if self.surface == "evidence of a thread":
            told = plain_report().evidence[0].model_dump(mode="json")
            return Evidence.model_validate({**told, "server": text})
        source = {"dataset": "prices", "sha256": "0" * 64, "first": "2020-01-01"}
        return Source.model_validate(
            {**source, "last": "2020-02-01", "rows_count": 1, "origin": text}
        )


def _names(table: Table, attacks: Sequence[Attack]) -> None:
    for surface in ("server name", "member name", "evidence of a thread"):
        named = Named(surface)
        for attack in attacks:
            table.note(surface, (attack,), ("taken",) if named.taken(attack.text) else ())
    for attack in attacks:
        taken = Named("file name").taken(attack.text)
        odd = taken and list(shown({"origin": attack.text}, ("evil.example",)))
        table.note("file name", (attack,), ("taken",) if odd else ())


def _stored(item: Evidence, content: JsonValue) -> State:
    """Return what a checkpoint holds of a run in which the evidence came."""
    report = plain_report()
    state = first_state(report.request, "run", item.result.as_of)
    return {**state, "plan": dumped(report.plan), "evidence": {item.id: cast(Json, content)}}


def _checkpoints(table: Table, attacks: Sequence[Attack]) -> None:
    """Deliver texts as any string and any key of stored evidence; its steps' ids are keys too.

    `AT_THE_GATE` are left out: a checkpoint is behind it, and whoever writes there writes numbers.
    """
    turn = 0
    for item in {item.tool: item for item in plain_report().evidence}.values():
        content: JsonValue = item.model_dump(mode="json")
        for path in (path for path in places(content) if path[-1] not in AT_THE_GATE):
            for change in (spoiled, keyed)[: 2 if isinstance(path[-1], str) else 1]:
                attack, turn = attacks[turn % len(attacks)], turn + 1
                try:
                    left = evidence_of(_stored(item, change(content, path, attack.text)))
                except ValidationError:
                    left = ()
                table.note("checkpoint", (attack,), ("taken",) if left else ())


def _headlines(table: Table, attacks: Sequence[Attack]) -> None:
    """A headline may say anything in one line: no address, no markup, nothing unseen, no order."""
    for attack in attacks:
        line = plain_line(attack.text, TITLE_CHARS)
        wrong = list(shown({"headline": line}, ()))
        wrong += ["markup"] if re.search(r"[<>`|\[\]\n]", line) else []
        wrong += ["unseen characters"] if UNSEEN.search(line) else []
        table.note("news headline", (attack,), wrong)


def test_stored_evidence_of_an_unknown_tool_is_refused_as_a_record_that_does_not_fit() -> None:
    item = plain_report().evidence[0]
    content: JsonValue = item.model_dump(mode="json")
    assert evidence_of(_stored(item, content)) == (item,)
    with pytest.raises(ValidationError, match="no tool that is known"):
        evidence_of(_stored(item, spoiled(content, ("tool",), "get_rich")))


def test_headlines_are_asked_for_by_no_plan() -> None:
    assert "get_news" not in {step.tool for step in plain_report().plan.steps}
    assert UNIVERSE.id == plain_report().request.universes[0]


def test_recordings_names_and_headlines_do_nothing(table: Table) -> None:
    _recordings(table, sampled(173))
    _names(table, sampled(11))
    _checkpoints(table, sampled(41))
    _headlines(table, sampled(11))
    assert table.failures == 0, table.why[:10]
    assert table.reported == table.runs


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_the_whole_corpus_stored(table: Table) -> None:
    _recordings(table, corpus())
    _names(table, corpus())
    for start in range(CROSSINGS):
        _checkpoints(table, crossed(start=start))
    _headlines(table, corpus())
    assert table.failures == 0, table.why[:20]
