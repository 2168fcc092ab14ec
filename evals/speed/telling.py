"""Measures what telling of a run costs: to nobody, to counts, to a collector that is there.

The three take turns. Times are of the processor, threads that send included.
"""

import asyncio
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from agents.run import run_request
from agents.services import Services
from agents.tracing import Work, hear, span, unhear
from app.compose import Composition, open_services
from app.files.universes import load_universes
from app.observing.exporting import exporting
from app.settings import Settings
from app.status.prometheus import Counting
from core.records.request import Request

ROUNDS = 7
SPANS = 20_000


def measure(home: Path, universe: str) -> dict[str, float]:
    """Return medians in CPU ms of a run by who is told, their ratios, what untold spans cost."""
    composition = Composition(settings=Settings(home=home), universes=load_universes())
    return asyncio.run(_measured(composition, universe))


async def _measured(composition: Composition, universe: str) -> dict[str, float]:
    request = Request(text="", language="en", intent="report", universes=(universe,))
    found: dict[str, list[float]] = {"nobody": [], "counts": [], "collector": []}
    async with open_services(composition) as services:
        spans_count = await _spans(services, request)
        for number in range(ROUNDS):
            for name, times in found.items():
                with _listening(name):
                    start = time.process_time()
                    await run_request(request, services, run_id=f"{name}-{number}")
                    times.append(time.process_time() - start)
    ms = {name: statistics.median(times) * 1e3 for name, times in found.items()}
    span_us = _untold_us()
    return {
        "run_told_nobody_ms": ms["nobody"],
        "counts_over_nobody": ms["counts"] / ms["nobody"],
        "collector_over_nobody": ms["collector"] / ms["nobody"],
        "spans_of_a_run": float(spans_count),
        "untold_span_us": span_us,
        "untold_spans_over_run": spans_count * span_us / 1e3 / ms["nobody"],
    }


async def _spans(services: Services, request: Request) -> int:
    heard: list[Work] = []
    hearer = heard.append
    hear(hearer)
    await run_request(request, services, run_id="warm")
    unhear(hearer)
    return len(heard)


def _untold_us() -> float:
    start = time.process_time()
    for _ in range(SPANS):
        with span("node scorer", node="scorer"):
            pass
    return (time.process_time() - start) / SPANS * 1e6


@contextmanager
def _listening(name: str) -> Iterator[None]:
    if name == "nobody":
        yield
    elif name == "counts":
        with Counting():
            yield
    else:
        with _collector() as url:
            given = {"OTEL_EXPORTER_OTLP_ENDPOINT": url}
            export = exporting(Settings.model_validate(given))
            yield
            if export is not None:
                export.close()


@contextmanager
def _collector() -> Iterator[str]:
    """Yield the address of what takes everything and keeps nothing."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()
