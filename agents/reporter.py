"""Drafts the report: templates over typed rows, or a model that sees typed facts and no text."""

from pydantic import Field

from agents.claims import (
    chances,
    changes,
    companies,
    compare,
    decision,
    headline,
    investors,
    market,
    risk,
    track,
    trades,
    warnings,
)
from agents.claims.answers import answers
from agents.claims.maker import Maker
from agents.drilldown import tells_past
from agents.llm.protocol import LanguageModel
from agents.llm.structured import asked
from agents.material import Material
from agents.verifier import MODEL_SECTIONS, UNSAID
from core.records.evidence import Fact
from core.records.record import Record
from core.records.report import Claim, Draft
from core.wording import date_text, entity_name, measure_name, phrase
from prompts.library import prompt, quoted

CLAIMS_CAP = 40
"""Claims a model may make."""
FACTS_CAP = 400
"""Facts shown to a model; those the template speaks of come first."""
DRAFT_CAP = 120
"""Claims of one draft (`core.records.report.Draft`)."""


class ModelDraft(Record):
    """All a writing model may say."""

    claims: tuple[Claim, ...] = Field(max_length=CLAIMS_CAP)


def template_draft(material: Material) -> Draft:
    """Return the report in template claims, answers first; complete for any evidence."""
    makers = [Maker(material, material.universes[name]) for name in material.request.universes]
    claims = compare.compared(makers) if material.request.intent == "compare" else []
    share = (DRAFT_CAP - len(claims)) // len(makers)
    for maker in makers:
        claims += _told(maker)[:share]
    return Draft(language=material.request.language, author="template", claims=tuple(claims))


def _told(maker: Maker) -> list[Claim]:
    if tells_past(maker.material.request):
        return answers(maker)
    return [
        *answers(maker),
        *headline.headline(maker),
        *decision.recommendations(maker),
        *_desk(maker),
        *warnings.warnings(maker),
        *market.rotation(maker),
        *market.forecast(maker),
        *market.macro(maker),
        *investors.flow(maker),
        *investors.whales(maker),
        *companies.fundamentals(maker),
        *companies.stocks(maker),
    ]


def _desk(maker: Maker) -> list[Claim]:
    """Return what a page says besides: trades, changes, risk, the record, chances and dangers."""
    intent = maker.material.request.intent
    if intent != "report":
        return trades.trades(maker) if intent == "what_if" else []
    return [
        *trades.trades(maker),
        *changes.changed(maker),
        *risk.risk(maker),
        *track.track(maker),
        *chances.opportunities(maker),
        *chances.dangers(maker),
    ]


async def model_draft(
    material: Material, template: Draft, *, model: LanguageModel, max_tokens: int
) -> Draft:
    """Return the report in a model's claims; nothing in it is believed yet.

    Raises:
        ModelOutputError: two answers in a row do not fit.
        ProviderError: the model cannot be reached.
    """
    shown = _shown(material, template)
    text = prompt("reporter").render(
        {
            "language": "Vietnamese" if material.request.language == "vi" else "English",
            "sections": _sections(template),
            "facts": "\n".join(_line(material, fact) for fact in shown),
            "question": quoted(material.request.text),
        }
    )
    written = await asked(
        model,
        ModelDraft,
        system=text.system,
        user=text.user,
        max_tokens=max_tokens,
        check=_any,
    )
    return Draft(language=material.request.language, author="model", claims=written.claims)


def _shown(material: Material, template: Draft) -> list[Fact]:
    spoken = dict.fromkeys(name for claim in template.claims for name in claim.facts)
    rest = [name for name in material.facts if name not in spoken]
    shown = [material.facts[name] for name in [*spoken, *rest]]
    return [fact for fact in shown if fact.formula not in UNSAID][:FACTS_CAP]


def _sections(template: Draft) -> str:
    entities: dict[str, dict[str, None]] = {}
    for claim in template.claims:
        if claim.section in MODEL_SECTIONS:
            entities.setdefault(f"{claim.section} ({claim.universe})", {})[claim.entity] = None
    return "\n".join(f"- {section}: {', '.join(names)}" for section, names in entities.items())


def _line(material: Material, fact: Fact) -> str:
    universe = material.universes[fact.universe]
    parts = (
        fact.id,
        fact.universe,
        f"{fact.subject} ({entity_name(fact.subject, 'en', universe)})",
        measure_name(fact.measure, "en"),
        phrase(fact, "en", universe),
        date_text(fact.as_of, "en"),
    )
    return " | ".join(parts)


def _any(_: ModelDraft) -> None:
    """Accept any draft of the right form: its claims are judged one by one."""
