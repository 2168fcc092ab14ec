"""Lays a report out as a page: which parts, in which order; each universe on its own."""

from collections.abc import Mapping

from app.render.blocks import evidence
from app.render.blocks.actions import actions
from app.render.blocks.changed import all_changes, changed
from app.render.blocks.factors import factors
from app.render.blocks.foot import foot
from app.render.blocks.glossary import terms
from app.render.blocks.limits import limits
from app.render.blocks.macro import macro_strip
from app.render.blocks.market_warning import market_warning
from app.render.blocks.members import member_built
from app.render.blocks.missing import missing, missing_strip
from app.render.blocks.orders import orders
from app.render.blocks.pictures import (
    both_frequencies,
    heatmap_block,
    rotation_block,
    told_paths,
)
from app.render.blocks.provenance import provenance, short_hash
from app.render.blocks.reading import reading
from app.render.blocks.reasons import reasons
from app.render.blocks.record import record
from app.render.blocks.risk import risk
from app.render.blocks.rotation_statistics import rotation_statistics
from app.render.blocks.sectors import sectors
from app.render.blocks.strip import strip
from app.render.blocks.textbook import textbook
from app.render.blocks.track import settled_calls, track
from app.render.blocks.warnings import warnings
from app.render.blocks.weights import weights
from app.render.blocks.why import why
from app.render.material import Material, material
from app.render.view import Block, Page, UniversePage
from app.render.words import quoted
from core.errors import UnknownUniverseError
from core.records.report import Report
from core.records.universe import Universe


def page(report: Report, universes: Mapping[str, Universe]) -> Page:
    """Return the page of a report.

    Raises:
        UnknownUniverseError: the report is about a universe that is not given.
    """
    for name in report.request.universes:
        if name not in universes:
            raise UnknownUniverseError(
                f"universe {name!r} of the report is not among the given ones"
            )
    materials = tuple(material(report, universes[name]) for name in report.request.universes)
    words = materials[0].words
    marked = _synthetic(report, materials)
    names = ", ".join(m.words.entity(m.universe.id) for m in materials)
    horizon = words.label("span", report.request.horizon.lower())
    digest = short_hash(report.content_hash())
    return Page(
        language=report.request.language,
        title=words.text("title", universes=names),
        question=quoted(report.request.text),
        understood=words.text(
            "understood", intent=words.label("intent", report.request.intent), universes=names,
            horizon=horizon,
        ),
        universes=tuple(_universe_page(m, digest, synthetic=m in marked) for m in materials),
        provenance=provenance(report, materials, digest),
        disclaimer=words.text("disclaimer"),
        sheet_word=words.text("page"),
    )  # fmt: skip


def _synthetic(report: Report, materials: tuple[Material, ...]) -> tuple[Material, ...]:
    made = tuple(
        m for m in materials if m.universe.synthetic or any(e.result.synthetic for e in m.evidence)
    )
    return materials if report.synthetic and not made else made


def _universe_page(m: Material, digest: str, *, synthetic: bool) -> UniversePage:
    words = m.words
    details = (
        told_paths(m), reading(m), all_changes(m), weights(m), orders(m), limits(m), reasons(m),
        record(m), factors(m), settled_calls(m), rotation_statistics(m), market_warning(m),
        both_frequencies(m), member_built(m), evidence.macro(m), evidence.flows(m),
        evidence.whales(m), evidence.fundamentals(m), evidence.stocks(m), missing(m), warnings(m),
        terms(m),
    )  # fmt: skip
    return UniversePage(
        id=m.universe.id,
        title=words.entity(m.universe.id),
        subtitle=words.label("taxonomy", m.universe.taxonomy),
        synthetic=words.text("synthetic") if synthetic else "",
        answer=Block("answer", words.label("title", "answer"), m.lines("answer")),
        strip=strip(m),
        headline=Block("headline", words.label("title", "headline"), m.lines("headline")),
        actions=actions(m),
        map=rotation_block(m),
        heatmap=heatmap_block(m),
        textbook=textbook(m),
        sectors=sectors(m),
        why=why(m),
        changed=changed(m),
        macro=macro_strip(m),
        risk=risk(m),
        track=track(m),
        missing=missing_strip(m),
        foot=foot(m, digest),
        details=tuple(block for block in details if not block.empty),
    )
