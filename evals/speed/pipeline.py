"""Measures a whole research run against the sum of the tool calls it makes, in one process."""

import asyncio
import statistics
import time
from collections.abc import Awaitable
from pathlib import Path

from agents.run import run_request
from agents.services import Services
from app.compose import Composition, open_services
from app.files.universes import load_universes
from app.settings import Settings
from core.records.plan import PlanStep
from core.records.request import Request

ROUNDS = 5


def measure(home: Path, universe: str) -> dict[str, float]:
    """Return medians in ms of a run and of its calls made one after the other, and their ratio."""
    composition = Composition(settings=Settings(home=home), universes=load_universes())
    return asyncio.run(_measured(composition, universe))


async def _measured(composition: Composition, universe: str) -> dict[str, float]:
    request = Request(text="", language="en", intent="report", universes=(universe,))
    async with open_services(composition) as services:
        warm = await run_request(request, services, run_id="warm")
        steps = warm.report.plan.steps
        runs, calls = [], []
        for number in range(ROUNDS):
            run = run_request(request, services, run_id=f"run-{number}")
            runs.append(await _seconds(run))
            calls.append(await _seconds(_called(services, steps, f"calls-{number}")))
    run_ms, calls_ms = statistics.median(runs) * 1e3, statistics.median(calls) * 1e3
    return {"run_ms": run_ms, "calls_ms": calls_ms, "run_over_calls": run_ms / calls_ms}


async def _called(services: Services, steps: tuple[PlanStep, ...], run: str) -> None:
    for step in steps:
        await services.toolbox.call(step, run=run)


async def _seconds(work: Awaitable[object]) -> float:
    start = time.perf_counter()
    await work
    return time.perf_counter() - start
