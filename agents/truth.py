"""Whether a claim is true: its facts still stand where they came from, its comparator holds."""

import re
from functools import cached_property

from agents.material import Material
from core.facts import difference
from core.pointers import holds
from core.records.evidence import Fact
from core.records.report import Comparator
from core.wording import is_signed

TOLERANCE = 1e-9
"""Values closer than this tie; scores are quantised to it."""
_NEUTRAL = {"rs_ratio": 100.0, "rs_momentum": 100.0, "outperform": 0.5, "expected_outperform": 0.5}
_INDEX = re.compile(r"/\d+(?=/|$)")
_CHANGES = re.compile(r"return_\d+[wm]|change|revenue_growth|net_profit_growth|growth_1y")
"""Measures whose sign is a direction; being over a market or a norm is none."""


class Truth:
    """Re-evaluates facts and comparators over a report's material."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._held: dict[str, bool] = {}

    def stands(self, fact: Fact) -> bool:
        """Return whether the record still says what the fact says, or the formula gives it."""
        if fact.id not in self._held:
            self._held[fact.id] = self._recomputed(fact)
        return self._held[fact.id]

    def compares(self, comparator: Comparator, fact: Fact) -> bool:
        """Return whether the comparator is true of the fact."""
        if comparator == "states":
            return True
        if fact.value is None:
            return False
        if comparator in {"highest", "lowest"}:
            return self._is_extreme(fact, fact.value, highest=comparator == "highest")
        stem = fact.measure.partition(".")[0]
        if comparator in {"rising", "falling"}:
            comparable = _CHANGES.fullmatch(stem) is not None
        else:
            comparable = stem in _NEUTRAL or is_signed(stem)
        distance = fact.value - _NEUTRAL.get(stem, 0.0)
        agrees = distance if comparator in {"above", "rising"} else -distance
        return comparable and agrees > TOLERANCE

    def _recomputed(self, fact: Fact) -> bool:
        if fact.pointer is None:
            return self._derived(fact)
        record = self._material.record_of(fact)
        return record is not None and holds(fact, record)

    def _derived(self, fact: Fact) -> bool:
        parents = [self._material.facts.get(parent) for parent in fact.of]
        if fact.formula != "difference" or len(parents) != 2 or fact.value is None:
            return False
        minuend, subtrahend = parents
        if minuend is None or subtrahend is None:
            return False
        if not (self.stands(minuend) and self.stands(subtrahend)):
            return False
        return abs(difference(minuend, subtrahend) - fact.value) <= TOLERANCE

    def _is_extreme(self, fact: Fact, value: float, *, highest: bool) -> bool:
        peers = self._peers.get(_peer_key(fact), [])
        if not peers or max(peers) - min(peers) <= TOLERANCE:
            return False
        if highest:
            return value >= max(peers) - TOLERANCE
        return value <= min(peers) + TOLERANCE

    @cached_property
    def _peers(self) -> dict[tuple[str, ...], list[float]]:
        groups: dict[tuple[str, ...], list[float]] = {}
        for fact in self._material.facts.values():
            if fact.value is not None:
                groups.setdefault(_peer_key(fact), []).append(fact.value)
        return groups


def _peer_key(fact: Fact) -> tuple[str, ...]:
    """Return what facts must share to be compared: source, measure, and place but for its rows."""
    place = _INDEX.sub("", fact.pointer or "")
    return (fact.universe, fact.evidence or fact.formula or "", fact.measure, place)
