import pandas as pd
import pytest

from core.errors import ImportRejectedError
from core.records.universe import Universe
from tools.sources.mapping import Mapping, guess_mapping


def _guess(heading: str, universe: Universe, dataset: str = "prices", **words: object) -> Mapping:
    frame = pd.DataFrame({name: ["1"] for name in heading.split(",")})
    name = str(words.pop("name", "file.csv"))
    return guess_mapping(frame, dataset, universe, file=name, **words)  # type: ignore[arg-type]  # words are by name


def _columns(mapping: Mapping) -> dict[str, str]:
    return {row.field: row.column for row in mapping.rows}


def test_english_and_vietnamese_headings_are_recognised(us: Universe, vn: Universe) -> None:
    english = _columns(_guess("Ticker,Date,Open,Adj Close,Volume", us))
    assert english == {
        "symbol": "Ticker", "period": "Date", "open": "Open", "adj_close": "Adj Close",
        "volume": "Volume",
    }  # fmt: skip
    vietnamese = _columns(_guess("Mã CK,Ngày,Giá đóng cửa,KLGD,GTGD (tỷ)", vn))
    assert vietnamese == {
        "symbol": "Mã CK", "period": "Ngày", "close": "Giá đóng cửa", "volume": "KLGD",
        "value_bn": "GTGD (tỷ)",
    }  # fmt: skip


def test_a_headings_suffix_gives_the_unit_of_money(vn: Universe) -> None:
    mapping = _guess("symbol,date,close,value_mvnd,pt_value_mvnd", vn)
    assert mapping.scale("value_bn") == pytest.approx(1e-3)
    assert mapping.scale("put_through_bn") == pytest.approx(1e-3)
    assert _guess("symbol,date,close,value", vn).scale("value_bn") == pytest.approx(1e-9)


def test_the_users_word_is_over_the_guess(vn: Universe) -> None:
    mapping = _guess(
        "symbol,date,close,last,value",
        vn,
        columns={"close": "last"},
        units={"value_bn": "bn"},
    )
    row = next(row for row in mapping.rows if row.field == "close")
    assert (row.column, row.how) == ("last", "told")
    assert mapping.scale("value_bn") == 1.0


def test_one_column_a_symbol_is_a_wide_file(us: Universe) -> None:
    assert _guess("date,XLK,XLF,SPY", us).layout == "wide"


def test_a_file_of_one_series_takes_its_ticker_from_the_name(vn: Universe, us: Universe) -> None:
    assert _guess("date,close", vn, name="D_vnindex_cafef.csv").constant("symbol") == "VNINDEX"
    assert _guess("date,close", us, name="xlk.csv").constant("symbol") == "XLK"
    with pytest.raises(ImportRejectedError, match="--map symbol==TICKER"):
        _guess("date,close", us, name="my_old_prices.csv")


def test_an_adjusted_close_or_a_name_that_says_so_makes_the_basis_adjusted(us: Universe) -> None:
    assert _guess("ticker,date,close", us).basis == "raw"
    assert _guess("ticker,date,close,adj_close", us).basis == "adjusted"
    assert _guess("ticker,date,close", us, name="spdr_daily_adj.csv").basis == "adjusted"
    assert _guess("ticker,date,close", us, units={"basis": "adjusted"}).basis == "adjusted"


@pytest.mark.parametrize(
    ("heading", "words", "message"),
    [
        ("ticker,close", {}, "no date column among ticker, close"),
        ("ticker,date,name", {}, "no column for close or adj_close"),
        ("ticker,date,close", {"columns": {"price": "close"}}, "prices has no field 'price'"),
        ("ticker,date,close", {"columns": {"close": "last"}}, "no column 'last'"),
        ("ticker,date,close,value", {"units": {"value_bn": "lakh"}}, "unit 'lakh' of value_bn"),
        ("ticker,date,close", {"units": {"basis": "real"}}, "basis 'real' is unknown"),
    ],
)
def test_what_cannot_be_mapped_is_refused_with_what_to_write(
    us: Universe, heading: str, words: dict[str, object], message: str
) -> None:
    frame = pd.DataFrame({name: ["x"] for name in heading.split(",")})
    with pytest.raises(ImportRejectedError, match=message):
        guess_mapping(frame, "prices", us, file="file.csv", **words)  # type: ignore[arg-type]  # by name
