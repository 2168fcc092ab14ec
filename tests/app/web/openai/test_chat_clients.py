"""What Open WebUI and LibreChat send for a short conversation: one question is one run."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.app.web.openai.bodies import (
    LIBRECHAT_ANALYSIS,
    LIBRECHAT_TITLE,
    OPEN_WEBUI,
    TITLE_SCHEMA,
)
from tests.app.web.openai.conftest import Served

pytestmark = pytest.mark.xdist_group("browser")
MODEL = "sectorwise-demo"
Body = dict[str, object]


@contextmanager
def _open(served: Served, **headers: str) -> Iterator[httpx.Client]:
    known = {"authorization": "Bearer none", **headers}
    with httpx.Client(base_url=served.base_url, headers=known, timeout=120.0) as client:
        yield client


def _whole(client: httpx.Client, **body: object) -> Body:
    answer = client.post("/chat/completions", json={"model": MODEL, "stream": False, **body})
    assert answer.status_code == 200, answer.text
    found: Body = answer.json()["choices"][0]["message"]
    return found


def _streamed(client: httpx.Client, **body: object) -> tuple[str, str, str]:
    """Return the run, the progress and the answer of a stream."""
    chunks: list[Body] = []
    sent = {"model": MODEL, "stream": True, "stream_options": {"include_usage": True}, **body}
    with client.stream("POST", "/chat/completions", json=sent) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = [line.removeprefix("data: ") for line in answer.iter_lines() if line[:5] == "data:"]
    assert lines[-1] == "[DONE]"
    chunks = [json.loads(line) for line in lines[:-1]]
    assert chunks[-1]["usage"]
    deltas = [choice["delta"] for chunk in chunks for choice in chunk["choices"]]  # type: ignore[attr-defined]  # plain JSON
    return (
        str(chunks[0]["id"]).removeprefix("chatcmpl-"),
        "".join(delta.get("reasoning_content") or "" for delta in deltas),
        "".join(delta.get("content") or "" for delta in deltas),
    )


def _user(text: str) -> Body:
    return {"role": "user", "content": text}


@pytest.mark.prove
def test_open_webui_has_a_conversation_with_all_its_chores(served: Served) -> None:
    before = served.runs()
    system = {"role": "system", "content": "Today is 2026-11-20. You are a helpful assistant."}
    question = _user("Which sectors lead on weekly bars?")
    with _open(served, **{"X-OpenWebUI-Chat-Id": "c1", "X-OpenWebUI-User-Id": "u1"}) as client:
        assert MODEL in [row["id"] for row in client.get("/models").json()["data"]]
        run, thoughts, answer = _streamed(
            client, messages=[system, question], params={}, features={}, session_id="s"
        )
        assert "Sector heatmap" in thoughts
        for chore in ("title", "tags", "follow_ups", "queries", "completion"):
            asked = {"messages": [_user(OPEN_WEBUI[chore])], "max_completion_tokens": 1000}
            value = json.loads(str(_whole(client, **asked)["content"]))
            assert list(value) == [{"completion": "text"}.get(chore, chore)]
        shown = f'<details type="reasoning" done="true">\n{thoughts}\n</details>\n'
        history = [
            {**system, "content": "Today is another day."}, question,
            {"role": "assistant", "content": shown + answer}, _user("and for three months?"),
        ]  # fmt: skip
        longer, _, _ = _streamed(client, messages=history)
        _whole(client, messages=[_user(OPEN_WEBUI["follow_ups"])])
    assert served.runs() - before == {run, longer}
    assert served.report(longer).request.topics == served.report(run).request.topics
    assert served.report(longer).request.horizon == "3M"


@pytest.mark.prove
def test_librechat_has_a_conversation_with_its_titles(served: Served) -> None:
    before = served.runs()
    question = {"role": "user", "content": [{"type": "text", "text": "What did foreigners buy?"}]}
    function = {"type": "function", "function": {"name": "extract", "parameters": TITLE_SCHEMA}}
    forced = {"type": "function", "function": {"name": "extract"}}
    with _open(served) as client:
        run, _, answer = _streamed(client, messages=[question], user="u1", temperature=1)
        assert _whole(client, messages=[_user(LIBRECHAT_TITLE)])["content"] == "Vietnam: sectors"
        called = _whole(
            client, messages=[_user(LIBRECHAT_ANALYSIS)], tools=[function], tool_choice=forced
        )["tool_calls"]
        assert isinstance(called, list)
        assert "Vietnam" in json.loads(called[0]["function"]["arguments"])["title"]
        said = {
            "role": "assistant",
            "content": [{"type": "think", "think": "plan"}, {"type": "text", "text": answer}],
        }
        longer, _, _ = _streamed(
            client, messages=[question, said, _user("and over one week?")], user="u1"
        )
        with client.stream(
            "POST", "/chat/completions",
            json={"model": MODEL, "stream": True, "messages": [_user("Which sectors lag?")]},
        ) as broken:  # fmt: skip
            next(broken.iter_lines())
        resent, _, _ = _streamed(client, messages=[_user("Which sectors lag?")])
    assert served.runs() - before == {run, longer, resent}
    assert served.report(longer).request.window == "1W"
