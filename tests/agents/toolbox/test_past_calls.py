from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pydantic import JsonValue

from agents.toolbox.calls import Kind, RecordedCall
from agents.toolbox.ledger import Ledger
from agents.toolbox.past_calls import PastCalls, past_calls

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)
TODAY = NOON.date()


def call(
    name: str,
    answer: JsonValue = None,
    *,
    kind: Kind = "tool",
    at: datetime = NOON,
    asked: str = "0",
) -> RecordedCall:
    return RecordedCall(
        kind=kind, server="own", name=name, as_of=TODAY, arguments={}, schema_hash="0" * 64,
        request_hash=asked * 64, fetched_at=at, answer=answer,
        failed="timeout" if answer is None else None,
    )  # fmt: skip


def kept(folder: Path, *calls: RecordedCall, run: str = "one") -> str:
    url = f"sqlite:///{folder / 'ledger.sqlite'}"
    ledger = Ledger(url, clock=lambda: NOON)
    ledger.load(calls, run=run)
    ledger.close()
    return url


def test_calls_are_told_newest_first_with_what_they_knew_and_why_not(tmp_path: Path) -> None:
    url = kept(
        tmp_path,
        call("a", {"known_at": "2026-03-19", "rows": []}),
        call("b"),
        call("c", {"rows": []}, kind="model"),
        call("d", ["no object"]),
        call("e", {"known_at": "soon"}, kind="upstream"),
    )
    last = past_calls(url, limit=10, since=TODAY).last
    assert [(row.name, row.known_at, row.failed) for row in last] == [
        ("e", None, None),
        ("d", None, None),
        ("b", None, "timeout"),
        ("a", date(2026, 3, 19), None),
    ]
    assert [row.upstream for row in last] == [True, False, False, False]
    assert last[-1].fetched_at == NOON
    assert len(past_calls(url, limit=2, since=TODAY).last) == 2


def test_days_count_each_call_once_and_those_without_an_answer_apart(tmp_path: Path) -> None:
    yesterday = NOON - timedelta(days=1)
    answered: JsonValue = {"rows": []}
    kept(
        tmp_path,
        call("a", answered),
        call("b", asked="1"),
        call("c", answered, asked="2", at=yesterday),
    )
    url = kept(tmp_path, call("a", answered), run="two")
    days = past_calls(url, limit=1, since=yesterday.date()).days
    assert [(row.day, row.calls_count, row.failed_count) for row in days] == [
        (yesterday.date(), 1, 0),
        (TODAY, 2, 1),
    ]
    assert len(past_calls(url, limit=1, since=TODAY).days) == 1


def test_a_ledger_without_calls_has_none(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    assert past_calls(url, limit=5, since=TODAY) == PastCalls()
