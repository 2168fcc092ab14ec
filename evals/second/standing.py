"""Whether a page says what it must: its banner, its date, its request, its gaps, its own hash."""

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Final

from evals.second.faults import Fault
from evals.second.reading import Element, Object
from evals.second.report import evidence_of, items, part, text_of, values
from evals.second.scene import Scene
from evals.second.texts import block_of, holders, text_faults, unbound

_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_HORIZON: Final = re.compile(r"\b(1W|1M|3M)\b")
_OWN_HORIZON: Final = frozenset({"head", "actions", "sectors", "reasons", "textbook", "why"})
"""Blocks that speak of the horizon asked for alone."""
_HEADED: Final = 2
"""A heading, and what stands under it."""
_HASH: Final = re.compile(r"\b[0-9a-f]{12}\b")


def page_faults(root: Element, report: Object, parts: list[Scene]) -> Iterator[Fault]:
    """Yield what a page as a whole lacks or says too much; it has one part a universe at least."""
    names, request = parts[0].names, part(report, "request")
    if next(iter(root.all("html"))).get("lang") != names.language:
        yield Fault("the page is marked as of another language")
    yield from _banner_faults(root, report, parts)
    question, horizon = text_of(request, "text"), text_of(request, "horizon")
    raw = {str(one) for one in values(report)}
    raw |= {one[:12] for one in raw}
    inside = {id(each) for scene in parts for each in scene.shown.walk()}
    for block, each in holders(root, "page"):
        asked = "question" in each.classes and question != "" and question in each.text
        if id(each) in inside or asked:
            continue
        if block != "provenance" or each.text not in raw:
            yield from text_faults(block, each, names)
        if set(_HORIZON.findall(each.text)) - {horizon}:
            yield Fault("another horizon than was asked for", each.text)
    yield from _hash_faults(root, report)


def _banner_faults(root: Element, report: Object, parts: list[Scene]) -> Iterator[Fault]:
    """A banner stands where a universe is made up or some evidence is; the report says so too."""
    banner = [each for each in root.walk() if "synthetic" in each.classes and each.tag == "p"]
    made = any(part(each, "result").get("synthetic") for each in items(report, "evidence"))
    due = made or any(scene.names.synthetic for scene in parts)
    if bool(banner) != due or bool(report.get("synthetic")) != made:
        yield Fault("the page says otherwise whether its data are synthetic")
    if banner and banner[0].text != parts[0].names.words.said["synthetic"]:
        yield Fault("the banner says otherwise", banner[0].text)


def scene_faults(scene: Scene) -> Iterator[Fault]:
    """Yield what a universe's part lacks or dates otherwise."""
    results = evidence_of(scene.report, scene.names.id)
    for decided in (scene.allocation, scene.card):
        if text_of(decided, "as_of") > scene.as_of:
            yield Fault("the decision is of a day after the report's")
    for result in results:
        late = max(text_of(result, "as_of"), text_of(result, "known_at"))
        if late > scene.as_of:
            yield Fault(f"{text_of(result, 'tool')} knew of {late}")
    known = {one[:10] for one in values(scene.report) if isinstance(one, str) and _ISO.match(one)}
    lasts = {text_of(each, "last") for result in results for each in items(result, "sources")}
    for block, each in holders(scene.shown):
        yield from _said_faults(block, each, lasts if block == "foot" else known, scene)
    yield from _strip_faults(scene)
    yield from _gap_faults(scene)


def _said_faults(block: str, each: Element, days: set[str], scene: Scene) -> Iterator[Fault]:
    """Yield the days, benchmarks and horizons of a text that are not those it stands for."""
    said = unbound(each)
    if {str(day) for day in scene.names.days(said)} - days:
        yield Fault("a day nothing here has", said)
    marks, short = _marks(said, scene), set(scene.names.short_days(said))
    if marks and marks - _benchmarks(scene):
        yield Fault("another benchmark than the records'", said)
    horizon = text_of(part(scene.report, "request"), "horizon")
    spoken = block in _OWN_HORIZON and (each.tag != "th" or "[" in said)
    if spoken and set(_HORIZON.findall(_views_out(said))) - {horizon}:
        yield Fault("another horizon than was asked for", said)
    if short and short - _settling(said, scene):
        yield Fault("another day than the forecast settles on", said)


def _views_out(text: str) -> str:
    """Fitted views have a horizon of their own in their names."""
    return re.sub(r"[^,;]*, 1?3?[WM]\b", "", text) if "view" in text or "hình" in text else text


def _benchmarks(scene: Scene) -> set[str]:
    """The names of the benchmarks the records of a universe are against."""
    ids = {text_of(scene.allocation, "benchmark")} | {
        text_of(result, "benchmark") for result in evidence_of(scene.report, scene.names.id)
    }
    known = {scene.names.benchmarks[one] for one in ids if one in scene.names.benchmarks}
    return known or {next(iter(scene.names.benchmarks.values()))}


def _marks(text: str, scene: Scene) -> set[str]:
    found: set[str] = set()
    for name in sorted(scene.names.benchmarks.values(), key=len, reverse=True):
        if name in text:
            found.add(name)
            text = text.replace(name, "")
    return found


def _settling(text: str, scene: Scene) -> set[str]:
    """The days a horizon a text names settles on, in short."""
    heat = evidence_of(scene.report, scene.names.id, "get_sector_heatmap")
    rows = (
        each for result in heat for row in items(result, "rows") for each in items(row, "expected")
    )
    words = scene.names.words.horizons
    return {
        scene.names.short(text_of(each, "settles"))
        for each in rows
        if words.get(text_of(each, "horizon"), "") in text
    }


def _strip_faults(scene: Scene) -> Iterator[Fault]:
    """The head of a universe: its name, its benchmark, its date."""
    strip = next((each for each in scene.shown.all("dl") if "strip" in each.classes), None)
    if strip is None:
        yield Fault("a universe without its head")
        return
    told = [each.text for each in strip.all("dd")]
    marks = _benchmarks(scene)
    if not told[0].startswith(scene.names.universe):
        yield Fault("the head names another universe", told[0])
    if told[1].rpartition(" (")[0] not in marks:
        yield Fault("the head names another benchmark", told[1])
    if [str(day) for day in scene.names.days(told[2])] != [scene.as_of]:
        yield Fault("the head is of another day", told[2])


def _gap_faults(scene: Scene) -> Iterator[Fault]:
    """Every call that brought nothing is a row of what is missing; without any nothing is."""
    blocks = [each for each in scene.shown.walk() if block_of(each) == "missing"]
    told = [[cell.text for cell in row.all("td")] for each in blocks for row in each.all("tr")]
    if not blocks or len(list(holders(blocks[0]))) < _HEADED:
        yield Fault("nothing says what is missing, or that nothing is")
    words = scene.names.words
    gaps = [each for each in items(scene.report, "gaps") if each.get("universe") == scene.names.id]
    for gap in gaps:
        names = words.called("tool", text_of(gap, "tool"))
        actors = words.called("actor", text_of(part(gap, "gap"), "actor"))
        if not any(
            row and names & set(row[0].casefold().split(", ")) and row[-1].casefold() in actors
            for row in told
        ):
            yield Fault(f"nothing says that {text_of(gap, 'tool')} is missing", " | ".join(actors))


def _hash_faults(root: Element, report: Object) -> Iterator[Fault]:
    form = json.dumps(
        report, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    own = hashlib.sha256(form.encode()).hexdigest()[:12]
    known = {text[:12] for text in values(report) if isinstance(text, str)} | {own}
    told = {one for _, each in holders(root, "page") for one in _HASH.findall(each.text)}
    if own not in told:
        yield Fault("the page does not carry its report's hash", own)
    for each in sorted(told - known):
        if not each.isdigit():
            yield Fault("a hash of nothing here", each)
