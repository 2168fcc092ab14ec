"""Whether the question was understood: each field that is expected, against the request.

Limits and holdings nobody asked for are as wrong as those that are missed, and so is a sector
beside those the case names.
"""

from collections.abc import Iterable, Iterator, Mapping

from core.records.holdings import Holdings
from core.records.request import Request
from evals.records import Answer, Expected, Ran
from evals.scorers.asked.limits import alike
from evals.scorers.checks import Check, turns

TOLERANCE = 1e-9
"""How far a holding, a fraction, may lie from the expected one."""


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
        ("ago", expected.ago, request.ago),
        ("sides", expected.sides or None, request.sides),
        ("benchmark", expected.benchmark, request.benchmark),
    )
    for name, wanted, found in pairs:
        if wanted is not None:
            yield Check(wanted == found, f"{name} {found}, not {wanted}")
    if expected.universes:
        markets = set(request.universes) == set(expected.universes)
        yield Check(markets, f"universes {', '.join(request.universes)}")
    yield from _sectors(expected, request)
    yield from _listed("topic", expected.topics, request.topics)
    yield from _listed("symbol", expected.symbols, request.symbols)
    if not expected.refuses:
        yield from alike(expected, request.patch)
        yield from _weights("holding of", expected.held, held_by(request.holdings))


def _sectors(expected: Expected, request: Request) -> Iterator[Check]:
    """Yield whether the sectors in focus are those the case names; without any, nothing."""
    named = {row.sector for row in request.focus}
    yield from _listed("sector", expected.sectors, named)
    if expected.sectors:
        for sector in sorted(named.difference(expected.sectors)):
            yield Check(False, f"sector {sector} was not named")


def _listed(kind: str, wanted: Iterable[str], found: Iterable[str]) -> Iterator[Check]:
    known = set(found)
    for name in wanted:
        yield Check(name in known, f"{kind} {name} not met")


def _weights(kind: str, wanted: Mapping[str, float], found: Mapping[str, float]) -> Iterator[Check]:
    """Yield of each fraction that is expected or found whether both are the same."""
    for name in sorted({*wanted, *found}):
        need, own = wanted.get(name), found.get(name)
        right = need is not None and own is not None and abs(own - need) <= TOLERANCE
        yield Check(right, f"{kind} {name} {own}, not {need}")


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
