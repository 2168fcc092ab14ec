"""Whether a word that sums up numbers follows from them: a record's verdict, a flow's mark."""

from collections.abc import Iterator
from typing import Final

from evals.second.faults import Fault
from evals.second.names import Names
from evals.second.reading import Element, Object
from evals.second.report import by_universe, evidence_of, items, number_of, part, text_of
from evals.second.scene import Scene
from evals.second.texts import block_of, holders

_KINDS: Final = ("few", "chance", "worse", "better", "shown", "beaten")
_TOLD: Final = 2.0
"""Standard errors from which on a mean is told from chance (docs/method.md)."""
_SUMMED_UP: Final = frozenset({"head", "record"})
_MARKS: Final = {"\N{CHECK MARK}": 1.0, "\N{BALLOT X}": -1.0}


def verdict(record: Object) -> str:
    """Return what a forecast's record shows, by the rule of docs/method.md."""
    t, gap = number_of(record, "ic_t_index"), number_of(record, "momentum_gap_t_index")
    own, other = (number_of(record, name) for name in ("ic_mean_index", "momentum_ic_mean_index"))
    if t is None or own is None:
        return "few"
    if abs(t) < _TOLD:
        return "chance"
    if own < 0.0:
        return "worse"
    if gap is not None and gap >= _TOLD:
        return "better"
    return "shown" if other is None or own > other else "beaten"


def verdict_faults(scene: Scene) -> Iterator[Fault]:
    """Yield the verdicts that are not those of their records, and marks against their flow."""
    horizon = text_of(part(scene.report, "request"), "horizon")
    heat = evidence_of(scene.report, scene.names.id, "get_sector_heatmap")
    records = [row for each in heat for row in items(each, "skill")]
    asked = next((row for row in records if row.get("horizon") == horizon), {})
    for block, each in holders(scene.shown):
        if block in _SUMMED_UP and each.tag in ("dd", "p"):
            yield from _worded(each.text, asked, scene.names)
        if block == "track" and each.tag == "p":
            yield from _worst(each.text, scene)
    for each in scene.shown.walk():
        source = scene.found(each.get("title"))
        if source is not None and source.field == "get_sector_heatmap/skill":
            row = source.value if isinstance(source.value, dict) else {}
            yield from _worded(each.text, row, scene.names)
        if block_of(each) == "sectors":
            for cell in each.all("td"):
                yield from _marked(cell, scene)


def _worded(text: str, record: Object, names: Names) -> Iterator[Fault]:
    told = text.casefold()
    found = {
        words: kind
        for kind in _KINDS
        for words in names.words.called("skill", kind)
        if words in told
    }
    said = {
        kind
        for words, kind in found.items()
        if not any(words in one for one in found.keys() - {words})
    }
    if said and said != {verdict(record)}:
        yield Fault(f"the record's verdict is {verdict(record)}", text)


def _worst(text: str, scene: Scene) -> Iterator[Fault]:
    """The worst call is told of its sector, under its stance."""
    call = part(by_universe(scene.report, "report_cards", scene.names.id), "worst")
    head, _, told = text.partition(": ")
    if not call or head.casefold() != scene.names.words.said["worst"]:
        return
    sector, stance = [*told.split(", "), ""][:2]
    known = scene.names.words.called("stance", text_of(call, "stance"))
    if (
        scene.names.sector_named(sector) != text_of(call, "sector")
        or stance.casefold() not in known
    ):
        yield Fault(f"the worst call is {text_of(call, 'stance')} {text_of(call, 'sector')}", text)


def _marked(cell: Element, scene: Scene) -> Iterator[Fault]:
    """A check mark stands before bought value, a cross before sold."""
    sign = next((sign for mark, sign in _MARKS.items() if cell.text.startswith(mark)), 0.0)
    for each in cell.walk():
        source = scene.found(each.get("title"))
        if sign and source is not None and source.pointer.endswith("/net_bn"):
            value = source.value if isinstance(source.value, float) else 0.0
            if sign * value < 0.0:
                yield Fault("a mark says the flow went the other way", cell.text)
