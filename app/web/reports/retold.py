"""Decides how a kept report reads in the other language: the same facts, in template sentences."""

from collections.abc import Mapping
from typing import get_args

from agents import notices
from agents.material import of_report
from agents.reporter import template_draft
from agents.state import Notice
from agents.verifier import ordered, verified
from core.records.report import Report
from core.records.request import Language
from core.records.universe import Universe


def retold(report: Report, language: Language, universes: Mapping[str, Universe]) -> Report:
    """Return the report in a language; in its own it is what it was.

    No number, fact or decision differs. A model's wording is not translated: templates say the same
    facts, and are verified as they always are.
    """
    if report.request.language == language:
        return report
    told = of_report(report, universes, language=language)
    sentences = [
        *notices.refusals(told),
        *verified(told, (template_draft(told),)),
        *notices.remedies(told),
        *notices.missing(told),
        *notices.warnings(told, _notices(report, universes), modelled=False),
    ]
    return report.model_copy(
        update={
            "request": told.request,
            "facts": tuple(told.facts.values()),
            "sentences": ordered(sentences),
        }
    )


def _notices(report: Report, universes: Mapping[str, Universe]) -> tuple[Notice, ...]:
    """Return how the run went, which a report tells in sentences alone."""
    own = of_report(report, universes)
    said = {sentence.text for sentence in report.sentences if sentence.section == "warning"}
    keys: tuple[Notice, ...] = get_args(Notice)
    return tuple(
        key for key in keys if notices.warnings(own, (key,), modelled=False)[0].text in said
    )
