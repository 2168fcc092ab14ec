"""Decides what a batch may take at most before it begins: reports, calls, tokens and money.

What a resumed run has paid for already is not taken off: it is an upper bound.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from agents.drilldown import SECTORS_CAP, may_follow
from agents.router import fixed_steps
from agents.spending import money, most
from app.batching.records import Estimate, Job
from core.records.desk import Desk
from core.records.plan import PLAN_CAP
from core.records.universe import Universe

if TYPE_CHECKING:
    from agents.services import Services


def estimated(jobs: Sequence[Job], services: "Services", *, kept_count: int) -> Estimate:
    """Return what the jobs may take.

    Args:
        jobs: those still to be made.
        services: what they are made with: model, price, limits.
        kept_count: reports that are there already.
    """
    spent = [most(job.request, services) for job in jobs]
    paid = [money(tokens, services) for tokens in spent]
    return Estimate(
        reports_count=len(jobs),
        kept_count=kept_count,
        calls_most=sum(_calls(job, services.universes[job.universe]) for job in jobs),
        tokens_most=sum(tokens.total for tokens in spent),
        usd_most=None if None in paid else round(sum(row or 0.0 for row in paid), 6),
    )


def _calls(job: Job, universe: Universe) -> int:
    """Return the calls of tools one report takes at most."""
    request, day = job.request, job.request.as_of or date.max
    fixed = fixed_steps(universe.id, Desk(), horizon=request.horizon, as_of=day)
    groups = may_follow(request, universe, (), planned=set(), as_of=day)
    deeper = sorted((len(group) for group in groups), reverse=True)[:SECTORS_CAP]
    return min(1 + len(fixed) + sum(deeper), PLAN_CAP)
