"""Every sentence the product can say without a model is one the second verifier can read."""

from typing import Final

import pytest

from agents.slots import pieces
from app.universes import load_universes
from core.language.names import SPANS
from core.records.request import Language
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
