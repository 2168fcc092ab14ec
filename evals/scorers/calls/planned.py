"""Whether no call was made off the plan, none twice, and no more than a plan may hold."""

import json
from collections import Counter
from collections.abc import Iterator

from core.records.plan import PLAN_CAP
from evals.records import Called, Ran
from evals.scorers.checks import Check, reported


def checks(ran: Ran) -> Iterator[Check]:
    """Yield of each call made anew whether the plan has it, and of a turn's calls their count."""
    for judged in reported(ran):
        made = [call for call in judged.answer.called if not call.known]
        planned = {_key(step.tool, step.arguments.sent()) for step in judged.report.plan.steps}
        told = Counter(_key(call.tool, call.arguments) for call in made)
        for call in made:
            key = _key(call.tool, call.arguments)
            yield Check(key in planned, judged.said(f"{_named(call)} is off the plan"))
            yield Check(told[key] == 1, judged.said(f"{_named(call)} made {told[key]} times"))
        if made:
            yield Check(len(made) <= PLAN_CAP, judged.said(f"{len(made)} calls"))


def _key(tool: str, arguments: object) -> str:
    return f"{tool} {json.dumps(arguments, sort_keys=True, default=str)}"


def _named(call: Called) -> str:
    return f"{call.tool} {call.arguments.get('sector') or ''}".strip()
