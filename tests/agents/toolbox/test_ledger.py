import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from agents.toolbox.ledger import CallRequest, Ledger, LedgerPolicy, Outcome

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)


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


def _asked(ledger: Ledger, calls: Calls, run: str = "one", name: str = "x") -> Outcome:
    return asyncio.run(ledger.outcome(_request(name), run=run, call=calls))


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


def test_the_cache_forgets_what_is_no_longer_fresh() -> None:
    hours = [0.0]
    policy = LedgerPolicy("cache", fresh_for=timedelta(hours=1))
    ledger = Ledger(clock=lambda: NOON + timedelta(hours=hours[0]), policy=policy)
    calls = Calls()
    _asked(ledger, calls)
    hours[0] = 0.9
    _asked(ledger, calls, run="two")
    assert calls.count == 1
    hours[0] = 1.1
    _asked(ledger, calls, run="three")
    assert calls.count == 2


def test_a_replay_answers_from_the_recording_and_fails_where_the_run_failed() -> None:
    ledger = Ledger(clock=lambda: NOON)
    _asked(ledger, Calls(), name="good")
    _asked(ledger, Calls(Outcome(failed="server_down")), name="bad")
    replay = Ledger(clock=lambda: NOON, policy=LedgerPolicy("replay"))
    assert replay.load(ledger.export("one")) == 2
    never = Calls()
    assert _asked(replay, never, run="later", name="good").text == '{"a":1}'
    assert _asked(replay, never, run="later", name="bad").failed == "server_down"
    assert _asked(replay, never, run="later", name="unknown").failed == "replay_miss"
    assert never.count == 0
    assert replay.export("one") == ledger.export("one")


def test_a_file_ledger_outlives_the_process(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'calls.db'}"
    first = Ledger(url, clock=lambda: NOON)
    _asked(first, Calls())
    first.close()
    again, calls = Ledger(url, clock=lambda: NOON), Calls()
    _asked(again, calls)
    assert calls.count == 0
    again.close()


def test_a_broken_recording_is_refused_whole() -> None:
    ledger = Ledger(clock=lambda: NOON)
    with pytest.raises(ValidationError):
        ledger.load('[{"request_hash": "short"}]')
    assert ledger.export("one") == "[]"


def test_parallel_calls_do_not_lose_rows() -> None:
    ledger, calls = Ledger(clock=lambda: NOON), Calls()

    async def many() -> None:
        await asyncio.gather(
            *(ledger.outcome(_request(f"t{n}"), run="one", call=calls) for n in range(50))
        )

    asyncio.run(many())
    assert ledger.export("one").count('"request_hash"') == 50
