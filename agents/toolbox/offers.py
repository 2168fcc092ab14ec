"""Which servers are asked for a step, in which order, and which of their gaps stands at the end.

The order is the operator's. Only where a step feeds the score do servers of our contract come
before those read through an alias map: no map makes factors.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from agents.toolbox.alias_map import ToolAlias
from agents.toolbox.calls import RecordedCall, canonical
from agents.toolbox.spec import ServerSpec
from core.records.evidence import Gap
from core.records.plan import PlanStep
from core.records.result import GapReason

_SAYS: Final[tuple[frozenset[GapReason], ...]] = (
    frozenset({"replay_miss"}),
    frozenset({"not_served"}),
    frozenset({"server_down", "timeout", "tool_failed"}),
    frozenset({"today_only"}),
    frozenset({"quota_spent", "over_budget", "rejected", "tool_changed"}),
)
"""What says least first; a gap of the data says more than all of these."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A server that may answer a step; without an alias it speaks our contract."""

    spec: ServerSpec
    alias: ToolAlias | None = None

    @property
    def tool(self) -> str | None:
        """The name of its tool, where it differs from ours."""
        return None if self.alias is None else self.alias.calls


class Offers(Protocol):
    """Who may answer."""

    @property
    def specs(self) -> tuple[ServerSpec, ...]:
        """Every server there is."""
        ...

    def of(self, step: PlanStep) -> tuple[Offer, ...]:
        """Return who may answer the step, in the order they are asked."""
        ...


@dataclass(frozen=True, slots=True)
class ConfiguredOffers:
    """The operator's servers in the operator's order."""

    specs: tuple[ServerSpec, ...]

    def of(self, step: PlanStep) -> tuple[Offer, ...]:
        """Return the offers; of a server with an alias map only what the map has."""
        found = [offer for offer in map(partial(_offer, step), self.specs) if offer is not None]
        if step.scored:
            found.sort(key=lambda offer: offer.alias is not None)
        return tuple(found)


class RecordedOffers:
    """The servers a recorded run asked, each step in the order it asked them."""

    def __init__(self, calls: Iterable[RecordedCall]) -> None:
        self._asked: dict[str, dict[str, None]] = {}
        names: dict[str, None] = {}
        for call in calls:
            if call.kind == "tool":
                names[call.server] = None
                key = _key(call.name, call.arguments or {})
                self._asked.setdefault(key, {})[call.server] = None
        self.specs = tuple(ServerSpec(name=name, transport="memory") for name in names)

    def of(self, step: PlanStep) -> tuple[Offer, ...]:
        """Return the offers; all servers for a step that was never asked."""
        asked = self._asked.get(_key(step.tool, step.arguments.sent()))
        wanted = [spec for spec in self.specs if asked is None or spec.name in asked]
        if asked is not None:
            order = list(asked)
            wanted.sort(key=lambda spec: order.index(spec.name))
        return tuple(Offer(spec) for spec in wanted)


def _offer(step: PlanStep, spec: ServerSpec) -> Offer | None:
    if spec.tools is not None and step.tool not in spec.tools:
        return None
    if spec.alias_map is None:
        return Offer(spec)
    alias = spec.alias_map.stands_for(step.tool, step.universe, step.arguments.sent())
    return None if alias is None else Offer(spec, alias)


def _key(tool: str, arguments: Mapping[str, object]) -> str:
    return f"{tool} {canonical(dict(arguments))}"


def telling(before: Gap | None, after: Gap) -> Gap:
    """Return the gap that says more; of two that say as much the later one."""
    if before is None or _says(after.gap.reason) >= _says(before.gap.reason):
        return after
    return before


def _says(reason: GapReason) -> int:
    return next((rank for rank, reasons in enumerate(_SAYS) if reason in reasons), len(_SAYS))
