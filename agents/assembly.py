"""Puts the report together from a run's state; its bytes depend on content alone."""

from agents import notices
from agents import state as st
from agents.dates import report_dates
from agents.material import Material
from agents.services import Services
from agents.state import State
from agents.verifier import ordered, verified
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
    )


def assembled(state: State, services: Services) -> Report:
    """Return the report of a finished run."""
    material = material_of(state, services)
    sentences = _sentences(state, material)
    return Report(
        request=material.request,
        as_of=report_dates(material.request, material.evidence, today=st.asked_on(state)),
        plan=st.plan_of(state),
        evidence=material.evidence,
        gaps=material.gaps,
        scorecards=material.scorecards,
        allocations=material.allocations,
        before=material.before,
        facts=tuple(material.facts.values()),
        sentences=sentences,
        synthetic=any(item.result.synthetic for item in material.evidence),
        provenance=_provenance(state, services, sentences),
    )


def _sentences(state: State, material: Material) -> tuple[Sentence, ...]:
    told = verified(material, st.drafts_of(state))
    modelled = any(sentence.author == "model" for sentence in told)
    said = notices.warnings(material, st.notices_of(state), modelled=modelled)
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
