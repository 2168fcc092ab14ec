"""Whether a comparator is true of the evidence: extremes among the rows beside, signs by zero."""

import re
from collections.abc import Iterator
from typing import Final

from evals.second.places import Source
from evals.second.reading import Object
from evals.second.report import items, number_of, part

_TIE: Final = 1e-9
_PEERS: Final = re.compile(r"/\d+")
_TOLD_BY: Final = ("horizon", "factor", "kind", "line", "feature")
"""Fields of a row that tell it from others of the same subject."""
_MOVING: Final = re.compile(r"growth|change")
"""Fields that tell how another moved."""
_COUNTED: Final = re.compile(
    r"(?<!streak)_(?:count|sessions|days|deg|level)$|^rank$|(?:buy|sell|traded|value|nav)(?:_20d)?_bn$"
    r"|(?:^|target_|benchmark_|held_)weight$"
)
"""Fields that are never below zero, and so neither above nor below anything."""


def compares(kind: str, fact: Object, source: Source) -> bool:
    """Tell whether a fact is what a comparator of this kind says.

    The highest and the lowest are so among the rows beside, and where these differ at all; above
    and below are of what is neutral, which a count has not.
    """
    value = number_of(fact, "value")
    if value is None:
        return False
    leaf = source.pointer.rsplit("/", 1)[-1]
    if kind in ("highest", "lowest"):
        peers = [one for row in _peer_rows(source) if (one := number_of(row, leaf)) is not None]
        best = max(peers, default=value) if kind == "highest" else min(peers, default=value)
        return abs(best - value) <= _TIE and max(peers) - min(peers) > _TIE
    if _COUNTED.search(leaf) or (kind in ("rising", "falling") and not _MOVING.search(leaf)):
        return False
    neutral = 100.0 if leaf in ("rs_ratio_index", "rs_momentum_index") else 0.0
    if leaf.endswith("outperform_fraction"):
        neutral = 0.5
    return (value - neutral) * (1.0 if kind in ("above", "rising") else -1.0) > _TIE


def made_compares(kind: str, fact: Object) -> bool:
    """Tell the same of a fact made of others: a difference may be above or below zero."""
    value = (number_of(fact, "value") or 0.0) if fact.get("formula") == "difference" else 0.0
    return value > _TIE if kind == "above" else kind == "below" and value < -_TIE


def _peer_rows(source: Source) -> Iterator[Object]:
    """The objects at the same place of every row of the outermost list, told by the same kinds."""
    first = _PEERS.search(source.pointer)
    if first is None or not source.above:
        return
    head, tail = source.pointer[: first.start()], source.pointer[first.end() :]
    steps = [each for each in tail.split("/")[1:-1] if not each.isdigit()]
    own = {kind: source.above[-1].get(kind) for kind in _TOLD_BY}
    for row in items(source.root, head.strip("/")):
        yield from (
            each for each in _below(row, steps) if {kind: each.get(kind) for kind in own} == own
        )


def _below(row: Object, steps: list[str]) -> Iterator[Object]:
    if not steps:
        yield row
        return
    found = items(row, steps[0]) or [part(row, steps[0])]
    for each in found:
        yield from _below(each, steps[1:])
