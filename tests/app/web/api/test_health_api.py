"""What machines ask: alive, ready, counted."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from agents.tracing import Value, span
from app.observing.successes import succeeded
from tests.app.web.asking import client_of

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home


def scraped(text: str) -> Samples:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_alive_and_ready_say_nothing_else(home: Path) -> None:
    client = client_of(home)
    for path in ("/healthz", "/readyz"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()) == (200, {"ok": True})


def test_a_damaged_database_is_alive_and_not_ready(home: Path) -> None:
    (home / "ledger.sqlite").write_bytes(b"no database at all, only words" * 100)
    client = client_of(home)
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert str(home) not in answer.text
    assert scraped(client.get("/metrics").text)[("sectorwise_database_up", ())] == 0


def test_what_ends_in_this_process_is_counted(home: Path) -> None:
    client = client_of(home)
    before = scraped(client.get("/metrics").text)
    tool = {"gen_ai.tool.name": "get_macro", "gen_ai.operation.name": "execute_tool"}
    with span("run", run="r") as run:
        with span("execute_tool get_macro", server="vimo", asked=True, **tool) as call:
            call.note(outcome="timeout")
        with span("execute_tool get_macro", server="vimo", **tool) as kept:
            kept.note(outcome="answered")
        chat: dict[str, Value] = {"gen_ai.request.model": "m", "gen_ai.usage.input_tokens": 700}
        with span("chat m", **chat):
            pass
        run.note(outcome="finished", gaps=("timeout", "timeout", "no_data"))
    after = scraped(client.get("/metrics").text)

    def added(name: str, **labels: str) -> float:
        key = (f"sectorwise_{name}", tuple(sorted(labels.items())))
        return after.get(key, 0) - before.get(key, 0)

    assert added("runs_total", outcome="finished") == 1
    assert added("run_seconds_count", outcome="finished") == 1
    assert added("gaps_total", reason="timeout") == 2
    assert added("tool_calls_total", server="vimo", tool="get_macro", outcome="timeout") == 1
    assert added("tool_calls_total", server="vimo", tool="get_macro", outcome="answered") == 0
    assert added("model_tokens_total", model="m", type="input") == 700
    assert added("model_calls_total", model="m", outcome="done") == 1
    assert after[("process_open_fds", ())] > 0


def test_how_old_the_last_success_is_comes_from_the_database(home: Path) -> None:
    client = client_of(home)
    url = f"sqlite:///{home / 'ledger.sqlite'}"
    succeeded(url, "watch:vn", datetime.now(UTC) - timedelta(minutes=30))
    found = scraped(client.get("/metrics").text)
    age = found[("sectorwise_last_success_age_seconds", (("job", "watch:vn"),))]
    assert 1800 <= age < 1900
    assert found[("sectorwise_database_up", ())] == 1
    assert found[("sectorwise_runs_under_way", ())] == 0
    assert any(name == "sectorwise_build_info" for name, _ in found)


def test_the_text_is_prometheus_own(home: Path) -> None:
    answer = client_of(home).get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "/metrics" not in client_of(home).get("/openapi.json").text
