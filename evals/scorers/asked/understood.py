"""Whether the question was understood: each field that is expected, against the request."""

from collections.abc import Iterable, Iterator, Mapping

from core.records.holdings import Holdings
from core.records.mandate import MandatePatch
from core.records.request import Request
from evals.records import Answer, Expected, Ran
from evals.scorers.checks import Check, turns

TOLERANCE = 1e-9
"""How far a limit or a holding, a fraction, may lie from the expected one."""


def checks(ran: Ran) -> Iterator[Check]:
    """Yield a check for each expected field and for the language of each turn."""
    for place, turn, answer in turns(ran):
        where = f"turn {place + 1}: " if place else ""
        if answer.request is None:
            if not turn.expected.refuses:
                yield Check(False, f"{where}no request: {answer.error or 'refused'}")
            continue
        language = answer.request.language
        yield Check(language == turn.language, f"{where}language {language}")
        for check in _fields(turn.expected, answer.request, answer):
            yield Check(check.right, where + check.what)


def _fields(expected: Expected, request: Request, answer: Answer) -> Iterator[Check]:
    """Yield a check for each field of its own that is expected."""
    days = answer.report.as_of[:1] if answer.report and request.as_of is None else ()
    as_of = next(iter(days), request.as_of)
    pairs = (
        ("intent", expected.intent, request.intent),
        ("horizon", expected.horizon, request.horizon),
        ("as of", expected.as_of, as_of),
        ("since", expected.since, request.since),
        ("benchmark", expected.benchmark, request.benchmark),
    )
    for name, wanted, found in pairs:
        if wanted is not None:
            yield Check(wanted == found, f"{name} {found}, not {wanted}")
    if expected.universes:
        same = set(request.universes) == set(expected.universes)
        yield Check(same, f"universes {', '.join(request.universes)}")
    yield from _listed("sector", expected.sectors, [row.sector for row in request.focus])
    yield from _listed("topic", expected.topics, request.topics)
    yield from _listed("symbol", expected.symbols, request.symbols)
    yield from _limits(expected, request.patch or MandatePatch())
    if expected.held:
        yield from _weights("holding of", expected.held, held_by(request.holdings))


def _limits(expected: Expected, patch: MandatePatch) -> Iterator[Check]:
    yield from _listed("exclusion of", expected.excluded, patch.excluded)
    yield from _weights("cap of", expected.caps, {row.sector: row.cap for row in patch.caps})
    floors = {row.sector: row.floor for row in patch.floors}
    yield from _weights("floor of", expected.floors, floors)
    if expected.unlimited:
        yield Check(patch == MandatePatch(), f"limits {patch.model_dump(exclude_defaults=True)}")


def _listed(kind: str, wanted: Iterable[str], found: Iterable[str]) -> Iterator[Check]:
    known = set(found)
    for name in wanted:
        yield Check(name in known, f"{kind} {name} not met")


def _weights(kind: str, wanted: Mapping[str, float], found: Mapping[str, float]) -> Iterator[Check]:
    """Yield whether each fraction is the expected one."""
    for name, weight in sorted(wanted.items()):
        own = found.get(name)
        right = own is not None and abs(own - weight) <= TOLERANCE
        yield Check(right, f"{kind} {name} {own}, not {weight}")


def held_by(holdings: Holdings | None) -> dict[str, float]:
    """Return the stated fractions by sector or symbol, and `cash`: as stated, else the rest."""
    if holdings is None:
        return {}
    weights: dict[str, float] = {}
    for row in holdings.positions:
        name = row.sector or row.symbol or ""
        weights[name] = weights.get(name, 0.0) + (row.weight or 0.0)
    cash = holdings.cash_weight
    return weights | {"cash": 1.0 - sum(weights.values()) if cash is None else cash}
