"""The dead man's switch: one request a success, bounded, and never in a job's way."""

import logging
import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from app.observing import pings
from app.observing.pings import ping
from app.settings import Settings


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A switch that answers, sends elsewhere what begins with `/away`, and breaks at `/broken`."""
    paths: list[str] = []

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            status = {"/away": 302, "/brok": 500}.get(self.path[:5], 200)
            self.send_response(status)
            if status == 302:
                self.send_header("location", "/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", paths
    server.shutdown()
    server.server_close()
    thread.join()


def test_each_job_has_its_own_switch(asked: tuple[str, list[str]]) -> None:
    url, paths = asked
    ping(Settings.model_validate({"ping_url": f"{url}/s3cret-key/{{name}}"}), "watch:vn")
    assert paths == ["/s3cret-key/watch-vn"]


def test_without_an_address_nobody_is_asked() -> None:
    ping(Settings(), "watch:vn")


@pytest.mark.parametrize(("path", "said"), [("/away", "302"), ("/broken", "500")])
def test_another_answer_is_a_warning_without_the_address(
    asked: tuple[str, list[str]], path: str, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    url, paths = asked
    with caplog.at_level(logging.WARNING):
        ping(Settings.model_validate({"ping_url": f"{url}{path}"}), "deliver")
    assert paths == [path]
    assert said in caplog.text
    assert url not in caplog.text


def test_a_switch_that_is_down_or_never_answers_is_left_behind(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(pings, "PING_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent, caplog.at_level(logging.WARNING):
        start = time.monotonic()
        for port in (silent.getsockname()[1], 9):
            ping(Settings.model_validate({"ping_url": f"http://127.0.0.1:{port}/"}), "deliver")
        assert time.monotonic() - start < 30
    assert caplog.text.count("the ping of deliver failed") == 2
