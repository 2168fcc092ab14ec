import itertools
import json
from collections.abc import AsyncIterator

from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

from agents.toolbox.redaction import REDACTED, Redactor
from app.web.security.secrets import Redacted
from tests.app.web.security.asking import ask

CANARY = "c4nary-0f-4n-0per4tor/with+signs=="
OTHER = 'quoted"canary\\12345'
REDACTOR = Redactor(frozenset({CANARY, OTHER}))


def answered(response: Response) -> tuple[str, dict[str, str]]:
    answer = ask(Redacted(response, REDACTOR))
    return answer.text, answer.headers


def cut(text: str, places: list[int]) -> list[str]:
    ends = sorted({place % (len(text) + 1) for place in places} | {0, len(text)})
    return [text[a:b] for a, b in itertools.pairwise(ends)]


@given(st.lists(st.integers(0, 400), max_size=12))
def test_a_secret_cut_anywhere_never_leaves_in_a_stream(places: list[int]) -> None:
    text = f"id: 1\ndata: {json.dumps({'error': f'key {CANARY} and {OTHER}'})}\n\n"

    async def pieces() -> AsyncIterator[str]:
        for piece in cut(text, places):
            yield piece

    said, _ = answered(StreamingResponse(pieces(), media_type="text/event-stream"))
    assert CANARY not in said
    assert json.dumps(OTHER)[1:-1] not in said
    assert json.loads(said.partition("data: ")[2]) == {"error": f"key {REDACTED} and {REDACTED}"}


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=6))
def test_what_holds_no_secret_comes_out_byte_for_byte(raw: bytes, places: list[int]) -> None:
    ends = sorted({place % (len(raw) + 1) for place in places} | {0, len(raw)})

    async def pieces() -> AsyncIterator[bytes]:
        for start, end in itertools.pairwise(ends):
            yield raw[start:end]

    answer = ask(Redacted(StreamingResponse(pieces(), media_type="text/plain"), REDACTOR))
    assert answer.body == raw


def test_an_event_without_a_secret_is_sent_at_once_and_whole() -> None:
    passage = REDACTOR.passage()
    assert passage.fed('data: {"event":"stopped"}\n\n') == 'data: {"event":"stopped"}\n\n'
    assert passage.fed("data: c4nary") == "data: "
    assert passage.fed(" is a bird") == "c4nary is a bird"
    assert passage.ended() == ""


def test_an_answer_keeps_a_true_length_and_stays_json() -> None:
    said, headers = answered(JSONResponse({"told": [CANARY, OTHER], "rows": 3}))
    assert json.loads(said) == {"told": [REDACTED, REDACTED], "rows": 3}
    assert int(headers["content-length"]) == len(said.encode())


def test_members_that_are_only_named_like_secrets_are_told() -> None:
    rows = {"tokens": 12345678, "key": "excess_12m_pct", "author": "model_1234567"}
    assert json.loads(answered(JSONResponse(rows))[0]) == rows


def test_errors_in_plain_text_and_pages_are_cleaned_and_packed_files_left_alone() -> None:
    assert answered(PlainTextResponse(f"no {CANARY}"))[0] == f"no {REDACTED}"
    assert answered(Response(f"<p>{CANARY}</p>", media_type="text/html"))[0] == "<p>redacted</p>"
    packed = ask(Redacted(Response(b"\x89PNG" + CANARY.encode(), media_type="image/png"), REDACTOR))
    assert packed.body == b"\x89PNG" + CANARY.encode()
