"""Whether a figure made of several is the one the records make: differences, sums and counts."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from evals.second.faults import Fault, unlisted
from evals.second.names import Names
from evals.second.numerals import Numeral, numerals
from evals.second.places import BETWEEN, Source
from evals.second.reading import Object
from evals.second.report import by_universe, evidence_of, items, number_of, text_of
from evals.second.scene import Scene
from evals.second.texts import opened

_BY_NATURE: Final = frozenset({"long_only", "not_listed", "too_short", "too_few_members"})
"""Limits no mandate states."""
_LISTED: Final = 3
"""Binding limits named before the others are counted."""
_CALLS: Final = ("live", "open")
"""Kinds of earlier calls a report card counts in passing."""
_LISTING: Final = frozenset({"missing", "missing_strip", "sectors", "foot"})
_PAIR: Final = re.compile(r"\(([\w.-]+), ([\w.-]+)\)")


def is_derived(title: str, names: Names) -> bool:
    """Tell whether a title says that its figure is counted, summed up or a difference."""
    said = names.words.said
    parts = title.split(BETWEEN)
    differs = len(parts) > 1 and parts[1].startswith(said["difference"])
    return differs or parts[0] in (said["count"], said["total"])


def derived_faults(title: str, text: str, before: str, scene: Scene) -> Iterator[Fault]:
    """Yield that a derived figure is another; `before` is the text that stands ahead of it."""
    form = opened(scene.names.template(text))
    if form.casefold() not in scene.names.words.texts["derived"]:
        yield unlisted("texts", "derived", form)
    elif not _made(title, before, list(numerals(text, scene.names.language)), scene):
        yield Fault("the records make another figure", f"{before[-40:]}{text}")


def _made(title: str, before: str, found: list[Numeral], scene: Scene) -> bool:
    said, parts = scene.names.words.said, title.split(BETWEEN)
    if parts[0] == said["count"]:
        due = _counts(scene.found(BETWEEN.join(parts[1:])), scene)
        told = [each.value for each in found]
        return any(told[len(told) - len(one) :] == one for one in due)
    if parts[0] == said["total"]:
        return all(any(each.tells(one, 100.0) for one in _sums(scene)) for each in found)
    if pair := _PAIR.search(title):
        one, other = (_fact(scene.report, name) for name in pair.groups())
        return all(each.tells(one - other, 100.0) for each in found)
    start = "benchmark_weight"
    if parts[0].casefold() in scene.names.words.measures_of("trade_weight"):
        start = "held_weight"
    return all(_differs(each, before, start, scene) for each in found)


def counted(block: str, scene: Scene) -> frozenset[str]:
    """Return the counts a block may tell in passing: of what it shows, how much there is."""
    changes = by_universe(scene.report, "changes", scene.names.id)
    rows = len(items(changes, "rows"))
    limits = sum(
        text_of(each, "kind") not in _BY_NATURE for each in items(scene.allocation, "limits")
    )
    if block == "risk":
        return frozenset({str(limits - _LISTED)})
    if block == "all_changes":
        return frozenset({f"{number_of(changes, 'same_count') or 0.0:.0f}"})
    if block == "macro":
        found = evidence_of(scene.report, scene.names.id, "get_macro_indicators")
        return frozenset(str(one) for each in found for one in range(len(items(each, "rows")) + 1))
    if block == "changes":
        return frozenset(str(one) for one in range(rows))
    if block == "track":
        card = by_universe(scene.report, "report_cards", scene.names.id)
        return frozenset(f"{number_of(card, f'{one}_count') or 0.0:.0f}" for one in _CALLS)
    if block == "rotation_statistics":
        found = evidence_of(scene.report, scene.names.id, "get_rotation_statistics")
        turns = [row for each in found for row in items(each, "turns")]
        return frozenset(f"{number_of(row, 'changes_count') or 0.0:.0f}" for row in turns)
    names = scene.names.sectors
    return frozenset(str(one) for one in range(len(names))) if block in _LISTING else frozenset()


def _fact(report: Object, name: str) -> float:
    found = (number_of(each, "value") for each in items(report, "facts") if each.get("id") == name)
    return next(found, None) or 0.0


def _counts(source: Source | None, scene: Scene) -> Iterator[list[float]]:
    gaps = [each for each in items(scene.report, "gaps") if each.get("universe") == scene.names.id]
    yield [float(len(gaps))]
    if source is None:
        yield [0.0, float(len(scene.names.sectors))]
        return
    rows = items(source.root, "rows")
    known = sum(1 for each in rows if each.get("weekly") is not None)
    yield [float(known), float(len(rows))]
    if source.above:
        yield from _fading(source.above[-1])


def _fading(row: object) -> Iterator[list[float]]:
    """How many of the factors on a score's side must fade, the strongest first, to turn it."""
    if not isinstance(row, dict):
        return
    score = number_of(row, "score") or 0.0
    side = 1.0 if score > 0.0 else -1.0
    parts: dict[str, float] = defaultdict(float)
    for each in items(row, "contributions"):
        parts[text_of(each, "factor")] += side * (number_of(each, "contribution") or 0.0)
    helping = sorted((each for each in parts.values() if each > 0.0), reverse=True)
    left, faded = side * score, 0
    while faded < len(helping) and left > 0.0:
        left -= helping[faded]
        faded += 1
    yield [float(faded), float(len(helping))]
    if faded == 1:
        yield []


def _sums(scene: Scene) -> Iterator[float]:
    for row in items(scene.card, "sectors"):
        families: dict[str, float] = defaultdict(float)
        for each in items(row, "contributions"):
            families[text_of(each, "family")] += number_of(each, "contribution") or 0.0
        yield from families.values()
        yield sum(families.values())


def _differs(each: Numeral, before: str, start: str, scene: Scene) -> bool:
    """A target less the weight it starts from, of the sector named right before or first of all."""
    active = {
        text_of(line, "sector"): (number_of(line, "target_weight") or 0.0)
        - (number_of(line, start) or 0.0)
        for line in items(scene.allocation, "lines")
    }
    ahead = before.rstrip(" (").rsplit(", ", 1)[-1].rsplit(": ", 1)[-1].rsplit("; ", 1)[-1].strip()
    named = scene.names.sector_named(ahead) or _heading(before, scene.names)
    if named is not None:
        return each.tells(active.get(named, 0.0), 100.0)
    return any(each.tells(one, 100.0) for one in (*active.values(), *_styles(active, scene)))


def _heading(before: str, names: Names) -> str | None:
    """The sector a text begins with, by the longest of its names."""
    found = ((name, one) for one, known in names.sectors.items() for name in known)
    fitting = [(len(name), one) for name, one in found if name and before.startswith(name)]
    return max(fitting, default=(0, None))[1]


def _styles(active: dict[str, float], scene: Scene) -> Iterator[float]:
    sums: dict[str, float] = defaultdict(float)
    for sector, weight in active.items():
        sums[scene.names.styles.get(sector, "")] += weight
    yield from sums.values()
    yield 0.0
