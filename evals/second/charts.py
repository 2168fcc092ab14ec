"""Whether the words and numbers of a picture are the evidence's: tooltips, axes, caption."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from evals.second.faults import Fault
from evals.second.names import Names
from evals.second.numerals import SCALES, Numeral, numerals
from evals.second.places import BETWEEN
from evals.second.reading import Element, Object
from evals.second.report import evidence_of, items, number, number_of, text_of
from evals.second.scene import Scene

_ARROW: Final = " \N{RIGHTWARDS ARROW} "
_WORDS: Final = ("weekly", "daily")
_EVEN: Final = 1e-6


def chart_faults(scene: Scene) -> Iterator[Fault]:
    """Yield what the pictures of a universe say that its evidence does not."""
    for figure in scene.shown.all("figure"):
        told: set[str] = set()
        for each in figure.all("title"):
            told |= set(_frequency(each.text, scene.names))
            yield from _tip_faults(each.text, scene)
        for caption in figure.all("figcaption"):
            said = set(_frequency(caption.text, scene.names))
            if told and said and said != told:
                yield Fault("a caption names another frequency than its picture", caption.text)
        for drawing in figure.all("svg"):
            yield from _label_faults(drawing, scene)
    for each in scene.shown.all("svg"):
        alt = each.get("aria-label")
        if alt and list(numerals(_names_out(alt), scene.names.language)) not in ([], _hundred(alt)):
            yield Fault("a picture's description tells a number", alt)


def _frequency(text: str, names: Names) -> Iterator[str]:
    for kind in _WORDS:
        if re.search(rf"(?i)(?<!\w){re.escape(names.words.said[kind])}(?!\w)", text):
            yield kind


def _tip_faults(text: str, scene: Scene) -> Iterator[Fault]:
    parts = text.split(BETWEEN)
    source = scene.found(parts[-1])
    if source is not None and isinstance(source.value, Mapping):
        row, due = source.value, source.sector
        if scene.names.sector_named(parts[0]) != due:
            yield Fault(f"a head of {due} is called otherwise", text)
        quadrant = text_of(row, "quadrant")
        if parts[1].casefold() not in scene.names.words.called("quadrant", quadrant):
            yield Fault(f"a head of {due} is {text_of(row, 'quadrant')}", text)
        days = {str(day) for day in scene.names.days(text)}
        if not days <= {scene.as_of, text_of(row, "period"), text_of(source.root, "as_of")}:
            yield Fault("a head is of another day", text)
        steps = source.pointer.split("/")
        if [kind for kind in _frequency(text, scene.names) if kind not in steps]:
            yield Fault("a head is of another frequency", text)
        told = [each for part in parts[2:4] for each in numerals(part, scene.names.language)]
        exact = [number_of(row, name) for name in ("rs_ratio_index", "rs_momentum_index")]
        if len(told) != len(exact) or not all(map(_tells, told, exact)):
            yield Fault(f"a head of {due} stands elsewhere: {exact}", text)
    elif _ARROW in text or " / " in text:
        yield from _statistic_faults(text, scene)


def _tells(each: Numeral, exact: float | None) -> bool:
    return exact is not None and any(each.tells(exact, scale) for scale in SCALES)


def _statistic_faults(text: str, scene: Scene) -> Iterator[Fault]:
    """`A → B: share, count` of a move, `A: median / mean / longest` of a quadrant's stays."""
    name, _, figures = text.partition(": ")
    told = list(numerals(figures, scene.names.language))
    for result in evidence_of(scene.report, scene.names.id, "get_rotation_statistics"):
        for row in _rows_called(name, result, scene.names):
            exact = [number(value) for value in row.values()]
            if all(any(_tells(each, one) for one in exact) for each in told):
                return
    yield Fault("no statistic is so", text)


def _rows_called(name: str, result: Object, names: Names) -> Iterator[Object]:
    sides = name.split(_ARROW)
    for row in items(result, "moves" if len(sides) > 1 else "rows"):
        ids = [text_of(row, "quadrant"), text_of(row, "next_quadrant")][: len(sides)]
        called = [names.words.called("quadrant", one) for one in ids]
        if all(side.casefold() in known for side, known in zip(sides, called, strict=True)):
            yield row


def _label_faults(drawing: Element, scene: Scene) -> Iterator[Fault]:
    """Numbers drawn are a tooltip's, or the even steps of an axis."""
    language = scene.names.language
    tips = [each.value for tip in drawing.all("title") for each in numerals(tip.text, language)]
    steps: dict[str, set[float]] = {}
    for each in drawing.all("text"):
        found = list(numerals(each.text, language))
        if len(found) == 1 and found[0].value not in tips:
            steps.setdefault(each.get("text-anchor"), set()).add(found[0].value)
        elif not found and _strange(each.text, scene.names):
            yield Fault("a picture names what is no sector", each.text)
    for values in steps.values():
        ladder = sorted(values)
        gaps = [after - before for before, after in pairwise(ladder)]
        if gaps and max(gaps) - min(gaps) > _EVEN and not tips:
            yield Fault("an axis has uneven steps", ", ".join(f"{one:g}" for one in ladder))


def _strange(text: str, names: Names) -> bool:
    bare = text.strip()
    known = names.words.drawn
    named = names.sector_named(bare) or bare in names.symbols
    return not (named or bare.casefold() in known)


def _names_out(text: str) -> str:
    return text.partition(":")[0]


def _hundred(text: str) -> list[Numeral]:
    return [each for each in numerals(text, "en") if each.value == 100.0]
