"""Puts the report together from a run's state; its bytes depend on content alone."""

from agents import notices
from agents import state as st
from agents.dates import report_dates
from agents.material import Material
from agents.services import Services
from agents.state import State
from agents.verifier import ordered, verified
from core.history.changes import changes
from core.history.snapshot import snapshot
from core.records.history import Changes, ReportCard
from core.records.mandate import MandateInForce
from core.records.report import Provenance, Report, Sentence


def material_of(state: State, services: Services) -> Material:
    """Return what the run has gathered and decided."""
    return Material(
        request=st.request_of(state),
        universes=services.universes,
        evidence=st.evidence_of(state),
        gaps=st.gaps_of(state),
        scorecards=st.scorecards_of(state),
        allocations=st.allocations_of(state),
        before=st.before_of(state),
        mandates=tuple(
            MandateInForce(universe=name, mandate=desk.mandate)
            for name, desk in st.desks_of(state).items()
        ),
        portfolios=st.portfolios_of(state),
        trades=st.trades_of(state),
        changes=st.changes_of(state),
        report_cards=_report_cards(state),
        drawn=services.drawn,
    )


def changed(state: State, services: Services) -> tuple[Changes, ...]:
    """Return what changed since each universe's predecessor; the decisions are in the state."""
    before = {
        name: desk.predecessor for name, desk in st.desks_of(state).items() if desk.predecessor
    }
    if not before:
        return ()
    report, found = _unworded(state, services), []
    for name, earlier in before.items():
        after = snapshot(report, name)
        if after is not None:
            found.append(changes(earlier, after, services.universes[name]))
    return tuple(found)


def assembled(state: State, services: Services) -> Report:
    """Return the report of a finished run."""
    material = material_of(state, services)
    sentences = _sentences(state, material)
    return _unworded(state, services).model_copy(
        update={
            "facts": tuple(material.facts.values()),
            "sentences": sentences,
            "provenance": _provenance(state, services, sentences),
        }
    )


def _unworded(state: State, services: Services) -> Report:
    """Return the report before a word is written."""
    material = material_of(state, services)
    return Report(
        request=material.request,
        as_of=report_dates(material.request, material.evidence, today=st.asked_on(state)),
        plan=st.plan_of(state),
        evidence=material.evidence,
        gaps=material.gaps,
        scorecards=material.scorecards,
        allocations=material.allocations,
        before=material.before,
        mandates=material.mandates,
        portfolios=material.portfolios,
        trades=material.trades,
        changes=material.changes,
        report_cards=material.report_cards,
        signatures=services.signatures,
        facts=(),
        sentences=(),
        synthetic=_synthetic(material),
        provenance=_provenance(state, services, ()),
    )


def _synthetic(material: Material) -> bool:
    """Whether any of it is of a made market: asked about, or answered of."""
    asked = (material.universes.get(name) for name in material.request.universes)
    return any(universe is not None and universe.synthetic for universe in asked) or any(
        item.result.synthetic for item in material.evidence
    )


def _report_cards(state: State) -> tuple[ReportCard, ...]:
    cards = (desk.report_card for desk in st.desks_of(state).values())
    return tuple(card for card in cards if card is not None)


def _sentences(state: State, material: Material) -> tuple[Sentence, ...]:
    drafts = st.drafts_of(state)
    told = verified(material, drafts)
    modelled = any(sentence.author == "model" for sentence in told)
    keys = st.notices_of(state)
    if drafts[0].author == "model" and not modelled:
        keys = (*keys, "reporter_unsupported")
    said = notices.warnings(material, keys, modelled=modelled)
    return ordered(
        [
            *notices.refusals(material),
            *told,
            *notices.remedies(material),
            *notices.missing(material),
            *said,
        ]
    )


def _provenance(state: State, services: Services, sentences: tuple[Sentence, ...]) -> Provenance:
    plan, prompts = st.plan_of(state), st.prompts_of(state)
    modelled = any(sentence.author == "model" for sentence in sentences)
    asked = services.model is not None and bool(prompts)
    return Provenance(
        sectorwise=services.version,
        universe_hashes=tuple(
            services.universes[name].content_hash() for name in st.request_of(state).universes
        ),
        prompts=prompts,
        planner=plan.author,
        reporter="model" if modelled else "template",
        model=services.model.name if asked and services.model else None,
    )
