"""One universe of a report: its records, its names, its part of the page."""

from collections.abc import Iterator
from dataclasses import dataclass

from evals.second.names import Names, names_of
from evals.second.places import Source, source_of
from evals.second.reading import Element, Object
from evals.second.report import by_universe, part, text_of, words_of


@dataclass(frozen=True, slots=True)
class Scene:
    """What a universe's part of the page is held against; `as_of` is its date in the report."""

    report: Object
    names: Names
    as_of: str
    card: Object
    allocation: Object
    shown: Element

    def source(self, title: str) -> Source | None:
        """Return what a title leads to; None where it names no place.

        Raises:
            KeyError: it points to what is not there.
        """
        return source_of(title, self.report, self.names)

    def found(self, title: str) -> Source | None:
        """Return the same, None also where it points to what is not there."""
        try:
            return self.source(title) if title else None
        except KeyError:
            return None


def scenes(report: Object, page: Element) -> Iterator[Scene]:
    """Yield the universes of a report with their parts of the page, in order.

    Raises:
        KeyError: a universe is none of those that are shipped.
        ValueError: the page does not have one part a universe.
    """
    request = part(report, "request")
    parts = [each for each in page.all("section") if "universe" in each.classes]
    days = words_of(report, "as_of")
    for universe, as_of, shown in zip(words_of(request, "universes"), days, parts, strict=True):
        yield Scene(
            report=report,
            names=names_of(report, universe, text_of(request, "language")),
            as_of=as_of,
            card=by_universe(report, "scorecards", universe),
            allocation=by_universe(report, "allocations", universe),
            shown=shown,
        )
