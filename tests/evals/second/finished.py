"""Finished pages with the reports they are of, both as they are written to files."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Final

from agents.run import run_request
from agents.services import DeskOf
from app.compose import Composition, open_services
from app.desk import NOTHING
from app.files.universes import load_universes
from app.render.bundle import render
from app.settings import Settings
from core.history.calls import calls_made
from core.history.snapshot import snapshot
from core.history.track import report_card
from core.records.desk import Desk
from core.records.history import CallsMade, LoggedCalls
from core.records.holdings import Holdings
from core.records.mandate import Mandate
from core.records.report import Report
from core.records.request import Request
from core.request import parse_request
from evals.numbers.reports import Wanted
from evals.second.reading import Object, read_report
from tools.storage.panels import market_panels
from tools.storage.store import Store

PACKAGED: Final = Mandate()


@dataclass(frozen=True, slots=True)
class After:
    """A report whose predecessor is the last plain one; `judged`: its calls are on record."""

    wanted: Wanted
    holdings: Holdings | None = None
    mandate: Mandate = PACKAGED
    judged: bool = False


def finished(
    home: Path, wanted: Iterable[Wanted | After], folder: Path
) -> list[tuple[str, Object]]:
    """Return the pages of reports with the reports' JSON, both as they are written to files."""
    return asyncio.run(_all_made(home, wanted, folder))


async def _all_made(
    home: Path, wanted: Iterable[Wanted | After], folder: Path
) -> list[tuple[str, Object]]:
    settings, universes = Settings(home=home, views="plain"), load_universes()
    composition = Composition(settings=settings, universes=universes)
    pages: list[tuple[str, Object]] = []
    before: Report | None = None
    async with open_services(composition) as services:
        for place, each in enumerate(wanted):
            one = each.wanted if isinstance(each, After) else each
            asked = replace(services, model=one.model)
            if isinstance(each, After) and before is not None:
                asked = replace(asked, desk=_desk_after(each, before, Store(home)))
            run = await run_request(_request(one), asked, run_id=f"page-{place}")
            named = {one.universe: universes[one.universe]}
            files = render(run.report, named, formats=("html", "json"), out_dir=folder)
            html, told = (files[kind].read_text("utf-8") for kind in ("html", "json"))
            pages.append((html, read_report(told)))
            before = before if isinstance(each, After) else run.report
    return pages


def _request(one: Wanted) -> Request:
    if one.question:
        universe = load_universes()[one.universe]
        return parse_request(one.question, (universe,), default_universe=universe.id)
    return Request(
        text="", language=one.language, intent="report", universes=(one.universe,),
        horizon=one.horizon, as_of=one.as_of,
    )  # fmt: skip


def _desk_after(each: After, before: Report, store: Store) -> DeskOf:
    """Return the desk of somebody who kept the plain report made before."""
    wanted, universe = each.wanted, load_universes()[each.wanted.universe]
    closes = NOTHING
    logged: tuple[LoggedCalls, ...] = ()
    if each.judged:
        closes = market_panels(store, universe).until(wanted.as_of).sectors.closes
        logged = tuple(_logged(made, place) for place, made in enumerate(calls_made(before)))
    desk = Desk(
        mandate=each.mandate,
        holdings=each.holdings,
        predecessor=snapshot(before, universe.id),
        report_card=report_card(
            logged, closes, universe, as_of=wanted.as_of, horizon=wanted.horizon
        ),
    )
    return lambda *_: desk


def _logged(made: CallsMade, place: int) -> LoggedCalls:
    """Return calls as they were logged on their day."""
    day = datetime.combine(made.as_of, time(23), UTC)
    return LoggedCalls(seq=place + 1, recorded_at=day, made=made)
