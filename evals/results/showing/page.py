"""Results as one self-contained HTML file each: no script, no address, everything escaped."""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup
from pydantic import JsonValue

from evals.records import Score
from evals.results.asking.models import part_of
from evals.results.comparing.difference import Difference
from evals.results.comparing.means import verdict_mean
from evals.results.comparing.table import Row, by_kind, figures, kinds, worst
from evals.results.records import Marked, Results
from evals.results.showing.figures import figure, share, signed

TEMPLATES: Final = ("frame.html.j2", "macros.html.j2", "results.html.j2", "difference.html.j2")


@dataclass(frozen=True, slots=True)
class _Case:
    """A case as the page lists it: how far it fell short of all its scorers, and a verdict."""

    marked: Marked
    short: float
    verdict: Score | None


def results_page(results: Results, rows: Sequence[Row], failed: Sequence[str] | None) -> str:
    """Return the page of one run.

    Args:
        results: the run.
        rows: its scorers against the baseline.
        failed: what is worse than the baseline; None: it was held against none.
    """
    return _rendered(
        "results.html.j2",
        title="Offline evals",
        results=results,
        rows=rows,
        failed=failed,
        kinds=kinds(results),
        by_kind=by_kind(results),
        figures=figures(results),
        verdicts=verdict_mean(results),
        part=part_of(results.cases),
        cases=_cases(results),
    )


def difference_page(before: Results, after: Results, found: Difference) -> str:
    """Return the page of what differs between two runs."""
    return _rendered(
        "difference.html.j2", title="Offline evals: two runs", before=before, after=after,
        found=found, part=part_of(after.cases),
    )  # fmt: skip


def _cases(results: Results) -> list[_Case]:
    short = {row.id: row.short for row in worst(results.cases, len(results.cases))}
    verdicts = {score.case: score for score in results.judged}
    found = [
        _Case(marked, short.get(marked.id, 0.0), verdicts.get(marked.id))
        for marked in results.cases
    ]
    return sorted(found, key=lambda case: (not case.marked.error, -case.short, case.marked.id))


def _rendered(name: str, **given: object) -> str:
    style = _text("results.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = _environment().get_template(name)
    ours = Markup(style)  # noqa: S704 - our own style sheet
    return template.render(style=ours, style_hash=f"sha256-{digest}", **given) + "\n"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=DictLoader({name: _text(name) for name in TEMPLATES}), autoescape=True,
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters.update(share=share, signed=signed, figure=figure, json=_json)
    return made


def _json(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False)


def _text(name: str) -> str:
    return files("evals.results.showing").joinpath("templates", name).read_text(encoding="utf-8")
