"""Drafts the report: templates over typed rows, or a model that sees typed facts and no text."""

from pydantic import Field

from agents.claims import (
    chances,
    changes,
    companies,
    compare,
    decision,
    disagreements,
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
from agents.shown import Shown, shown
from agents.verifier import MODEL_SECTIONS
from core.errors import ModelOutputError
from core.language.printed.connecting import CONNECTING
from core.records.record import Record
from core.records.report import Claim, Comparator, Draft, Section
from prompts.library import prompt, quoted

CLAIMS_CAP = 40
"""Claims a model may make."""
DRAFT_CAP = 120
"""Claims of one draft (`core.records.report.Draft`)."""
ENTITY_CHARS = 64
"""Of an entity's id (`core.records.report.Claim`)."""


class ModelClaim(Record):
    """One sentence of a model's: what it is about follows from its first fact."""

    section: Section
    comparator: Comparator = "states"
    facts: tuple[str, ...] = Field(min_length=1, max_length=8)
    text: str = Field(max_length=400)


class ModelDraft(Record):
    """All a writing model may say."""

    claims: tuple[ModelClaim, ...] = Field(max_length=CLAIMS_CAP)


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
    first = answers(maker)
    said = {(claim.text, claim.facts) for claim in first}
    return [
        *first,
        *headline.headline(maker),
        *decision.recommendations(maker),
        *_desk(maker),
        *(row for row in warnings.warnings(maker) if (row.text, row.facts) not in said),
        *disagreements.disagreements(maker),
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
        ModelOutputError: two answers in a row do not fit, or one claims nothing.
        ProviderError: the model cannot be reached.
    """
    found, language = shown(material, template), material.request.language
    text = prompt("reporter").render(
        {
            "language": "Vietnamese" if language == "vi" else "English",
            "words": ", ".join(CONNECTING[language]),
            "sections": _sections(material, template),
            "facts": found.text,
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
    if not written.claims:
        raise ModelOutputError("a draft without a claim")
    claims = tuple(_claim(row, found, material.request.universes[0]) for row in written.claims)
    return Draft(language=language, author="model", claims=claims)


def _claim(row: ModelClaim, found: Shown, universe: str) -> Claim:
    """Return the claim with the facts' own ids; a reference to nothing stays, and falls later."""
    first = found.fact(row.facts[0])
    subject = row.facts[0].rpartition(".")[0].rpartition(".")[2][:ENTITY_CHARS]
    return Claim(
        section=row.section,
        universe=first.universe if first else universe,
        entity=first.subject if first else subject,
        comparator=row.comparator,
        facts=tuple(fact.id if (fact := found.fact(name)) else name for name in row.facts),
        text=row.text,
    )


def _sections(material: Material, template: Draft) -> str:
    """Return what a model may write about, an entity once a section."""
    several = len(material.request.universes) > 1
    entities: dict[str, dict[str, None]] = {}
    for claim in template.claims:
        if claim.section in MODEL_SECTIONS:
            name = f"{claim.universe}." if several else ""
            entities.setdefault(claim.section, {})[f"{name}{claim.entity}"] = None
    return "\n".join(f"- {section}: {', '.join(names)}" for section, names in entities.items())


def _any(_: ModelDraft) -> None:
    """Accept any draft of the right form: its claims are judged one by one."""
