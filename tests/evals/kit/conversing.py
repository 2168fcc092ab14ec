"""What the kit's tests share: one toy report's prompts, and what becomes of a model's answers."""

import asyncio
from functools import cache

from agents.llm.protocol import LanguageModel
from agents.material import Material
from agents.planner import modelled
from agents.reporter import model_draft, template_draft
from agents.toolbox.spec import CallLimits
from agents.verifier import verified
from core.records.plan import PlanStep
from core.records.report import Draft, Report, Sentence
from core.records.request import Language
from evals.kit.asked import Agent, Asked
from evals.kit.good import Good
from tests.agents.bench import Bench, a_request

PATIENT = CallLimits(call_seconds=60, start_seconds=60)
REQUEST = a_request(text="What do foreigners do in technology?", symbols=("T04",))


@cache
def report(language: Language = "en") -> Report:
    """Return the toy report without a model."""
    return Bench(limits=PATIENT).run(REQUEST.model_copy(update={"language": language}))


@cache
def material(language: Language = "en") -> Material:
    """Return what it speaks of."""
    told = report(language)
    return Material(
        request=told.request,
        universes={universe.id: universe for universe in Bench().universes},
        evidence=told.evidence,
        gaps=told.gaps,
        scorecards=told.scorecards,
        allocations=told.allocations,
    )


@cache
def template(language: Language = "en") -> Draft:
    """Return its template's draft."""
    return template_draft(material(language))


def planned(model: LanguageModel) -> tuple[PlanStep, ...]:
    """Return the calls a model adds."""
    universes = {universe.id: universe for universe in Bench().universes}
    dates = {"toy": report().as_of[0]}
    return asyncio.run(modelled(REQUEST, universes, dates, model=model, max_tokens=2_000))


def drafted(model: LanguageModel, language: Language = "en") -> tuple[Draft, tuple[Sentence, ...]]:
    """Return a model's draft, and the sentences that stand with the template's."""
    of, ours = material(language), template(language)
    draft = asyncio.run(model_draft(of, ours, model=model, max_tokens=12_000))
    return draft, verified(of, (draft, ours))


def own(sentences: tuple[Sentence, ...]) -> list[Sentence]:
    """Return the model's own."""
    return [sentence for sentence in sentences if sentence.author == "model"]


@cache
def prompted(agent: Agent, language: Language = "en") -> Asked:
    """Return what an agent asks of the toy report."""
    model = Good()
    if agent == "planner":
        planned(model)
    else:
        drafted(model, language)
    return model.asked[0]
