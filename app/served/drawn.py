"""Decides how one heatmap answer becomes the report's own pictures, as PNG, without a report."""

from dataclasses import replace
from importlib.metadata import version

from app.render.blocks.pictures import heatmap_block, rotation_block
from app.render.blocks.trails import trails_of
from app.render.charts.rotation_map import rotation_map
from app.render.material import Material, material
from app.render.page import page
from app.render.pdf import pictures_png
from app.render.view import Block
from core.facts import evidence_facts
from core.records.evidence import Evidence
from core.records.plan import Plan, PlanStep, ToolArguments
from core.records.report import Provenance, Report
from core.records.request import Language, Request
from core.records.rotation_statistics import RotationStatisticsResult
from core.records.sectors import HeatmapResult
from core.records.universe import Frequency, Horizon, Universe

PIXELS_PER_INCH = 200.0


def drawable(
    result: HeatmapResult | RotationStatisticsResult,
    universe: Universe,
    *,
    horizon: Horizon,
    language: Language,
) -> Report:
    """Return the report that holds this answer and nothing else."""
    arguments = ToolArguments(region=universe.id, as_of=result.as_of, horizon=horizon)
    heatmap = isinstance(result, HeatmapResult)
    step = PlanStep(
        id="heatmap" if heatmap else "statistics",
        tool="get_sector_heatmap" if heatmap else "get_rotation_statistics",
        universe=universe.id,
        arguments=arguments,
        scored=heatmap,
    )
    evidence = Evidence(
        id=step.id, node=step.node, tool=step.tool, server="sectorwise", arguments=arguments,
        sha256=result.content_hash(), result=result,
    )  # fmt: skip
    return Report(
        request=Request(
            text="", language=language, intent="report", universes=(universe.id,),
            horizon=horizon, as_of=result.as_of, benchmark=result.benchmark,
        ),
        as_of=(result.as_of,),
        plan=Plan(author="rules", steps=(step,)),
        evidence=(evidence,),
        gaps=(),
        scorecards=(),
        allocations=(),
        facts=evidence_facts(evidence),
        sentences=(),
        synthetic=result.synthetic,
        provenance=Provenance(
            sectorwise=version("sectorwise"), universe_hashes=(result.universe_hash,),
            planner="rules", reporter="template",
        ),
    )  # fmt: skip


def map_png(report: Report, universe: Universe, frequency: Frequency) -> bytes:
    """Return the rotation map of the answer as PNG."""
    shown = material(report, universe)
    weekly = rotation_block(shown)
    if frequency == "weekly":
        block = weekly
    else:
        trails = trails_of(shown, frequency)
        words = shown.words
        last = max(trail.rotation.period for trail in trails)
        told = words.text(
            "map_of", frequency=words.label("frequency", frequency), day=words.day(last)
        )
        against = words.entity(report.request.benchmark or universe.benchmark.id)
        told = f"{told}, {words.text('map_against', benchmark=against)}"
        drawn = rotation_map(trails, words, name=f"map-{universe.id}")
        block = Block("map", weekly.title, pictures=(drawn,), notes=(told,))
    return _png(shown, block, Block("heatmap", ""))


def heatmap_png(report: Report, universe: Universe) -> bytes:
    """Return the predictive heatmap of the answer as PNG."""
    shown = material(report, universe)
    block = heatmap_block(shown)
    against = shown.words.entity(report.request.benchmark or universe.benchmark.id)
    return _png(shown, Block("map", f"{block.title} ({against})"), block)


def _png(shown: Material, above: Block, below: Block) -> bytes:
    """Return both parts below a title that names market and date."""
    words, universe = shown.words, shown.universe
    title = " · ".join((words.entity(universe.id), above.title, words.day(shown.as_of)))
    notes = above.notes
    if shown.report.synthetic:
        notes = (words.text("synthetic"), *notes)
    laid = page(shown.report, {universe.id: universe})
    part = replace(laid.universes[0], map=replace(above, title=title, notes=notes), heatmap=below)
    sheet = replace(laid, universes=(part,))
    return pictures_png(sheet, pixels_per_inch=PIXELS_PER_INCH)[0]
