"""The second verifier: every disagreement between a finished page and the evidence beside it.

It reads the page as a reader does and the report's JSON, and shares no code with what made either;
it decides whether they agree, not whether the evidence is true.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from evals.second.bound import measure_faults, shown_faults
from evals.second.changed import change_faults
from evals.second.charts import chart_faults
from evals.second.decision import score_faults, weight_faults
from evals.second.derived import counted, derived_faults, is_derived
from evals.second.facts import fact_faults, facts_of
from evals.second.faults import Fault
from evals.second.inert import activity
from evals.second.prose import prose_faults
from evals.second.reading import Element, Object, read_page
from evals.second.records import note_faults, record_faults
from evals.second.report import by_universe, items, values
from evals.second.rows import row_faults
from evals.second.scene import Scene, scenes
from evals.second.sentences import is_sentence, sentence_faults, verified
from evals.second.standing import page_faults, scene_faults
from evals.second.texts import block_of, holders, loose, preceded, text_faults
from evals.second.titles import title_faults
from evals.second.verdicts import verdict_faults

_HASH: Final = 12
"""Characters of a hash a page shows."""


def disagreements(html: str, report: Object) -> tuple[str, ...]:
    """Return what a page says that its report does not, a line each; empty where they agree."""
    return tuple(dict.fromkeys(fault.said for fault in faults(html, report)))


def faults(html: str, report: Object) -> Iterator[Fault]:
    """Yield the same, with the list and key of a word that is not listed."""
    page = read_page(html)
    yield from (Fault(each) for each in (*page.faults, *activity(page.root)))
    try:
        parts = list(scenes(report, page.root))
    except (KeyError, ValueError) as error:
        yield Fault(f"the page is not of these universes: {error}")
        return
    yield from page_faults(page.root, report, parts)
    yield from fact_faults(report)
    for scene in parts:
        yield from score_faults(scene.card)
        yield from weight_faults(scene.allocation)
        yield from weight_faults(by_universe(report, "before", scene.names.id))
        yield from scene_faults(scene)
        yield from chart_faults(scene)
        yield from verdict_faults(scene)
        yield from change_faults(scene)
        yield from _scene_faults(scene)


def _scene_faults(scene: Scene) -> Iterator[Fault]:
    facts = facts_of(scene.report)
    for sentence in items(scene.report, "sentences"):
        if sentence.get("universe") == scene.names.id:
            yield from prose_faults(sentence, facts, scene.report, scene.names)
    for before, each in preceded(scene.shown):
        yield from _bound_faults(each, before, scene)
        if block_of(each):
            for table in each.all("table"):
                yield from row_faults(block_of(each), table, scene)
    yield from _text_faults(scene)


def _text_faults(scene: Scene) -> Iterator[Fault]:
    """Every text is a verified sentence, a plain value of the report, or listed words."""
    known = verified(scene.report)
    raw = {str(one) for one in values(scene.report)}
    raw |= {one[:_HASH] for one in raw}
    for block, each in holders(scene.shown):
        if is_sentence(each, known):
            yield from sentence_faults(each, known)
        elif block != "provenance" or each.text not in raw:
            yield from text_faults(block, each, scene.names, counted(block, scene))
    yield from (Fault("text outside everything", each) for each in loose(scene.shown))


def _bound_faults(each: Element, before: str, scene: Scene) -> Iterator[Fault]:
    title = each.get("title")
    if not title:
        return
    if is_derived(title, scene.names):
        yield from derived_faults(title, each.text, before, scene)
        return
    try:
        source = scene.source(title)
    except KeyError as error:
        yield Fault(f"a title points to nothing: {error}", title)
        return
    if source is None:
        yield from note_faults(title, each.text, scene)
        return
    yield from title_faults(source, scene)
    if each.tag == "tr":
        return
    if isinstance(source.value, Mapping):
        yield from record_faults(source, each.text, scene.names)
    else:
        yield from measure_faults(source, scene.names)
        yield from shown_faults(source, each.text, scene.names, scene.as_of)
