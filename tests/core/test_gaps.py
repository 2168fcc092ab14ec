"""The sentence, actor and command of each gap."""

from importlib.resources import files
from typing import get_args

import pytest

from core.gaps import actor_of, gap_command, gap_sentence
from core.markets.universe import parse_universe
from core.records.request import Language
from core.records.result import Actor, Dataset, GapReason, NamedGap

US, VN, DEMO = (
    parse_universe(files("core.universes").joinpath(f"{name}.toml").read_text("utf-8"))
    for name in ("us", "vn", "demo")
)


def gap(reason: GapReason, dataset: Dataset | None = None) -> NamedGap:
    return NamedGap(reason=reason, actor=actor_of(reason), dataset=dataset)


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("reason", get_args(GapReason))
def test_every_reason_has_a_full_sentence_and_an_actor(
    reason: GapReason, language: Language
) -> None:
    assert actor_of(reason) in get_args(Actor)
    for dataset in (None, *get_args(Dataset)):
        said = gap_sentence(gap(reason, dataset), VN, language)
        assert said[0].isupper()
        assert "{" not in said


def test_foreign_flow_that_does_not_exist_is_nobodys_fault() -> None:
    absent = gap("not_published", "flows")

    assert gap_sentence(absent, US, "en") == (
        "No foreign-flow statistic is published for this market."
    )
    assert absent.actor == "nobody"
    assert gap_command(absent, US) is None


def test_an_unfitted_model_names_the_command_that_fits_it() -> None:
    assert "sectorwise fit --universe us" in gap_sentence(gap("model_not_fitted"), US, "en")
    assert "sectorwise fit --universe vn" in gap_sentence(gap("model_not_fitted"), VN, "vi")


def test_missing_data_name_the_import_of_their_own_file() -> None:
    said = gap_sentence(gap("no_data", "macro"), US, "en")

    assert said.endswith("Run: sectorwise import --universe us --macro FILE")


def test_members_without_prices_are_said_to_lack_prices_alone() -> None:
    absent = gap("no_data", "members")

    assert gap_sentence(absent, US, "en", held=frozenset({"members"})) == (
        "The sector members of United States are known, the prices of their stocks are not. "
        "Run: sectorwise import --universe us --prices FILE"
    )
    assert "no sector members" in gap_sentence(absent, US, "en")
    assert gap_sentence(absent, VN, "vi", held=frozenset({"members"})).startswith("Đã biết")


def test_no_import_into_the_synthetic_market_is_suggested() -> None:
    assert gap_command(gap("no_data", "macro"), DEMO) is None


def test_a_reason_no_command_removes_names_none() -> None:
    assert gap_command(gap("timeout", "prices"), US) is None
