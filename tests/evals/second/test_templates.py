"""Every sentence the product can say without a model is one the second verifier can read."""

import tomllib
from importlib.resources import files
from typing import Final, get_args

import pytest

from agents.slots import pieces
from app.files.universes import load_universes
from core.gaps import gap_sentence
from core.language.printed.names import SPANS
from core.records.plan import ToolName
from core.records.request import Language
from core.records.result import Dataset, GapReason, NamedGap
from core.wording import entity_name
from evals.second.names import Names, names_of
from evals.second.prose import form_faults
from prompts.library import sentences

UNIVERSES: Final = load_universes()
LANGUAGES: Final[tuple[Language, ...]] = ("en", "vi")
SLOT: Final = "{}"


def names(language: Language, universe: str = "demo", *others: str) -> Names:
    return names_of({"request": {"universes": [universe, *others]}}, universe, language)


def unread(forms: list[str], known: Names) -> list[str]:
    return [fault.said for form in forms for fault in form_faults(form, known)]


def called(universe: str, language: Language) -> str:
    found = UNIVERSES[universe]
    return found.name_vi if language == "vi" else found.name_en


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_pattern_with_facts_is_read(language: Language) -> None:
    told = {key: text for key, text in sentences(language).items() if not key.startswith("notice.")}
    forms = [
        "".join(literal + ("" if slot is None else SLOT) for literal, slot in pieces(text))
        for text in told.values()
    ]
    assert unread(forms, names(language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("universes", [("demo",), ("us", "vn"), ("vn", "us", "world")])
def test_every_notice_is_read_in_every_wording(
    language: Language, universes: tuple[str, ...]
) -> None:
    patterns = [text for key, text in sentences(language).items() if key.startswith("notice.")]
    forms = []
    for span in SPANS.values():
        said = {
            "universe": called(universes[0], language),
            "page": "docs/method.md",
            "markets": ", ".join(called(name, language) for name in universes),
            "known": ", ".join(called(name, language) for name in sorted(UNIVERSES)),
            "span": span[language],
        }
        forms += [
            "".join(literal + (said[slot] if slot else "") for literal, slot in pieces(text))
            for text in patterns
        ]
    assert unread(forms, names(language, *universes)) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("universe", ["demo", "vn"])
def test_every_reason_for_a_gap_is_read(language: Language, universe: str) -> None:
    tools: tuple[ToolName, ...] = get_args(ToolName)
    datasets: tuple[Dataset | None, ...] = (None, *get_args(Dataset))
    forms = [
        gap_sentence(
            NamedGap(reason=reason, actor="user", dataset=dataset),
            UNIVERSES[universe], language, held=frozenset(held), tools=named,
        )
        for reason in get_args(GapReason)
        for dataset in datasets
        for held in ((), ("members",))
        for named in ((), tools[:1], tools)
    ]  # fmt: skip
    assert unread(sorted(set(forms)), names(language, universe)) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("universe", ["demo", "vn"])
def test_why_a_sector_has_no_place_is_read(language: Language, universe: str) -> None:
    market = UNIVERSES[universe]
    sector = entity_name(market.sectors[0].id, language, market)
    leads = (sector, f"{called(universe, language)}, {sector}")
    gaps = [
        gap_sentence(NamedGap(reason=reason, actor="user", dataset=dataset), market, language)
        for reason in get_args(GapReason)
        for dataset in (None, "prices", "members")
    ]
    forms = [f"{lead}: {said[:1].lower()}{said[1:]}" for lead in leads for said in gaps]
    assert unread(forms, names(language, universe)) == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("vi", "theo ngày"),
        ("vi", "theo tuần"),
        ("vi", "theo tháng"),
        ("en", "daily"),
        ("en", "weekly"),
    ],
)
def test_a_frequency_is_not_made_of_connecting_words(language: Language, words: str) -> None:
    listed = files("evals.second").joinpath(f"words_{language}.toml").read_text("utf-8")
    assert not {*words.split()} <= {*tomllib.loads(listed)["joining"]}
