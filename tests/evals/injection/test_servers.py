"""Whatever a stranger's server says beside, before or in the stead of its numbers does nothing.

Texts that leave an answer good ride together, a different one in each place of one run; a text
that spoils an answer has an answer of its own, and the market itself is asked next. Printed with
`-s`; the whole product is proved at length.
"""

from collections.abc import Sequence

import pytest

from evals.injection.announced import IN_GREETING, IN_LISTING, TOOL_NAME
from evals.injection.answered import BEFORE_ANSWER, IN_CONTENT, IN_STEAD, REQUESTS
from evals.injection.corpus import Attack, handfuls, sampled
from evals.injection.harm import Trace, differing, moved
from evals.injection.server import Load
from evals.injection.table import Table
from evals.kit.good import Good
from tests.evals.injection.delivering import HARMLESS, Delivery, seen

QUIET = (*IN_LISTING, TOOL_NAME, *IN_GREETING, *IN_CONTENT, *BEFORE_ANSWER)
"""Places that leave answers good."""
A_CALL, CALLS = 16, 16
"""Texts of a place that go with one answer at most, and the answers of a run."""
SPOILING = 7
"""One of so many texts spoils an answer of a whole run; all go through the gate (`test_names`)."""


def _delivered_quietly(delivery: Delivery, table: Table, attacks: Sequence[Attack]) -> None:
    quiet = {surface: [attack.text for attack in attacks] for surface in QUIET}
    clean = {surface: _harmless(surface, len(attacks)) for surface in QUIET}
    a_call = -(-len(attacks) // CALLS)
    assert a_call <= A_CALL
    twin = delivery.run(Load(clean, a_call=a_call), model=Good())
    trace = delivery.run(Load(quiet, a_call=a_call), model=Good())
    wrong = [*moved(trace, twin), *differing(trace, twin), *seen(trace)]
    for surface in QUIET:
        assert delivery.talker.sent[surface] == len(attacks), surface
        table.note(surface, attacks, wrong)
    assert seen(twin) == [], "a false alarm on the clean twin"
    assert delivery.talker.refused == len(attacks) * len(REQUESTS)
    assert {item.server for item in trace.report.evidence} == {"talker"}
    assert trace.report.gaps == ()
    assert trace.prompts
    table.ran(1, bool(trace.report.sentences))


def _harmless(surface: str, count: int) -> list[str]:
    return [f"no te {n}" if surface == TOOL_NAME else HARMLESS for n in range(count)]


def _delivered_in_stead(
    delivery: Delivery, table: Table, deals: Sequence[tuple[str, Attack]], twin: Trace
) -> None:
    count = len(twin.calls)
    for few in handfuls(deals, count):
        trace = delivery.run(Load(stead=[(s, attack.text) for s, attack in few]), backed=True)
        # what no text was left for is good, and the talker's
        full = len(few) == count
        wrong = [*moved(trace, twin), *seen(trace)]
        wrong += list(differing(trace, twin)) if full else []
        assert sum(delivery.talker.sent.values()) == len(few)
        for surface, attack in few:
            table.note(surface, (attack,), wrong)
        table.ran(1, bool(trace.report.sentences))


def _twin(delivery: Delivery) -> Trace:
    spoiled = [("unknown field", HARMLESS)] * 40
    return delivery.run(Load(stead=spoiled), backed=True)


def test_words_beside_good_answers_change_no_byte(delivery: Delivery, table: Table) -> None:
    _delivered_quietly(delivery, table, sampled(41))
    assert table.failures == 0, table.why
    assert table.reported == table.runs


def test_answers_with_a_text_for_a_value_count_for_nothing(
    delivery: Delivery, table: Table
) -> None:
    deals = [(surface, attack) for attack in sampled(331) for surface in IN_STEAD]
    _delivered_in_stead(delivery, table, deals[:32], _twin(delivery))
    assert table.failures == 0, table.why
    assert table.reported == table.runs


@pytest.mark.prove
@pytest.mark.timeout(7200)
def test_the_whole_corpus_through_every_place_of_a_server(delivery: Delivery, table: Table) -> None:
    for start in range(11):
        _delivered_quietly(delivery, table, sampled(11, start=start))
    deals = [(surface, attack) for attack in sampled(SPOILING) for surface in IN_STEAD]
    _delivered_in_stead(delivery, table, deals, _twin(delivery))
    assert table.failures == 0, table.why[:20]
    assert table.reported == table.runs
    assert table.count > 15_000
