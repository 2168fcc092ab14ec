"""Whether a title tells its source truly: day, frequency, benchmark, what else it adds."""

from collections.abc import Iterator
from typing import Final

from evals.second.faults import Fault, unlisted
from evals.second.names import Names
from evals.second.numerals import numerals
from evals.second.places import Source
from evals.second.report import items, number_of, text_of
from evals.second.scene import Scene

_FREQUENCIES: Final[tuple[str, ...]] = ("daily", "weekly", "monthly")
_BOUND: Final = frozenset({"as_of", "against", *_FREQUENCIES})
_SMALLEST: Final = 0.005
"""Points of score: a smaller reason would be printed as nothing."""
_LIST: Final = ", "


def title_faults(source: Source, scene: Scene) -> Iterator[Fault]:
    """Yield what the parts of a title after its place say that its source does not."""
    for each in source.rest:
        told = scene.names.words.said.items()
        kind = next((kind for kind, said in told if each.startswith(said)), "")
        if kind in _BOUND:
            if not _holds(kind, each, source, scene):
                yield Fault(f"{source.field} has another {kind.replace('_', ' ')}", each)
        elif kind in ("outperform_fraction", "confidence"):
            yield from _share_faults(source, kind, each, scene)
        elif kind in ("for", "against_it"):
            said = each.removeprefix(scene.names.words.said[kind])
            sign = 1.0 if kind == "for" else -1.0
            yield from _reason_faults(source, said, scene.names, sign=sign)
        else:
            yield from _product_faults(source, each, scene.names)


def _holds(kind: str, text: str, source: Source, scene: Scene) -> bool:
    said = text.removeprefix(scene.names.words.said[kind])
    if kind == "as_of":
        day = text_of(source.root, "as_of") or scene.as_of
        return [str(each) for each in scene.names.days(said)] == [day]
    if kind == "against":
        return said in benchmarks_of(source, scene.names)
    return _frequent(source, kind)


def benchmarks_of(source: Source, names: Names) -> frozenset[str]:
    """Return the names a source's benchmark may be called by."""
    if "/expected/" in source.pointer:
        return frozenset({names.words.said["mean"]})
    holders = (*source.above, source.root)
    ids = {text_of(holder, "benchmark") for holder in holders} - {""}
    known = {names.benchmarks.get(each, each) for each in ids}
    if not known:
        known = {next(iter(names.benchmarks.values()))}
    return frozenset(known)


def _frequent(source: Source, kind: str) -> bool:
    steps = source.pointer.split("/")
    told = {each for each in _FREQUENCIES if each in steps}
    told |= {text_of(holder, "frequency") for holder in source.above} - {""}
    return told == {kind} if told else text_of(source.root, "frequency") in (kind, "")


def _share_faults(source: Source, kind: str, text: str, scene: Scene) -> Iterator[Fault]:
    """The probability stands in the source's row; the confidence is the sector's in the score."""
    rows = [each for each in items(scene.card, "sectors") if each.get("sector") == source.sector]
    holder = source.above[-1] if kind == "outperform_fraction" else next(iter(rows), {})
    exact = number_of(holder, kind)
    found = list(numerals(text, scene.names.language))
    if exact is None or len(found) != 1 or not found[0].tells(exact, 100.0):
        yield Fault(f"{kind} of {source.field} is {exact}", text)


def _product_faults(source: Source, text: str, names: Names) -> Iterator[Fault]:
    """The weight times the z-score of a contribution, or nothing known."""
    row = source.above[-1] if source.above else {}
    told = list(numerals(text, names.language))
    exact = [number_of(row, "weight"), number_of(row, "z")]
    if " \N{MULTIPLICATION SIGN} z " not in text or len(told) != len(exact):
        yield unlisted("said", "", text)
    elif not all(
        value is not None and each.tells(value) for each, value in zip(told, exact, strict=True)
    ):
        yield Fault(f"the parts of {source.field} are {exact}", text)


def _reason_faults(source: Source, text: str, names: Names, *, sign: float) -> Iterator[Fault]:
    """The largest parts of a forecast on one side, the largest first."""
    row = next((each for each in reversed(source.above) if items(each, "reasons")), {})
    parts = [
        (text_of(each, "feature"), number_of(each, "contribution_pct"))
        for each in items(row, "reasons")
    ]
    due = sorted(
        (value * sign, factor)
        for factor, value in parts
        if value is not None and value * sign >= _SMALLEST
    )[::-1]
    told = text.split(_LIST)
    if len(told) > len(due):
        yield Fault("more reasons than there are", text)
        return
    for each, (value, _) in zip(told, due, strict=False):
        found = list(numerals(each, names.language))
        if not found or not found[-1].tells(value * sign):
            yield Fault(f"a reason's part is {value * sign}", each)
            continue
        name = each[: found[-1].start].strip()
        possible = [factor for amount, factor in due if found[-1].tells(amount * sign)]
        if not any(name.casefold() in names.words.called("feature", one) for one in possible):
            yield unlisted("labels", f"feature={possible[0]}", name)
