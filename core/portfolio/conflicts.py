"""Decides which limits of a mandate conflict, and the smallest change of each that resolves it."""

from dataclasses import dataclass, replace

from core.errors import MandateError
from core.portfolio.bounds import combined
from core.portfolio.joint import least_changes
from core.portfolio.limits import LONG_ONLY, Limit, stated
from core.portfolio.optimiser import feasible
from core.portfolio.problem import Problem
from core.portfolio.relaxing import Relaxation, loosened, percent, relaxation, relaxed
from core.records.decision import Conflict

NAMED = 4
"""Limits a sentence names; the conflict holds all of them."""

ROUNDS = 4
"""Times the least changes are looked for before the conflict is left unresolved."""


@dataclass(frozen=True, slots=True)
class Infeasible:
    """Limits that conflict only all together, and how to resolve it.

    relaxations: of each alone, smallest first; those that cannot come last. together: changes that
    resolve it only jointly, where none can alone.
    """

    limits: tuple[Limit, ...]
    relaxations: tuple[Relaxation, ...]
    together: tuple[Relaxation, ...] = ()


def infeasible(problem: Problem) -> Infeasible | None:
    """Return an irreducible infeasible subset of the limits, None where all can hold.

    A relaxation changes one limit of the subset and keeps every other limit of the mandate, so it
    resolves the whole conflict by itself. Where other limits conflict too, none may do.
    """
    limits = conflicting(problem)
    if not limits:
        return None
    relaxations = _alone(problem, limits)
    enough = any(row.after is not None for row in relaxations)
    return Infeasible(limits, relaxations, () if enough else _together(problem))


def conflicting(problem: Problem) -> tuple[Limit, ...]:
    """Return an irreducible infeasible subset of the limits, empty where all can hold.

    A deletion filter (Chinneck and Dravnieks, 1991): each limit is left out in turn, and stays out
    if the others still conflict.
    """
    kept = list(problem.limits)
    if _meet(problem, kept):
        return ()
    for limit in problem.limits:
        others = [other for other in kept if other is not limit]
        if limit.field != LONG_ONLY and not _meet(problem, others):
            kept = others
    return tuple(limit for limit in kept if limit.field != LONG_ONLY)


def refused(problem: Problem) -> MandateError:
    """Return the error of limits that cannot all hold, in one sentence."""
    found = infeasible(problem)
    name = problem.mandate.id
    if found is None:
        return MandateError(f"mandate {name}: its limits only just meet; loosen one of them a bit")
    limits = tuple(_told(problem, limit) for limit in found.limits)
    texts = [row.text for row in found.relaxations]
    if found.together:
        texts.insert(0, " and ".join(row.text for row in found.together))
    conflict = Conflict(limits=limits, relaxations=tuple(texts))
    cannot = "cannot all hold" if len(limits) > 1 else "cannot hold"
    return MandateError(f"mandate {name}: {_joined(limits)} {cannot}; {texts[0]}", conflict)


def _meet(problem: Problem, limits: list[Limit]) -> bool:
    bounds = combined(limits, len(problem.start.reference))
    return feasible(problem.view, problem.start, bounds)


def _alone(problem: Problem, limits: tuple[Limit, ...]) -> tuple[Relaxation, ...]:
    """Return the relaxation of each limit, smallest first; of equal ones the more general first."""
    found: dict[str, Relaxation] = {}
    for limit in limits:
        if limit.value_name not in found:
            found[limit.value_name] = relaxation(problem, limit)
    return tuple(sorted(found.values(), key=lambda row: row.change))


def _together(problem: Problem) -> tuple[Relaxation, ...]:
    """Return least changes that resolve every conflict, largest first; none if that fails.

    Rounding a change to the grid may leave a unit missing elsewhere, which another round finds.
    """
    changed, made = problem, dict[str, Relaxation]()
    for _ in range(ROUNDS):
        limits = {limit.value_name: limit for limit in reversed(changed.limits)}
        for name, amount in least_changes(changed).items():
            change = loosened(changed, limits[name], amount)
            before = made[name].before if name in made else change.before
            made[name] = replace(change, before=before)
            changed = relaxed(changed, limits[name], change.after or 0.0)
        if feasible(changed.view, changed.start, changed.bounds):
            return tuple(sorted(made.values(), key=lambda row: -row.change))
    return ()


def _told(problem: Problem, limit: Limit) -> str:
    value = stated(problem.mandate, limit)
    return limit.name if value is None else f"{limit.name} {percent(value)}"


def _joined(limits: tuple[str, ...]) -> str:
    first, more = limits[:NAMED], len(limits) - NAMED
    if more > 0:
        return f"{', '.join(first)} and {more} more"
    return " and ".join(filter(None, (", ".join(first[:-1]), first[-1])))
