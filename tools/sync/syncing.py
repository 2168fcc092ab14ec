"""Decides the steps of a sync: plan, fetch what is not there yet, store, forget the answers.

Killed at any point it leaves the store as it was or whole; the next run takes over the answers.
"""

from functools import partial
from itertools import groupby

from tools.sync.errand import Errand, Synced
from tools.sync.moments import last_day
from tools.sync.plan import sync_plan
from tools.sync.staging import Staging, SyncPlan, alone
from tools.sync.storing import stored


def synced(errand: Errand) -> Synced:
    """Fetch what is new and store it in one partition of whole days.

    Raises:
        UpstreamError: the source failed; what it had answered is kept for the next run.
        ProviderError: the source has nothing of a name the universe cannot do without.
        ImportRejectedError: no row of it can be used.
        CallerError: another sync of the same data is under way.
    """
    until = last_day(errand.universe, errand.dataset, errand.now)
    until = until if errand.until is None else min(until, errand.until)
    folder = errand.folder / f"{errand.universe.id}-{errand.upstream.name}-{errand.dataset}"
    with alone(folder):
        plan = sync_plan(
            errand.store,
            errand.upstream,
            errand.universe,
            errand.dataset,
            since=errand.since,
            until=until,
            stocks=errand.stocks,
        )
        staging = Staging(folder, plan)
        resumed = len(staging.kept)
        _fetch(errand, plan, staging)
        result = stored(errand, plan, staging)
        staging.clear()
    return result.model_copy(
        update={"asked_count": len(plan.wanted) - resumed, "resumed_count": resumed}
    )


def _fetch(errand: Errand, plan: SyncPlan, staging: Staging) -> None:
    """Keep an answer to everything the plan wants."""
    done = set(staging.kept)
    missing = [item for item in plan.wanted if item.subject not in done]
    count, total = len(done), len(plan.wanted)
    for since, group in groupby(missing, key=lambda item: item.since):
        answers = errand.upstream.fetch(
            errand.universe,
            errand.dataset,
            symbols=tuple(item.subject for item in group),
            since=since,
            until=plan.until,
            tell=partial(errand.step, count, total),
        )
        for fetched in answers:
            staging.keep(fetched)
            count += 1
            errand.step(count, total, fetched.subject)
