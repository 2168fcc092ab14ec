"""Every call is written once, found again when it may be, and told without secrets."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agents.toolbox.calls import CallRequest, Outcome, RecordedCall, canonical
from agents.toolbox.ledger import Ledger
from agents.toolbox.redaction import Redactor
from tests.agents.toolbox.at_once import at_once

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _request(name: str = "get_sector_heatmap") -> CallRequest:
    arguments: dict[str, object] = {"region": "toy", "as_of": "2026-03-20"}
    return CallRequest(
        kind="tool", server="own", name=name, arguments=arguments, schema_hash="0" * 64
    )


class Calls:
    """Counts the calls a ledger lets through."""

    def __init__(self, outcome: Outcome | None = None) -> None:
        self.count, self._outcome = 0, outcome or Outcome(text='{"a":1}')

    async def __call__(self) -> Outcome:
        self.count += 1
        return self._outcome


def _asked(
    ledger: Ledger,
    calls: Calls,
    run: str = "one",
    name: str = "x",
    fresh_for: timedelta | None = None,
) -> Outcome:
    return asyncio.run(ledger.outcome(_request(name), run=run, call=calls, fresh_for=fresh_for))


def test_a_live_run_never_makes_the_same_call_twice() -> None:
    ledger, calls = Ledger(clock=lambda: NOON), Calls()
    assert _asked(ledger, calls) == _asked(ledger, calls)
    assert calls.count == 1
    _asked(ledger, calls, run="two")
    assert calls.count == 2


def test_a_resumed_run_repeats_what_had_failed() -> None:
    ledger, failing, working = Ledger(clock=lambda: NOON), Calls(Outcome(failed="timeout")), Calls()
    assert _asked(ledger, failing).failed == "timeout"
    assert _asked(ledger, working).text == '{"a":1}'


def test_another_runs_answer_serves_while_it_is_fresh_and_becomes_this_runs_own() -> None:
    minutes = [0.0]
    ledger = Ledger(clock=lambda: NOON + timedelta(minutes=minutes[0]))
    calls, hour = Calls(), timedelta(hours=1)
    _asked(ledger, calls)
    minutes[0] = 59.0
    _asked(ledger, calls, run="two", fresh_for=hour)
    assert calls.count == 1
    assert ledger.calls("two") == ledger.calls("one")
    assert ledger.calls("two")[0].fetched_at == NOON
    minutes[0] = 61.0
    assert ledger.holds(_request("x"), run="two")
    assert not ledger.holds(_request("x"), run="three", fresh_for=hour)
    _asked(ledger, calls, run="three", fresh_for=hour)
    _asked(ledger, calls, run="four")
    assert calls.count == 3


def test_a_failure_is_never_taken_for_a_fresh_answer() -> None:
    ledger, failing, working = Ledger(clock=lambda: NOON), Calls(Outcome(failed="timeout")), Calls()
    _asked(ledger, failing)
    assert _asked(ledger, working, run="two", fresh_for=timedelta(days=1)).text == '{"a":1}'


def test_a_replay_answers_from_the_recording_and_fails_where_the_run_failed() -> None:
    ledger = Ledger(clock=lambda: NOON)
    _asked(ledger, Calls(), name="good")
    _asked(ledger, Calls(Outcome(failed="server_down")), name="bad")
    replay = Ledger(clock=lambda: NOON, mode="replay")
    replay.load(ledger.calls("one"), run="one")
    never = Calls()
    assert _asked(replay, never, run="later", name="good").text == '{"a":1}'
    assert _asked(replay, never, run="later", name="bad").failed == "server_down"
    assert _asked(replay, never, run="later", name="unknown").failed == "replay_miss"
    assert never.count == 0
    assert replay.calls("one") == ledger.calls("one")


def test_a_failure_recorded_after_an_answer_is_what_a_replay_reads_until_it_is_used_again() -> None:
    ledger = Ledger(clock=lambda: NOON)

    def replayed() -> Outcome:
        replay = Ledger(clock=lambda: NOON, mode="replay")
        replay.load(ledger.calls("one"), run="one")
        asyncio.run(replay.failed(_request("x"), "not_served", run="one"))
        return _asked(replay, Calls())

    _asked(ledger, Calls())
    asyncio.run(ledger.failed(_request("x"), "timeout", run="one"))
    assert replayed().failed == "timeout"
    never = Calls()
    for _ in range(2):
        assert _asked(ledger, never).text == '{"a":1}'
    assert (never.count, len(ledger.calls("one"))) == (0, 3)
    assert replayed().text == '{"a":1}'


def test_a_call_cut_off_while_it_is_written_is_written_before_what_follows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ledger, append = Ledger(clock=lambda: NOON), Ledger._append
    begun, cut = Event(), Event()

    def slow(self: Ledger, request: CallRequest, brought: Outcome, run: str, at: datetime) -> None:
        if brought.text is not None:
            begun.set()
            assert cut.wait(60)
        append(self, request, brought, run, at)

    async def cut_off() -> None:
        call = asyncio.create_task(ledger.outcome(_request("x"), run="one", call=Calls()))
        assert await asyncio.to_thread(begun.wait, 60)
        call.cancel()
        asyncio.get_running_loop().call_later(0.05, cut.set)
        with pytest.raises(asyncio.CancelledError):
            await call
        await ledger.failed(_request("x"), "timeout", run="one")

    monkeypatch.setattr(Ledger, "_append", slow)
    asyncio.run(cut_off())
    assert [call.failed for call in ledger.calls("one")] == [None, "timeout"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text()
        | st.floats(allow_nan=False, allow_infinity=False),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=20,
    )
)  # fmt: skip
def test_an_answer_leaves_and_enters_a_recording_byte_for_byte(value: object) -> None:
    text = canonical({"answer": value})
    ledger, replay = Ledger(clock=lambda: NOON), Ledger(clock=lambda: NOON, mode="replay")
    _asked(ledger, Calls(Outcome(text=text)))
    written = [call.model_dump_json() for call in ledger.calls("one")]
    replay.load([RecordedCall.model_validate_json(call) for call in written], run="one")
    assert _asked(replay, Calls()).text == text
    ledger.close()
    replay.close()


def test_no_configured_secret_is_written_and_the_run_itself_never_sees_it(tmp_path: Path) -> None:
    secret = "canary/9f8e7d"  # noqa: S105 - the bird in this test's mine
    file = tmp_path / "calls.db"
    ledger = Ledger(f"sqlite:///{file}", clock=lambda: NOON, redactor=Redactor(frozenset({secret})))
    echo = Calls(Outcome(text=canonical({"a": [f"the key is {secret}"]})))
    assert _asked(ledger, echo).text == '{"a":["the key is redacted"]}'
    request = _request().model_copy(update={"arguments": {"system": secret, "user": "u"}})
    asyncio.run(ledger.outcome(request, run="one", call=echo))
    asyncio.run(ledger.outcome(request, run="one", call=echo))
    assert echo.count == 2
    ledger.close()
    assert all(secret.encode() not in path.read_bytes() for path in tmp_path.iterdir())


def test_what_a_server_says_in_a_secrets_form_is_written_nowhere(tmp_path: Path) -> None:
    said = "Authorization: Bearer canary-9f8e7d6c5b4a"
    file = tmp_path / "calls.db"
    ledger = Ledger(f"sqlite:///{file}", clock=lambda: NOON)
    assert "9f8e7d6c5b4a" not in str(
        _asked(ledger, Calls(Outcome(text=canonical({"a": [said]})))).text
    )
    ledger.close()
    assert all(b"9f8e7d6c5b4a" not in path.read_bytes() for path in tmp_path.iterdir())


def test_history_is_what_one_server_answered_up_to_a_moment_without_the_copies() -> None:
    hours = [0.0]
    ledger = Ledger(clock=lambda: NOON + timedelta(hours=hours[0]))
    for number in range(4):
        hours[0] = float(number)
        _asked(ledger, Calls(Outcome(text=f'{{"n":{number}}}')), run=f"run{number}")
    _asked(ledger, Calls(), run="copy", fresh_for=timedelta(hours=9))
    _asked(ledger, Calls(Outcome(failed="timeout")), run="late")
    _asked(ledger, Calls(), run="other", name="another")
    told = ledger.history(_request("x"), until=NOON + timedelta(hours=2))
    assert [row.text for row in told] == ['{"n":0}', '{"n":1}', '{"n":2}']
    assert told[0].fetched_at == NOON
    later = ledger.history(_request("x"), until=NOON + 9 * HOUR)
    assert [row.text for row in later] == ['{"n":0}', '{"n":1}', '{"n":2}', '{"n":3}']


def test_history_is_of_answers_read_alike_and_of_what_was_asked_without_its_secrets() -> None:
    secret = "canary/9f8e7d"  # noqa: S105 - the bird in this test's mine
    ledger = Ledger(clock=lambda: NOON, redactor=Redactor(frozenset({secret})))
    asked = _request().model_copy(update={"arguments": {"desk": secret}})
    corrected = asked.model_copy(update={"schema_hash": "1" * 64})
    for request in (asked, corrected):
        call = Calls(Outcome(text=f'{{"read":"{request.schema_hash[:1]}"}}'))
        asyncio.run(ledger.outcome(request, run="one", call=call))
    assert [row.text for row in ledger.history(corrected, until=NOON)] == ['{"read":"1"}']
    assert len(ledger.history(asked, until=NOON)) == 1


def test_a_ledger_of_an_earlier_version_is_read_and_written_on(tmp_path: Path) -> None:
    file = tmp_path / "calls.db"
    with sqlite3.connect(file) as old:
        old.execute(
            "CREATE TABLE calls (id INTEGER PRIMARY KEY AUTOINCREMENT, request_hash VARCHAR(64) NOT"
            " NULL, kind VARCHAR(8) NOT NULL, server VARCHAR(64) NOT NULL, name VARCHAR(128) NOT"
            " NULL, schema_hash VARCHAR(64) NOT NULL, as_of DATE, fetched_at DATETIME NOT NULL,"
            " response TEXT NOT NULL, run VARCHAR(128) NOT NULL)"
        )
        old.execute(
            "INSERT INTO calls"
            " (request_hash, kind, server, name, schema_hash, fetched_at, response, run)"
            " VALUES (?, 'tool', 'own', 'x', '', '2026-01-01 00:00:00.000000',"
            """ '{"failed":null,"text":"{\\"a\\":2}"}', 'one')""",
            (_request("x").content_hash(),),
        )
    old.close()
    ledger = Ledger(f"sqlite:///{file}", clock=lambda: NOON)
    assert _asked(ledger, Calls()).text == '{"a":2}'
    assert ledger.calls("one")[0].arguments is None
    _asked(ledger, Calls(), run="two")
    assert ledger.calls("two")[0].arguments == {"region": "toy", "as_of": "2026-03-20"}
    ledger.close()


def test_a_file_ledger_outlives_the_process(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'calls.db'}"
    first = Ledger(url, clock=lambda: NOON)
    _asked(first, Calls())
    first.close()
    again, calls = Ledger(url, clock=lambda: NOON), Calls()
    _asked(again, calls)
    assert calls.count == 0
    again.close()


@pytest.mark.parametrize(
    "change",
    [{"request_hash": "short"}, {"answer": None}, {"failed": "timeout"}, {"kind": "spell"}],
)
def test_a_recorded_call_that_is_not_whole_is_refused(change: dict[str, object]) -> None:
    ledger = Ledger(clock=lambda: NOON)
    _asked(ledger, Calls())
    whole = ledger.calls("one")[0].model_dump(mode="json")
    assert RecordedCall.model_validate(whole)
    with pytest.raises(ValidationError):
        RecordedCall.model_validate(whole | change)


def test_parallel_calls_do_not_lose_rows() -> None:
    ledger, calls = Ledger(clock=lambda: NOON), Calls()

    async def many() -> None:
        await asyncio.gather(
            *(ledger.outcome(_request(f"t{n}"), run="one", call=calls) for n in range(50))
        )

    asyncio.run(many())
    assert len(ledger.calls("one")) == 50


WRITER = """
import asyncio, sys
from datetime import UTC, datetime
from agents.toolbox.calls import CallRequest, Outcome
from agents.toolbox.ledger import Ledger

ledger = Ledger(sys.argv[1], clock=lambda: datetime.now(UTC))

async def call():
    return Outcome(text='{"a":1}')

async def main():
    for number in range(40):
        request = CallRequest(kind="tool", server="own", name=f"t{number}", arguments={},
                              schema_hash="0" * 64)
        await ledger.outcome(request, run=sys.argv[2], call=call)

print("ready", flush=True)
sys.stdin.readline()
asyncio.run(main())
"""


def written_by_processes(url: str, processes: int) -> None:
    """Let processes write 40 calls each to one ledger at the same time."""
    at_once(WRITER, [(url, f"run{number}") for number in range(processes)])


def test_two_processes_write_one_ledger_and_lose_no_call(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'calls.db'}"
    written_by_processes(url, 2)
    ledger = Ledger(url, clock=lambda: NOON)
    for run in ("run0", "run1"):
        assert [call.name for call in ledger.calls(run)] == [f"t{number}" for number in range(40)]
    ledger.close()
