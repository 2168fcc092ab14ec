"""A sector is meant in every market that stands beside it, joined to the next."""

import pytest

from tests.core.asking import asked


@pytest.mark.parametrize(
    ("text", "markets"),
    [("compare Europe and US financials", ("europe", "us")),
     ("compare eu n us fins", ("europe", "us")),
     ("Vietnam vs US banks", ("vn", "us")),
     ("US, Europe and Vietnam banks", ("us", "europe", "vn")),
     ("banks in the US and Europe", ("us", "europe")),
     ("so sánh ngân hàng mỹ với châu âu", ("us", "europe"))],
)  # fmt: skip
def test_markets_joined_beside_a_sector_all_qualify_it(text: str, markets: tuple[str, ...]) -> None:
    request = asked(text)

    assert request.universes == markets
    assert {row.universe for row in request.focus} == {*markets}


@pytest.mark.parametrize(
    ("text", "pairs"),
    [("Compare Vietnamese banks with US technology", {("vn", "banks"), ("us", "technology")}),
     ("eu tech vs us energy", {("europe", "technology"), ("us", "energy")}),
     ("so sánh ngân hàng mỹ và thép việt nam",
      {("us", "financials"), ("vn", "basic_resources")})],
)  # fmt: skip
def test_a_market_of_another_sector_does_not(text: str, pairs: set[tuple[str, str]]) -> None:
    assert {(row.universe, row.sector) for row in asked(text).focus} == pairs
