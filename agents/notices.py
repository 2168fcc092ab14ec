"""Sentences without facts: what is absent and who must act, what is refused, how the run went."""

from collections.abc import Iterable

from agents.claims.companies import without_statements
from agents.claims.leaders import viewed_rows
from agents.claims.maker import Maker
from agents.claims.market import entered
from agents.claims.record import record
from agents.dates import told_against
from agents.drilldown import is_narrow, tells_past
from agents.material import Material
from agents.partial import meant, unforecast, unplaced
from agents.slots import filled, pieces
from agents.state import Notice
from core.gaps import gap_sentence
from core.language.printed.names import SPANS
from core.records.evidence import Gap
from core.records.payloads import FlowResult, StatusResult
from core.records.plan import ToolName
from core.records.report import Section, Sentence, Span
from core.records.request import Focus, Request, Topic
from core.records.result import Dataset, NamedGap
from core.records.universe import Universe
from core.wording import entity_name
from prompts.library import sentences

METHOD_PAGE = "docs/method.md"
"""Where every formula and its source are published."""
_OF_TOPIC: tuple[Topic, ...] = (
    "formula", "record", "rule_test", "past_calls", "changed", "holdings", "hindsight",
    "matched_flow", "target",
)  # fmt: skip
"""Topics whose answer opens with a notice of the same name."""
_OF_RECORD: frozenset[Topic] = frozenset({"record", "rule_test", "past_calls"})
"""Topics answered with the forecast's own record."""
_REFUSED: frozenset[Topic] = frozenset({"index_level", "stock_pick"})
"""Topics of ours that are answered by a notice of the same name alone."""
_SPANS = frozenset({"horizon", "window"})
"""Fields that take the served length within one that is not served."""
_ALWAYS: frozenset[Dataset] = frozenset({"prices", "model"})
"""Data sets every score and weight rests on."""
_TOPICS_OF: dict[Dataset, tuple[Topic, ...]] = {
    "flows": ("foreign_flow", "matched_flow", "whales"),
    "positions": ("whales",),
    "fundamentals": ("fundamentals", "statements", "stocks"),
    "members": ("stocks", "statements", "foreign_flow", "whales", "market"),
    "macro": ("macro",),
    "intraday": ("rotation", "momentum"),
}
"""Topics a data set is needed for beyond the score."""


def refusals(material: Material) -> tuple[Sentence, ...]:
    """Return what the request cannot be answered with, first of all sentences."""
    request = material.request
    universe = material.universes[request.universes[0]]
    if request.intent == "off_topic":
        refused = (topic for topic in request.topics if topic in _REFUSED)
        key = next(refused, "off_topic")
        return (_notice(material, "answer", key, universe),)
    keys = [key for topic in _OF_TOPIC if topic in request.topics for key in _said(material, topic)]
    found = [_notice(material, "answer", key, universe) for key in keys]
    found += [
        _notice(material, "answer", other, material.universes[row.universe])
        for row in material.changes
        if (other := told_against(request, row)) is not None
    ]
    if request.intent == "what_if" and request.patch is not None:
        found.insert(0, _notice(material, "answer", "what_if", universe))
    if request.intent == "compare" and len(request.universes) > 1:
        found.insert(0, _notice(material, "answer", "compare", universe))
    if any(row.field in _SPANS and row.why == "out_of_range" for row in request.inferred):
        found.insert(0, _notice(material, "answer", "span", universe))
    if any(row.field == "universe" and row.why == "out_of_range" for row in request.inferred):
        found.insert(0, _notice(material, "answer", "market", universe))
    return tuple(found)


def _said(material: Material, topic: Topic) -> tuple[str, ...]:
    """Return the notice a topic opens with; none where the material holds the answer itself."""
    request = material.request
    answered = {
        "changed": bool(material.changes),
        "past_calls": any(card.reports_count for card in material.report_cards),
        "holdings": bool(material.trades),
        "matched_flow": _splits(material),
    }
    if answered.get(topic, False):
        return ()
    if topic == "holdings" and request.holdings is not None:
        return ("holdings_unvalued",)
    return (topic,)


def _splits(material: Material) -> bool:
    """Tell whether any foreign flow is known without put-through."""
    flows = (
        row
        for name in material.request.universes
        for _, result in material.answers(name, FlowResult)
        for row in result.rows
    )
    return any(row.matched_net_bn is not None for row in flows)


def remedies(material: Material) -> tuple[Sentence, ...]:
    """Return what would fill an empty answer, and that a report has no predecessor."""
    request = material.request
    universe = material.universes[request.universes[0]]
    maker, found = Maker(material, universe), []
    if request.intent != "off_topic" and without_statements(maker):
        gap = NamedGap(reason="not_covered", actor="provider", dataset="fundamentals")
        said = gap_sentence(gap, universe, request.language)
        found.append(_plain("answer", universe, universe.id, said))
    if request.intent not in {"report", "off_topic"} and not is_narrow(request):
        found += [_without_place(material, row, gap) for row, gap in unplaced(material)]
    if not _OF_RECORD.isdisjoint(request.topics):
        found += [
            _notice(material, "answer", "no_record", material.universes[name])
            for name in request.universes
            if not record(Maker(material, material.universes[name]), "answer")
        ]
    if "changed" in request.topics and not material.changes:
        found += [_notice(material, "answer", key, universe) for key in _unmoved(material)]
    if request.intent == "report":
        names = dict.fromkeys(request.universes)
        found += [
            _notice(material, "changes", "first_report", material.universes[name])
            for name in names
            if material.scorecard(name) is not None and material.changed(name) is None
        ]
    return tuple(found)


def _without_place(material: Material, focus: Focus, gap: NamedGap) -> Sentence:
    """Return why a sector in the question has no place."""
    language, universe = material.request.language, material.universes[focus.universe]
    why = gap_sentence(gap, universe, language, held=_held(material, universe.id))
    named = entity_name(focus.sector, language, universe)
    if len(material.request.universes) > 1:
        named = f"{entity_name(universe.id, language, universe)}, {named}"
    return _plain("answer", universe, focus.sector, f"{named}: {why[:1].lower()}{why[1:]}")


def missing(material: Material) -> tuple[Sentence, ...]:
    """Return every gap's sentence, calls that met the same in one, and the unscored universes."""
    request = material.request
    if request.intent == "off_topic" or (is_narrow(request) and not tells_past(request)):
        return ()
    met: dict[tuple[str, NamedGap], list[ToolName]] = {}
    for gap in (*material.gaps, *unforecast(material)):
        if _touches(gap, request):
            absent = meant(gap.gap, _held(material, gap.universe))
            met.setdefault((gap.universe, absent), []).append(gap.tool)
    said: dict[tuple[str, str], Sentence] = {}
    for (name, absent), tools in met.items():
        universe, held = material.universes[name], _held(material, name)
        text = gap_sentence(
            absent, universe, request.language, held=held, tools=tuple(dict.fromkeys(tools))
        )
        said.setdefault((name, text), _plain("missing", universe, tools[0], text))
    unscored = [
        _notice(material, "missing", "no_score", material.universes[name])
        for name in dict.fromkeys(request.universes)
        if material.scorecard(name) is None
    ]
    return (*said.values(), *(() if tells_past(request) else unscored))


def _touches(missed: Gap, request: Request) -> bool:
    """Tell whether a gap is about what was asked; a report shows all, trouble always shows.

    Of a told span only the missing path itself is.
    """
    gap = missed.gap
    if tells_past(request):
        return missed.tool == "get_rotation_history"
    if request.intent == "report" or gap.dataset is None or gap.dataset in _ALWAYS:
        return True
    topics = {*request.topics, *(("statements",) if request.symbols else ())}
    return not topics.isdisjoint(_TOPICS_OF.get(gap.dataset, ()))


def _held(material: Material, universe: str) -> frozenset[Dataset]:
    """Return the data sets a universe has in the store."""
    return frozenset(
        row.dataset for _, status in material.answers(universe, StatusResult) for row in status.rows
    )


def warnings(
    material: Material,
    notices: tuple[Notice, ...],
    *,
    modelled: bool,
) -> tuple[Sentence, ...]:
    """Return how the run went and what kind of data it stands on.

    No clock is read: a model's hindsight is said wherever the user named a date, the data's end
    wherever none was named.
    """
    first = material.universes[material.request.universes[0]]
    found = [_notice(material, "warning", key, first) for key in notices]
    if modelled and material.request.as_of is not None:
        found.append(_notice(material, "warning", "hindsight_model", first))
    if material.request.as_of is None:
        found += _ends(material)
    made = {item.result.universe for item in material.evidence if item.result.synthetic}
    found += [
        _notice(material, "warning", "synthetic", material.universes[name])
        for name in material.request.universes
        if name in made
    ]
    return tuple(found)


def _ends(material: Material) -> list[Sentence]:
    """Return of each market on which day its prices end."""
    found: list[Sentence] = []
    for name in dict.fromkeys(material.request.universes):
        universe = material.universes[name]
        facts = (
            material.at(item, "rows", place, "last")
            for item, status in material.answers(name, StatusResult)
            for place, row in enumerate(status.rows)
            if row.dataset == "prices"
        )
        fact = next((fact for fact in facts if fact is not None), None)
        for claim in Maker(material, universe).claim("warning", "warning.ends", fact):
            held = (fact,) if fact else ()
            spans = filled(claim, held, language=material.request.language, universe=universe)
            found.append(_spanned("warning", universe, claim.entity, spans))
    return found


def _unmoved(material: Material) -> tuple[str, ...]:
    """Return the notice that no sector moved, or that none has a quadrant; none where one did."""
    makers = [Maker(material, material.universes[name]) for name in material.request.universes]
    if not any(row.weekly for maker in makers for *_, row in viewed_rows(maker)):
        return ("quadrants_unknown",)
    return () if any(entered(maker, "answer") for maker in makers) else ("nothing_changed",)


def _notice(material: Material, section: Section, key: str, universe: Universe) -> Sentence:
    language = material.request.language
    request = material.request
    named = {
        "universe": entity_name(universe.id, language, universe),
        "page": METHOD_PAGE,
        "markets": _markets(material, request.universes),
        "known": _markets(material, sorted(material.universes)),
        "span": SPANS[request.window or request.horizon][language],
    }
    text = "".join(
        literal + (named[slot] if slot else "")
        for literal, slot in pieces(sentences(language)[f"notice.{key}"])
    )
    return _plain(section, universe, universe.id, text)


def _markets(material: Material, names: Iterable[str]) -> str:
    """Return these markets by name, each once."""
    language = material.request.language
    named = (entity_name(name, language, material.universes[name]) for name in names)
    return ", ".join(dict.fromkeys(named))


def _plain(section: Section, universe: Universe, entity: str, text: str) -> Sentence:
    return _spanned(section, universe, entity, (Span(text=text),))


def _spanned(
    section: Section, universe: Universe, entity: str, spans: tuple[Span, ...]
) -> Sentence:
    return Sentence(
        section=section, universe=universe.id, entity=entity, spans=spans, author="template"
    )
