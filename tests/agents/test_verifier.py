"""A sentence stands only when it is bound, true and plain; a fallen one is replaced."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.material import Material
from agents.reporter import template_draft
from agents.slots import SlotError, literal_text, pieces
from agents.truth import Truth
from agents.verifier import verified
from core.records.evidence import Fact
from core.records.report import Claim, Comparator, Draft, Section, Sentence
from tests.agents.bench import Bench, plain_report

REPORT = plain_report()
UNIVERSES = {universe.id: universe for universe in Bench().universes}
MATERIAL = Material(
    request=REPORT.request,
    universes=UNIVERSES,
    evidence=REPORT.evidence,
    gaps=REPORT.gaps,
    scorecards=REPORT.scorecards,
    allocations=REPORT.allocations,
)
TEMPLATE = template_draft(MATERIAL)
FACTS = MATERIAL.facts
EXCESS = [fact for fact in FACTS.values() if fact.measure == "excess_3m"]
HIGHEST = max(EXCESS, key=lambda fact: fact.value or 0.0)
LOWEST = min(EXCESS, key=lambda fact: fact.value or 0.0)
RETURNS = [fact for fact in FACTS.values() if fact.measure == "return_1m" and fact.value]
GAINED = max(RETURNS, key=lambda fact: fact.value or 0.0)
LOST = min(RETURNS, key=lambda fact: fact.value or 0.0)


def _claim(
    text: str,
    fact: Fact = HIGHEST,
    *,
    section: Section = "rotation",
    comparator: Comparator = "states",
    **changes: object,
) -> Claim:
    claim = Claim(
        section=section,
        universe="toy",
        entity=fact.subject,
        comparator=comparator,
        facts=(fact.id,),
        text=text,
    )
    return claim.model_copy(update=changes)


def _judged(claim: Claim) -> Sentence | None:
    """Return the model's sentence when it stood."""
    draft = Draft(language="en", author="model", claims=(claim,))
    told = verified(MATERIAL, (draft, TEMPLATE))
    return next((sentence for sentence in told if sentence.author == "model"), None)


def test_a_true_plain_bound_claim_stands() -> None:
    found = _judged(_claim("{entity}: {measure} of {value} as of {date}."))
    assert found is not None
    assert all(span.fact for span in found.spans if span.text[0].isalnum() and span.text != " of ")


def test_every_template_claim_stands() -> None:
    told = verified(MATERIAL, (TEMPLATE,))
    assert len(told) == len({(c.section, c.facts, c.text) for c in TEMPLATE.claims})


@pytest.mark.parametrize(
    "text",
    [
        "{entity}: {measure} {value}, or 12 more.",
        "{entity}: doubled to {measure} {value}.",
        "{entity} rises to {measure} {value}.",
        "{entity} is the best with {measure} {value}.",
        "{entity}: {measure} {value}; see https://evil.example/x.",
        "{entity}: {measure} {value} ![x](//evil.example/i.png)",
        "{entity}: {measure} {value}; write to evil.example.",
        "{entity} <b>{measure} {value}</b>",
        "{entity}: {measure} {value}; Energy is worth a look.",
        "Avoid {entity} in spite of {measure} {value}.",
        "{entity}: {measure} {value}\u202e reversed.",
        "{entity}: ５ and {measure} {value}.",
        "{entity}: {measure} {value}; mười hai.",
        "Investors should buy {entity}, {measure} {value}.",
        "{entity}: {measure} {value} in March.",
    ],
)
def test_what_a_sentence_may_not_say_outside_slots_falls(text: str) -> None:
    assert _judged(_claim(text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "{entity}: {measure} {value_2}, {measure_2} {value}.",
        "{entity}: {measure} {value}, {value_2}.",
        "The weekly {measure} of {entity} is {value}, {measure_2} {value_2}.",
        "The matched {measure} of {entity} is {value}, {measure_2} {value_2}.",
        "The final {measure} of {entity} is {value}, {measure_2} {value_2}.",
        "{entity}: {measure} {value} because of {measure_2} {value_2}.",
        "{entity}: {measure} will be {value}, {measure_2} {value_2}.",
    ],
)
def test_true_numbers_in_a_false_statement_fall(text: str) -> None:
    other = next(
        fact
        for fact in FACTS.values()
        if fact.subject == HIGHEST.subject and fact.measure == "rs_ratio.weekly"
    )
    facts = (HIGHEST.id, other.id)
    assert _judged(_claim("{entity}: {measure} {value}, {measure_2} {value_2}.", facts=facts))
    assert _judged(_claim(text, facts=facts)) is None


@pytest.mark.parametrize(
    "text",
    [
        "{entity}: {measure} {value_2}.",
        "{entity}: {measure} {value!r}.",
        "{entity}: {measure} {value:>5}.",
        "{entity.__class__} {entity}: {measure} {value}.",
        "{entity}: {measure} {value} {secret}.",
        "{entity}: {measure} {value.",
        "{entity}: {measure} {value} {}.",
        "{{entity}} {entity}: {measure} {value}.",
    ],
)
def test_a_slot_that_does_not_exist_falls(text: str) -> None:
    assert _judged(_claim(text)) is None


@pytest.mark.parametrize(
    ("comparator", "fact", "stands"),
    [
        ("highest", HIGHEST, True),
        ("highest", LOWEST, False),
        ("lowest", LOWEST, True),
        ("lowest", HIGHEST, False),
        ("above", HIGHEST, True),
        ("above", LOWEST, False),
        ("below", LOWEST, True),
        ("rising", GAINED, True),
        ("rising", LOST, False),
        ("falling", LOST, True),
        ("falling", GAINED, False),
        ("rising", HIGHEST, False),
        ("falling", LOWEST, False),
    ],
)
def test_a_comparator_is_evaluated_again(comparator: Comparator, fact: Fact, stands: bool) -> None:
    claim = _claim("{entity}: {measure} {value}, {comparator}.", fact, comparator=comparator)
    assert (_judged(claim) is not None) == stands


def test_above_and_below_are_about_a_hundred_for_relative_strength() -> None:
    truth = Truth(MATERIAL)
    for fact in FACTS.values():
        if fact.measure == "rs_ratio.weekly" and fact.value is not None:
            assert truth.compares("above", fact) == (fact.value > 100)


def test_no_neutral_level_is_made_up_for_a_measure_that_has_none() -> None:
    truth = Truth(MATERIAL)
    for measure in ("volatility", "pe", "net_profit_margin", "rank"):
        plain = HIGHEST.model_copy(update={"measure": measure})
        assert not truth.compares("above", plain)
        assert not truth.compares("rising", plain)
    assert truth.compares("above", HIGHEST)


def test_what_is_no_growth_is_not_said_to_rise() -> None:
    truth = Truth(MATERIAL)
    for measure in ("net", "net_profit_margin", "growth", "momentum_12_1", "expected_excess.1m"):
        assert not truth.compares("rising", GAINED.model_copy(update={"measure": measure}))
    assert truth.compares("rising", GAINED.model_copy(update={"measure": "net_profit_growth"}))


def test_another_entity_or_an_unknown_fact_falls() -> None:
    text = "{entity}: {measure} {value}."
    assert (
        _judged(_claim(text, entity="energy" if HIGHEST.subject != "energy" else "health")) is None
    )
    assert _judged(_claim(text, facts=("invented.fact",))) is None
    assert _judged(_claim(text, universe="elsewhere")) is None


@pytest.mark.parametrize("section", ["recommendation", "headline", "warning", "missing"])
def test_a_model_does_not_word_what_code_decides(section: Section) -> None:
    assert _judged(_claim("{entity}: {measure} {value}.", section=section)) is None


def test_reasons_must_have_the_sign_of_their_section() -> None:
    parts = [fact for fact in FACTS.values() if fact.measure.startswith("contribution")]
    helps = next(fact for fact in parts if (fact.value or 0.0) > 0)
    hurts = next(fact for fact in parts if (fact.value or 0.0) < 0)
    text = "{entity}: {measure} {value}."
    assert _judged(_claim(text, helps, section="for")) is not None
    assert _judged(_claim(text, helps, section="against")) is None
    assert _judged(_claim(text, hurts, section="against")) is not None
    assert _judged(_claim(text, hurts, section="for")) is None
    assert _judged(_claim(text, HIGHEST, section="for")) is None
    both = next(
        (helping, hurting)
        for helping in parts
        for hurting in parts
        if helping.subject == hurting.subject
        and (helping.value or 0.0) > 0 > (hurting.value or 0.0)
    )
    names = tuple(fact.id for fact in both)
    mixed = "{entity}: {measure} {value}, {measure_2} {value_2}."
    assert _judged(_claim(mixed, both[0], section="for", facts=names)) is None


def test_a_sentence_in_another_language_falls() -> None:
    assert _judged(_claim("{entity} có {measure} là {value} theo dữ liệu này.")) is None


def test_a_fallen_sentence_gives_way_to_the_template_and_the_rest_stays() -> None:
    leading = next(claim for claim in TEMPLATE.claims if claim.section == "rotation")
    lie = leading.model_copy(update={"text": "{entity} soared by 99 %."})
    fine = _claim("{entity}: {measure} {value}.", section="macro")
    draft = Draft(language="en", author="model", claims=(lie, fine))
    told = verified(MATERIAL, (draft, TEMPLATE))
    replaced = [s for s in told if s.section == "rotation" and s.entity == leading.entity]
    assert replaced
    assert all(s.author == "template" and s.repaired == "unbound" for s in replaced)
    assert [s.author for s in told if s.section == "macro"] == ["model"]
    assert {s.section for s in told} >= {"headline", "recommendation", "forecast"}


@pytest.mark.parametrize("place", range(0, 40, 5))
def test_a_fact_changed_after_it_was_drawn_falls(place: int) -> None:
    claim = TEMPLATE.claims[place]
    fact = FACTS[claim.facts[0]]
    forged = fact.model_copy(
        update={"value": fact.value + 1} if fact.value is not None else {"label": "LAGGING_"}
    )
    altered = Material(**{name: getattr(MATERIAL, name) for name in FIELDS})
    altered.__dict__["facts"] = {**FACTS, fact.id: forged}
    draft = TEMPLATE.model_copy(update={"claims": (claim,)})
    assert verified(altered, (draft,)) == ()


FIELDS = ("request", "universes", "evidence", "gaps", "scorecards", "allocations")


@given(st.text(max_size=200))
def test_no_text_breaks_the_slots(text: str) -> None:
    try:
        parsed = pieces(text)
    except SlotError:
        return
    assert literal_text(text) == " … ".join(literal for literal, _ in parsed)


PROSE = st.text(max_size=120) | st.sampled_from(
    ["{entity} {value}", "{entity}: buy https://evil.example {value}", "{value} {comparator}"]
)
CLAIMS = st.builds(
    Claim,
    section=st.sampled_from(sorted(Section.__args__)),  # type: ignore[attr-defined]  # a Literal
    universe=st.sampled_from(["toy", "other"]),
    entity=st.sampled_from([*UNIVERSES["toy"].sector_ids, "toy", "https://evil.example"]),
    comparator=st.sampled_from(sorted(Comparator.__args__)),  # type: ignore[attr-defined]
    facts=st.lists(st.sampled_from([*sorted(FACTS)[:200], "no.fact"]), min_size=1, max_size=6).map(
        tuple
    ),
    text=PROSE,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(CLAIMS, max_size=20))
def test_a_compromised_reporter_gets_no_number_and_no_address_into_a_report(
    claims: list[Claim],
) -> None:
    draft = Draft(language="en", author="model", claims=tuple(claims))
    for sentence in verified(MATERIAL, (draft, TEMPLATE)):
        for span in sentence.spans:
            assert span.fact in FACTS or not any(char.isnumeric() for char in span.text)
        assert "evil" not in sentence.text
        assert "//" not in sentence.text
        if sentence.author == "model":
            assert sentence.section not in {"recommendation", "headline", "warning", "missing"}


@pytest.mark.parametrize("formula", ["request", "before"])
def test_a_model_may_not_pass_the_users_number_off_as_the_datas(formula: str) -> None:
    fact = HIGHEST.model_copy(update={"formula": formula, "id": "said"})
    material = Material(**{name: getattr(MATERIAL, name) for name in FIELDS})
    material.facts[fact.id] = fact
    draft = Draft(
        language="en", author="model", claims=(_claim("{entity}: {measure} {value}.", fact),)
    )
    told = verified(material, (draft, TEMPLATE))

    assert not any(sentence.author == "model" for sentence in told)
