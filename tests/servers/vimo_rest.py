"""A loopback stand-in of the REST API behind the public VIMO server, for its own code to call."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from tests.servers.vimo_answers import ANSWERS, ENDPOINTS

KEY = "vimo_demo_public_readonly_2026"
"""The read-only key its README publishes for trying it."""


@dataclass
class VimoApi:
    """What was asked, and from which call on the rate limit is exceeded."""

    day: date
    refuses_after: int = 1_000_000
    url: str = ""
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str, key: str | None) -> tuple[int, object]:
        """Return the status and the body of a request."""
        self.asked.append(path)
        if key != KEY:
            return 401, {"error": "VIMO_AUTH_ERROR"}
        if len(self.asked) > self.refuses_after:
            return 429, {"error": "VIMO_RATE_LIMIT"}
        names = {endpoint: name for name, endpoint in ENDPOINTS.items()}
        name = names.get(urlsplit(path).path)
        return (404, {"error": "not found"}) if name is None else (200, ANSWERS[name](self.day))


@contextmanager
def vimo_api(day: date, *, refuses_after: int = 1_000_000) -> Iterator[VimoApi]:
    """Serve on a free port of the loopback interface until left."""
    api = VimoApi(day, refuses_after)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = api.answer(self.path, self.headers.get("x-api-key"))
            content = json.dumps(body, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            del args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
