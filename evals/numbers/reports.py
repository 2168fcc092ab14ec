"""Makes reports of a home in one process, with what their sentences were made from; judges none."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from agents.llm.protocol import LanguageModel
from agents.material import Material, of_report
from agents.reporter import DRAFT_CAP, model_draft, template_draft
from agents.run import run_request
from agents.verifier import MODEL_SECTIONS, verified
from app.compose import Composition, open_services
from app.files.universes import load_universes
from app.settings import Settings
from core.lexicon import forbidden_outside_slots
from core.records.report import Draft, Report
from core.records.request import Language, Request
from core.records.universe import Horizon, Universe
from core.request import parse_request
from evals.numbers.bases import true_claims
from evals.numbers.market import Market

TOKENS = 12_000
"""A draft may take (`agents.services.RunLimits`)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A report to make; `model` None: rules and templates. A question says its own dates."""

    as_of: date
    horizon: Horizon
    language: Language
    model: LanguageModel | None = None
    universe: str = "demo"
    question: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A report, and the material its sentences rest on."""

    report: Report
    material: Material
    universe: Universe


async def made(home: Path, wanted: Iterable[Wanted]) -> AsyncIterator[Made]:
    """Yield the reports by the product's own graph, on one set of open services."""
    settings = Settings(home=home, views="plain")
    composition = Composition(settings=settings, universes=load_universes())
    async with open_services(composition) as services:
        for place, one in enumerate(wanted):
            request = _request(one, composition.universes[one.universe])
            asked = replace(services, model=one.model)
            finished = await run_request(request, asked, run_id=f"numbers-{place}")
            yield seen(finished.report, composition.universes[one.universe])


def _request(wanted: Wanted, universe: Universe) -> Request:
    if wanted.question:
        return parse_request(wanted.question, (universe,), default_universe=universe.id)
    return Request(
        text="", language=wanted.language, intent="report", universes=(universe.id,),
        horizon=wanted.horizon, as_of=wanted.as_of,
    )  # fmt: skip


def seen(report: Report, universe: Universe) -> Made:
    """Return a report of one universe with its material."""
    return Made(report, of_report(report, {universe.id: universe}), universe)


async def retold(told: Made, language: Language, model: LanguageModel | None = None) -> Made:
    """Return a report's verified claims in a language, by a model or the templates; no notices."""
    asked = told.report.request.model_copy(update={"language": language})
    material = replace(told.material, request=asked)
    template = template_draft(material)
    drafts = (template,) if model is None else (await written(material, model), template)
    sentences = verified(material, drafts)
    report = told.report.model_copy(update={"request": asked, "sentences": sentences})
    return Made(report, material, told.universe)


async def written(material: Material, model: LanguageModel) -> Draft:
    """Return a model's draft over the material."""
    template = template_draft(material)
    return await model_draft(material, template, model=model, max_tokens=TOKENS)


async def clean_claims(told: Made, model: LanguageModel | None, *, seed: int, count: int) -> Draft:
    """Return true claims over a report's material: a model's, the template's, and of every form.

    Of the template's those whose words a model may say; its others are code's, and no model's.
    """
    material = told.material
    market, language = Market(material, told.universe), material.request.language
    template = template_draft(material).claims
    plain = [claim for claim in template if not forbidden_outside_slots(claim.text, language)]
    plain = [
        claim for claim in plain if claim.section in MODEL_SECTIONS and "{key" not in claim.text
    ]
    formed = true_claims(market, seed=seed, count=count)
    plain = [claim for claim in plain if market.alone.issuperset(claim.facts)]
    worded = () if model is None else (await written(material, model)).claims
    claims = (*worded, *plain, *formed)
    return Draft(language=language, author="model", claims=claims[:DRAFT_CAP])
