from datetime import date

import pytest

from tests.servers.edgar import NAMESPACE, holding, table
from tools.upstream.errors import ChangedShapeError

pytest.importorskip("edgar", reason="the extra `sec` is not installed")
from tools.upstream.edgar_tables import holdings  # needs the extra

APPLE, COCA_COLA = "037833100", "191216100"
AFTER, BEFORE = date(2024, 3, 31), date(2020, 3, 31)


def test_a_table_gives_symbols_shares_and_billions() -> None:
    told = holdings(table(holding(APPLE, 1000, 171_000)).encode(), AFTER)
    assert told["symbol"].tolist() == ["AAPL"]
    assert told["shares"].tolist() == [1000.0]
    assert told["value_bn"].tolist() == pytest.approx([171_000 * 1e-9])


def test_values_in_thousands_of_dollars_are_told_by_the_price_they_imply() -> None:
    lines = [holding(APPLE, 1000 * k, 254 * k) for k in range(1, 12)]
    told = holdings(table(*lines).encode(), BEFORE)
    assert told["value_bn"].iloc[0] == pytest.approx(254_000 * 1e-9)


def test_options_and_bonds_are_left_out() -> None:
    told = holdings(
        table(
            holding(APPLE, 10, 1_710),
            holding(APPLE, 99, 9, option="Put"),
            holding(COCA_COLA, 99, 9, kind="PRN"),
        ).encode(),
        AFTER,
    )
    assert told["shares"].tolist() == [10.0]


def test_a_security_without_a_symbol_and_a_number_that_is_none_are_missing_never_zero() -> None:
    told = holdings(
        table(holding("000000000", 5, 100), holding(APPLE, "many", 100)).encode(), AFTER
    )
    assert told["symbol"].isna().tolist() == [True, False]
    assert told["shares"].isna().tolist() == [False, True]
    assert told["value_bn"].isna().tolist() == [False, True]


def test_an_empty_table_holds_nothing() -> None:
    assert holdings(table().encode(), AFTER).empty


@pytest.mark.parametrize(
    "text",
    [
        table(holding(APPLE, 1, 1))[:-30],
        "<html><p>Undeclared automated tool</p></html>",
        '<!DOCTYPE x [<!ENTITY a "IGNORE">]>' + table(holding(APPLE, 1, 1)),
        f'<other xmlns="{NAMESPACE}"/>',
    ],
)
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(ChangedShapeError):
        holdings(text.encode(), AFTER)
