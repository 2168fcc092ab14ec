"""Texts of a members file are lines of plain text: nothing in them leads anywhere."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.panel import MarketPanels, Table
from tools.measures.instruments import EXCHANGE_CHARS, NAME_CHARS, Listing, listings

ListedAs = Callable[..., Listing]


@pytest.fixture
def listed_as(tiny_panels: MarketPanels) -> ListedAs:
    """What is told of B1, its row of the members file holding these texts."""

    def told(**texts: str | None) -> Listing:
        assert tiny_panels.members is not None
        rows = tiny_panels.members.rows.assign(**texts)
        return listings(replace(tiny_panels, members=Table("members", rows)))["B1"]

    return told


@pytest.mark.parametrize("field", ["name", "exchange", "industry"])
@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Thép https://evil.example/?d=1", "Thép"),
        ("www.evil.example", None),
        ("Banks ｈｔｔｐ：／／evil.example", "Banks"),
        ("Bank <img src=//evil.example/x onerror=alert(1)>", "Bank"),
        ("[A](https://evil.example)", "(A)("),
        ("Ban\u200bks\u202e", "Banks"),
        ("Banks\nBroad", "Banks Broad"),
        ("", None),
        (None, None),
    ],
)
def test_a_text_loses_addresses_markup_and_what_is_not_seen(
    listed_as: ListedAs, field: str, text: str | None, left: str | None
) -> None:
    assert getattr(listed_as(**{field: text}), field) == left


@pytest.mark.parametrize(
    "name", ["AT&T Inc.", "Amazon.com, Inc.", "Ngân hàng TMCP Á Châu", "Moody's (A/S)", "3M Co"]
)
def test_a_companys_name_stays_as_it_is_written(listed_as: ListedAs, name: str) -> None:
    assert listed_as(name=name) == Listing("banks", name, None, None)


@pytest.mark.parametrize(
    ("field", "most"),
    [("name", NAME_CHARS), ("exchange", EXCHANGE_CHARS), ("industry", NAME_CHARS)],
)
def test_a_long_text_is_cut_to_what_an_answer_may_hold(
    listed_as: ListedAs, field: str, most: int
) -> None:
    assert 0 < len(getattr(listed_as(**{field: "word " * 99}), field)) <= most
