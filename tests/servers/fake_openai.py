"""A loopback endpoint that speaks chat completions, or fails to in a chosen way."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Body = dict[str, object]


def completion(text: object, *, finish: object = "stop", **message: object) -> bytes:
    """Return a chat completion's bytes."""
    choice = {"index": 0, "finish_reason": finish, "message": {"content": text, **message}}
    return json.dumps({"id": "1", "model": "fake", "choices": [choice]}).encode()


class FakeOpenAI:
    """Answers `text` under a fault mode; `requests` keeps every body it was sent."""

    def __init__(self, text: str | Callable[[Body], str], fault: str = "none") -> None:
        self._text, self.fault = text, fault
        self.requests: list[Body] = []
        self._released = threading.Event()

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Yield the base URL."""
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["content-length"])
                fake._answer(self, json.loads(self.rfile.read(length)))

            def log_message(self, *_: object) -> None:
                return

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/v1"
        finally:
            self._released.set()
            server.shutdown()
            server.server_close()
            thread.join()

    def _answer(self, handler: BaseHTTPRequestHandler, body: Body) -> None:
        self.requests.append(body)
        text = self._text if isinstance(self._text, str) else self._text(body)
        status, headers, content = self._response(text, body)
        handler.send_response(status)
        for name, value in {"content-type": "application/json", **headers}.items():
            handler.send_header(name, value)
        declared = len(content) + (500 if self.fault == "truncated_body" else 0)
        handler.send_header("content-length", str(declared))
        handler.end_headers()
        handler.wfile.write(content)

    def _response(self, text: str, body: Body) -> tuple[int, dict[str, str], bytes]:
        first = len(self.requests) == 1
        if self.fault == "hang":
            self._released.wait(30)
        if self.fault == "slow":
            time.sleep(0.3)
        failing = {
            "500": (500, {}, b'{"error": {"message": "boom"}}'),
            "429": (429, {"retry-after": "0"}, b'{"error": {"message": "slow down"}}'),
            "429_long": (429, {"retry-after": "3600"}, b'{"error": {"message": "slow down"}}'),
            "quota": (429, {}, b'{"error": {"code": "insufficient_quota", "message": "x"}}'),
            "401": (401, {}, b'{"error": {"message": "bad key"}}'),
            "html": (200, {"content-type": "text/html"}, b"<html>gateway</html>"),
            "bad_json": (200, {}, b'{"choices": ['),
        }
        if self.fault in failing:
            return failing[self.fault]
        if self.fault == "500_once" and first:
            return failing["500"]
        if self.fault == "429_once" and first:
            return failing["429"]
        refused = _refused_parameter(self.fault, body)
        if refused:
            error = {"message": "unsupported", "param": refused}
            return 400, {}, json.dumps({"error": error}).encode()
        odd = {
            "empty_choices": b'{"choices": []}',
            "null_choices": b'{"choices": null}',
            "null_content": completion(None),
            "number_content": completion(5),
            "list_choice": b'{"choices": ["x"]}',
            "length": completion(text[:20], finish="length"),
            "filtered": completion(text, finish="content_filter"),
            "refusal": completion(None, refusal="no"),
            "tool_call": completion(None, finish="tool_calls", tool_calls=[{"function": 1}]),
            "surrogate": b'{"choices":[{"finish_reason":"stop","message":{"content":"\\ud800"}}]}',
            "flood": completion("x" * 2_000_000),
        }
        return 200, {}, odd.get(self.fault, completion(text))


def _refused_parameter(fault: str, body: Body) -> str | None:
    form = body.get("response_format")
    kind = form.get("type") if isinstance(form, dict) else None
    if fault == "no_schema" and kind == "json_schema":
        return "response_format"
    if fault == "prompt_only" and kind is not None:
        return "response_format"
    if fault == "new_parameters":
        return next((name for name in ("max_tokens", "temperature") if name in body), None)
    return None
