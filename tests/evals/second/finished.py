"""Finished pages with the reports they are of, both as they are written to files."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from app.render.bundle import render
from evals.numbers.reports import Wanted, made
from evals.second.reading import Object, read_report


def finished(home: Path, wanted: Iterable[Wanted], folder: Path) -> list[tuple[str, Object]]:
    """Return the pages of reports with the reports' JSON, both as they are written to files."""

    async def all_made() -> list[tuple[str, Object]]:
        pages = []
        async for one in made(home, wanted):
            universes = {one.universe.id: one.universe}
            files = render(one.report, universes, formats=("html", "json"), out_dir=folder)
            pages.append(
                (files["html"].read_text("utf-8"), read_report(files["json"].read_text("utf-8")))
            )
        return pages

    return asyncio.run(all_made())
