"""Whether the same question in other words is the same request; what is right is the scorers'."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from core.errors import SectorwiseError
from core.records.request import Request
from evals.records import Case

Understood = Callable[[Case], Sequence[Request | None]]
"""What each turn of a case is understood as; None where the words are refused."""
Said = Callable[[Case, int, Request | None], Request]
WORDS: Final = frozenset({"text", "said", "language", "inferred"})
"""Fields of a request that tell how something was said, and not what is asked."""
REFUSED: Final = "refused"


@dataclass(frozen=True, slots=True)
class Differing:
    """A case that is understood otherwise than the one it is a variant of, and in which fields."""

    case: str
    turn: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paraphrased:
    """How many turns in other words are the same request, and which are not."""

    turns: int
    differing: tuple[Differing, ...]

    @property
    def share(self) -> float | None:
        """Share that is the same, 0 to 1; None where nothing is said twice."""
        return None if not self.turns else 1 - len(self.differing) / self.turns


def paraphrased(cases: Iterable[Case], understood: Understood) -> Paraphrased:
    """Return how far variants of a case are the same requests as the case itself."""
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(case.base, []).append(case)
    turns, differing = 0, []
    for first, *others in groups.values():
        ours = understood(first)
        for other in others:
            turns += len(other.turns)
            differing += list(_differing(other.id, ours, understood(other)))
    return Paraphrased(turns, tuple(differing))


def in_turn(case: Case, said: Said) -> tuple[Request | None, ...]:
    """Return what each turn of a case is understood as, continuing the last that was on topic.

    Args:
        case: whose turns they are.
        said: a turn's request, given the one before; a SectorwiseError: its words are refused.
    """
    found: list[Request | None] = []
    previous: Request | None = None
    for turn in range(len(case.turns)):
        try:
            request = said(case, turn, previous)
        except SectorwiseError:
            found.append(None)
            continue
        found.append(request)
        previous = previous if request.intent == "off_topic" else request
    return tuple(found)


def _differing(
    case: str, ours: Sequence[Request | None], theirs: Sequence[Request | None]
) -> Iterator[Differing]:
    for turn, (one, other) in enumerate(zip(ours, theirs, strict=True)):
        fields = _unlike(_meant(one), _meant(other))
        if fields:
            yield Differing(case, turn, fields)


def _unlike(one: dict[str, object], other: dict[str, object]) -> tuple[str, ...]:
    return tuple(name for name in sorted(one | other) if one.get(name) != other.get(name))


def _meant(request: Request | None) -> dict[str, object]:
    """Return what is asked, without how it was said."""
    if request is None:
        return {REFUSED: True}
    told = request.model_dump(mode="json", exclude=set(WORDS))
    told["focus"] = sorted((row.universe, row.sector) for row in request.focus)
    told["topics"] = sorted(request.topics)
    return told
