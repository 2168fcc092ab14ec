"""Draws facts from the question itself, and from what its limits change; it answers nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from core.facts import allocation_facts, difference
from core.measures import FRACTION
from core.records.decision import Allocation
from core.records.evidence import Fact
from core.records.mandate import MandatePatch
from core.records.request import Request
from core.records.universe import Universe

PP = "pp"


@dataclass(frozen=True, slots=True)
class _Said:
    """One thing the user stated, and where it stands in the request."""

    subject: str
    measure: str
    pointer: str
    value: float | None = None
    label: str | None = None
    unit: str = ""


def request_facts(request: Request, universe: Universe, *, as_of: date) -> tuple[Fact, ...]:
    """Return the limits, holdings, symbols and returns the user stated of this universe, as facts.

    Pointers lead into the request. Symbols are facts of the first universe asked about.
    """
    said = [
        *_limits(request, universe),
        *_holdings(request, universe),
        *_claims(request, universe),
    ]
    facts = (
        Fact(
            id=f"request.{universe.id}.{row.subject}.{row.measure}".lower(),
            universe=universe.id,
            subject=row.subject,
            measure=row.measure,
            value=row.value,
            label=row.label,
            unit=row.unit,
            as_of=as_of,
            pointer=row.pointer,
            formula="request",
        )
        for row in said
    )
    return tuple({fact.id: fact for fact in facts}.values())


def change_facts(after: Allocation, before: Allocation) -> tuple[Fact, ...]:
    """Return the facts of the allocation before the stated limits, then each weight's change.

    A change is target weight minus target weight before, in percentage points.
    """
    earlier = allocation_facts(before, "before")
    weights = {fact.subject: fact for fact in earlier if fact.measure == "target_weight"}
    changes: list[Fact] = []
    for fact in allocation_facts(after, "allocation"):
        other = weights.get(fact.subject)
        if fact.measure != "target_weight" or other is None:
            continue
        changes.append(
            fact.model_copy(
                update={
                    "id": fact.id.removesuffix("target_weight") + "change_weight",
                    "measure": "change_weight",
                    "value": difference(fact, other),
                    "unit": PP,
                    "pointer": None,
                    "formula": "difference",
                    "of": (fact.id, other.id),
                }
            )
        )
    return (*earlier, *changes)


def _limits(request: Request, universe: Universe) -> Iterator[_Said]:
    patch = request.patch or MandatePatch()
    for place, row in enumerate(patch.caps):
        if row.sector in universe.sector_ids:
            pointer = f"/patch/caps/{place}/cap"
            yield _Said(row.sector, "stated_cap", pointer, value=row.cap, unit=FRACTION)
    for place, least in enumerate(patch.floors):
        if least.sector in universe.sector_ids:
            pointer = f"/patch/floors/{place}/floor"
            yield _Said(least.sector, "stated_floor", pointer, value=least.floor, unit=FRACTION)
    for place, sector in enumerate(patch.excluded):
        if sector in universe.sector_ids:
            pointer = f"/patch/excluded/{place}"
            yield _Said(sector, "stated_exclusion", pointer, label=sector)
    if patch.turnover is not None:
        turnover = patch.turnover
        yield _Said(
            universe.id, "stated_turnover", "/patch/turnover", value=turnover, unit=FRACTION
        )


def _holdings(request: Request, universe: Universe) -> Iterator[_Said]:
    held = request.holdings
    if held is None or held.universe != universe.id:
        return
    for place, row in enumerate(held.positions):
        pointer = f"/holdings/positions/{place}/weight"
        subject = row.sector or row.symbol or universe.id
        yield _Said(subject, "stated_holding", pointer, value=row.weight, unit=FRACTION)
    if held.cash_weight is not None:
        pointer = "/holdings/cash_weight"
        yield _Said(universe.id, "stated_cash", pointer, value=held.cash_weight, unit=FRACTION)


def _claims(request: Request, universe: Universe) -> Iterator[_Said]:
    symbols = request.symbols if universe.id == request.universes[0] else ()
    for place, symbol in enumerate(symbols):
        yield _Said(symbol, "named_symbol", f"/symbols/{place}", label=symbol)
    for place, said in enumerate(request.stated):
        if said.universe == universe.id:
            measure = f"stated_return.{said.horizon.lower()}"
            pointer = f"/stated/{place}/return_pct"
            yield _Said(said.sector, measure, pointer, value=said.return_pct, unit="%")
