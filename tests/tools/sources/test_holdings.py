"""What a file of holdings says, in the forms desks export; a bad row refuses the whole file."""

from collections.abc import Callable
from datetime import date
from importlib.resources import files
from pathlib import Path

import openpyxl
import pytest

from core.errors import ImportRejectedError
from core.markets.universe import parse_universe
from core.records.holdings import Holdings, Position
from tools.sources.holdings import ReadHoldings, read_holdings

VN, US = (
    parse_universe(files("core.universes").joinpath(f"{name}.toml").read_text("utf-8"))
    for name in ("vn", "us")
)
DAY = date(2024, 12, 30)
KNOWN = frozenset({"TCB", "VCB", "VHM", "HPG", "TECH"})
Read = Callable[[str], ReadHoldings]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def of(text: str) -> ReadHoldings:
        path = tmp_path / "book.csv"
        path.write_text(text, encoding="utf-8")
        return read_holdings(path, VN, known=KNOWN, dated=DAY)

    return of


def named(held: Holdings) -> dict[str, float | None]:
    return {
        str(row.symbol or row.sector): row.weight if row.quantity is None else row.quantity
        for row in held.positions
    }


def test_quantities_cash_and_net_asset_value_in_dong(read: Read) -> None:
    text = "symbol,quantity\nTCB,2000000\nvhm,1500000\nCASH,60000000000\nNAV,3000000000000\n"
    held = read(text).holdings
    assert named(held) == {"TCB": 2_000_000.0, "VHM": 1_500_000.0}
    assert (held.cash_bn, held.nav_bn, held.dated) == (60.0, 3_000.0, DAY)
    assert held.source == "book.csv"


def test_sectors_by_weight_in_the_desks_own_words(read: Read) -> None:
    found = read("Ngành;Tỷ trọng\nNgân hàng;30%\nbđs;20%\nthép;10%\nTiền mặt;40%\n")
    assert named(found.holdings) == {"banks": 0.3, "real_estate": 0.2, "basic_resources": 0.1}
    assert found.holdings.cash_weight == pytest.approx(0.4)
    assert [(row.row, row.said) for row in found.rows] == [
        (2, "Ngân hàng"),
        (3, "bđs"),
        (4, "thép"),
    ]
    assert [(row.field, row.column, row.unit) for row in found.mapping] == [
        ("sector", "Ngành", ""),
        ("weight", "Tỷ trọng", "%"),
    ]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("30%", "20%"), (0.3, 0.2)),
        (("30", "20"), (0.3, 0.2)),
        (("0.3", "0.2"), (0.3, 0.2)),
        (("0,3", "0,25"), (0.3, 0.25)),
        (("0,333", "0,125"), (0.333, 0.125)),
        (("33,333%", "12,5%"), (0.33333, 0.125)),
        (("12.5 %", "7.25 %"), (0.125, 0.0725)),
        (("1", "0"), (1.0, None)),
    ],
)
def test_weights_are_fractions_or_percent(
    read: Read, cells: tuple[str, str], expected: tuple[float, float | None]
) -> None:
    text = "".join(f"{name};{cell}\n" for name, cell in zip(("TCB", "bank"), cells, strict=True))
    held = named(read("symbol;weight\n" + text).holdings)
    assert held.get("TCB") == pytest.approx(expected[0])
    assert held.get("banks") == (None if expected[1] is None else pytest.approx(expected[1]))


def test_a_heading_in_percent_makes_small_weights_percent(read: Read) -> None:
    held = named(read("Mã;% NAV\nTCB;0,5\nVCB;0,25\n").holdings)
    assert held == {"TCB": pytest.approx(0.005), "VCB": pytest.approx(0.0025)}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1.000", 1_000.0),
        ("1.234.500", 1_234_500.0),
        ("1.234,5", 1_234.5),
        ("1,000", 1_000.0),
        ("1 000 000", 1_000_000.0),
        ("250000", 250_000.0),
    ],
)
def test_shares_may_be_grouped_either_way(read: Read, cell: str, expected: float) -> None:
    held = read(f'Mã CK;Số lượng\nTCB;"{cell}"\n').holdings
    assert named(held) == {"TCB": expected}


def test_cash_and_value_may_be_columns_with_a_unit_and_a_date(read: Read) -> None:
    text = "date,symbol,quantity,cash_bn,nav (tỷ đồng)\n27/12/2024,TCB,100,85,3000\n,VCB,200,,\n"
    held = read(text).holdings
    assert (held.cash_bn, held.nav_bn, held.dated) == (85.0, 3_000.0, date(2024, 12, 27))


def test_a_quantity_counts_before_a_weight_and_a_total_row_is_left_out(read: Read) -> None:
    text = "symbol,quantity,weight\nTCB,100,60%\nCASH,,40%\nTotal,,100%\n"
    held = read(text).holdings
    assert held.positions == (Position(symbol="TCB", quantity=100.0),)
    assert held.cash_weight == pytest.approx(0.4)


def test_a_workbook_with_real_numbers_reads_alike(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ("Mã", "Số lượng", "Tỷ trọng"),
        ("TCB", 1234.5, None),
        ("bank", None, 0.25),
        ("HPG", "2.000", None),
    ):
        book.active.append(row)
    book.save(tmp_path / "book.xlsx")
    held = read_holdings(tmp_path / "book.xlsx", VN, known=KNOWN, dated=DAY).holdings
    assert named(held) == {"TCB": 1_234.5, "banks": 0.25, "HPG": 2_000.0}


def test_a_known_symbol_wins_over_an_alias_of_the_same_letters(tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    path.write_text("symbol,weight\nTECH,10%\ntech,20%\nXLK,5%\nBRK.B,1%\n", encoding="utf-8")
    held = read_holdings(path, US, known=KNOWN, dated=DAY).holdings
    assert named(held) == {
        "TECH": pytest.approx(0.1),
        "technology": pytest.approx(0.2),
        "XLK": pytest.approx(0.05),
        "BRK-B": pytest.approx(0.01),
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("symbol,quantity\nTCB,20x\n", "row 2: quantity '20x' is no number"),
        ("symbol,quantity\nTCB,1\nVCB,-5\n", "row 3: quantity -5 is below zero"),
        ("symbol,quantity\nTCB,1\n,5\n", "row 3: names no symbol and no sector"),
        ("symbol,quantity\nTCB,\n", "row 2: 'TCB' has neither a quantity nor a weight"),
        ("sector,quantity\nbank,100\n", "row 2: 'bank' is a sector, which is held by weight"),
        ("sector,weight\ntài chính,10%\n", "means several sectors .banks, insurance"),
        ("sector,weight\nnothing of it,10%\n", "is no sector of vn and no symbol"),
        ("sector,weight\nbank,70%\nbđs,40%\n", "weights come to 110.00 %"),
        ("symbol,price\nTCB,1\n", "no quantity or weight column among symbol, price"),
        ("amount\n1\n", "no symbol or sector column"),
        ("date,symbol,quantity\n2024-01-02,A,1\n2024-01-03,B,1\n", "must hold one date"),
        ("symbol,quantity,cash\nA,1,5\nCASH,5,\n", "cash is told in two ways"),
        ("symbol,quantity,cash\nA,1,5\nB,1,6\n", "holds 2 different amounts"),
        ("symbol,quantity\nNAV,5\n", "no row says what is held"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_row(
    read: Read, text: str, message: str
) -> None:
    with pytest.raises(ImportRejectedError, match=message):
        read(text)


def test_the_users_words_name_a_column_and_a_unit(tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    path.write_text("a,b\nTCB,100\nCASH,85\n", encoding="utf-8")
    words = {"symbol": "a", "quantity": "b"}
    found = read_holdings(path, VN, dated=DAY, columns=words, units={"cash": "bn"})
    assert found.holdings.cash_bn == 85.0
    assert {row.how for row in found.mapping} == {"told"}
    with pytest.raises(ImportRejectedError, match="no field 'volume'"):
        read_holdings(path, VN, dated=DAY, columns={"volume": "b"})
    with pytest.raises(ImportRejectedError, match="unit 'tons' of cash is unknown"):
        read_holdings(path, VN, dated=DAY, columns=words, units={"cash": "tons"})


@pytest.mark.parametrize(
    "text", ["symbol,quantity\nTCB,200\nnav,0\n", "symbol,quantity,nav\nTCB,200,0\n"]
)
def test_a_net_asset_value_of_nothing_is_refused_in_one_sentence(read: Read, text: str) -> None:
    with pytest.raises(ImportRejectedError, match="net asset value is 0"):
        read(text)


def test_a_long_file_name_is_kept_by_its_end_and_one_no_disk_takes_is_refused(
    tmp_path: Path,
) -> None:
    path = tmp_path / f"{'b' * 200}.csv"
    path.write_text("symbol,quantity\nTCB,200\n", encoding="utf-8")
    found = read_holdings(path, VN, known=KNOWN, dated=DAY).holdings
    assert found.source.endswith("bb.csv")
    with pytest.raises(ImportRejectedError, match="shorten it"):
        read_holdings(tmp_path / f"{'b' * 300}.csv", VN, known=KNOWN, dated=DAY)
