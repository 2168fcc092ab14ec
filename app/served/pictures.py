"""Registers the pictures as tools: the image, what it shows as data, and its page for MCP Apps."""

import base64
from datetime import date
from typing import Annotated, Final, Literal

import anyio.to_thread
from mcp.server.fastmcp import FastMCP
from mcp.types import CallToolResult, ImageContent

from app.render.charts.palette import sector_colour
from app.served.map_page import MAP_URI
from app.served.records import RotationMapResult, RotationMapRow
from core.records.request import Language
from core.records.sectors import HeatmapResult, HeatmapRow, Rotation
from core.records.universe import Frequency, Horizon, Universe
from core.wording import entity_name
from tools.context import ToolContext
from tools.contracts import answer
from tools.registration.arguments import READ_ONLY, AsOf, Mark, Region
from tools.sectors.heatmap import sector_heatmap

Drawn = Literal["weekly", "daily"]
TAIL_NODES: Final = 12
"""Bars of a tail beside the picture, which draws eight."""
TITLES: Final[dict[Language, str]] = {"en": "Rotation map", "vi": "Bản đồ luân chuyển"}


def add_picture_tools(server: FastMCP, context: ToolContext) -> None:
    """Register them."""

    @server.tool(annotations=READ_ONLY, meta={"ui": {"resourceUri": MAP_URI}})
    async def get_rotation_map(
        region: Region = None,
        frequency: Drawn = "weekly",
        as_of: AsOf = None,
        benchmark: Mark = None,
        language: Language = "en",
    ) -> Annotated[CallToolResult, RotationMapResult]:
        """The rotation map as a picture: sectors around the benchmark at 100, with their tails.

        `rows` hold what it shows; RRG-compatible, the formula is published in docs/method.md.
        """

        def work() -> CallToolResult:
            result, universe = _heatmap(context, region, as_of, benchmark)
            return _mapped(result, universe, frequency, language)

        return await anyio.to_thread.run_sync(work)

    @server.tool(annotations=READ_ONLY)
    async def get_heatmap_picture(
        region: Region = None,
        horizon: Horizon = "1M",
        as_of: AsOf = None,
        benchmark: Mark = None,
        language: Language = "en",
    ) -> Annotated[CallToolResult, HeatmapResult]:
        """The predictive heatmap as a picture: what happened, what is expected, with what record.

        Rows are get_sector_heatmap's, without the factors.
        """

        def work() -> CallToolResult:
            result, universe = _heatmap(context, region, as_of, benchmark, horizon=horizon)
            return _heated(result, universe, horizon, language)

        return await anyio.to_thread.run_sync(work)


def _heatmap(
    context: ToolContext,
    region: str | None,
    as_of: date | None,
    benchmark: str | None,
    *,
    horizon: Horizon = "1M",
) -> tuple[HeatmapResult, Universe]:
    universe = context.universe(region)
    result = sector_heatmap(
        context, region=universe.id, horizon=horizon, as_of=as_of, benchmark=benchmark
    )
    return result.model_copy(update={"factors": ()}), universe


def _mapped(
    result: HeatmapResult, universe: Universe, frequency: Drawn, language: Language
) -> CallToolResult:
    from app.served.drawn import drawable, map_png

    data = map_data(result, universe, frequency=frequency, language=language)
    made = answer(data, universe)
    if not data.rows:
        return made
    report = drawable(result, universe, horizon="1M", language=language)
    return _with_picture(made, map_png(report, universe, frequency))


def _heated(
    result: HeatmapResult, universe: Universe, horizon: Horizon, language: Language
) -> CallToolResult:
    from app.served.drawn import drawable, heatmap_png

    made = answer(result, universe)
    if not result.rows:
        return made
    report = drawable(result, universe, horizon=horizon, language=language)
    return _with_picture(made, heatmap_png(report, universe))


def map_data(
    result: HeatmapResult, universe: Universe, *, frequency: Drawn, language: Language
) -> RotationMapResult:
    """Return what the map of a heatmap's answer shows, sectors in the universe's order."""
    envelope = {
        name: getattr(result, name)
        for name in ("universe", "universe_hash", "as_of", "known_at", "currency", "synthetic",
                     "gap", "sources", "treatment", "benchmark")
    }  # fmt: skip
    rows = [_row(row, universe, frequency, language) for row in result.rows]
    return RotationMapResult(
        tool="get_rotation_map",
        **envelope,
        title=f"{entity_name(universe.id, language, universe)} · {TITLES[language]}",
        benchmark_name=entity_name(result.benchmark, language, universe),
        frequency=frequency,
        rows=tuple(row for row in rows if row is not None),
        missing=tuple(cell for cell in result.missing if cell.measure.startswith(frequency)),
    )


def _row(
    row: HeatmapRow, universe: Universe, frequency: Frequency, language: Language
) -> RotationMapRow | None:
    rotation: Rotation | None = row.weekly if frequency == "weekly" else row.daily
    if rotation is None:
        return None
    return RotationMapRow(
        sector=row.sector,
        name=entity_name(row.sector, language, universe),
        ticker=row.ticker,
        colour=sector_colour(universe.sector_ids.index(row.sector)),
        rotation=rotation.model_copy(update={"tail": rotation.tail[-TAIL_NODES:]}),
        flags=row.flags,
    )


def _with_picture(made: CallToolResult, png: bytes) -> CallToolResult:
    """Return the answer with its picture after the text."""
    data = base64.b64encode(png).decode()
    picture = ImageContent(type="image", data=data, mimeType="image/png")
    return made.model_copy(update={"content": [*made.content, picture]})
