from pathlib import Path

import openpyxl
import pytest

from core.errors import ImportRejectedError
from tools.sources.files import origin_name, raw_file


def _file(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "the file is empty"),
        ("a.csv", b"date,close\n", "no rows below the headings"),
        ("a.csv", "ngày,giá\n2024-01-02,1\n".encode("cp1258", "replace"), "line 1 is not UTF-8"),
        ("a.csv", "date,close\n2024-01-02,1\n".encode("utf-16"), "looks like UTF-16"),
        ("a.csv", b"date,close,close\n2024-01-02,1,2\n", "'close' appears twice"),
        ("a.csv", b"date,close\n1,2\n1,2,3,4\n", "not a table"),
        ("a.csv", b"date\rsector,weight\n1,2\n", "not a table"),
        ("a.parquet", b"PAR1 not a parquet file PAR1", "not a readable Parquet file"),
        ("a.parquet", b"x", "not a readable Parquet file"),
        ("a.xlsx", b"PK not a workbook", "not a readable .xlsx workbook"),
        ("a.xls", b"x", "files of kind .xls are not read"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence_with_its_name(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    with pytest.raises(ImportRejectedError) as caught:
        raw_file(_file(tmp_path, name, content))
    message = str(caught.value)
    assert message.startswith("a.")
    assert words in message
    assert str(tmp_path) not in message
    assert "\n" not in message


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ImportRejectedError, match=r"gone\.csv: no such file"):
        raw_file(tmp_path / "gone.csv")


def test_a_byte_order_mark_and_semicolons_are_understood(tmp_path: Path) -> None:
    path = _file(tmp_path, "a.csv", "\ufeffNgày;Mã\n02/01/2024;FPT\n".encode())
    raw = raw_file(path)
    assert list(raw.frame.columns) == ["Ngày", "Mã"]
    assert raw.frame.iloc[0].tolist() == ["02/01/2024", "FPT"]


def test_a_ticker_called_na_stays_text(tmp_path: Path) -> None:
    raw = raw_file(_file(tmp_path, "a.csv", b"symbol,date\nNA,2024-01-02\nTRUE,2024-01-02\n"))
    assert raw.frame["symbol"].tolist() == ["NA", "TRUE"]


def test_a_workbook_with_a_title_above_its_headings_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Bảng giá"])
    sheet.append([])
    sheet.append(["Mã", "Ngày", "Đóng cửa"])
    sheet.append(["FPT", "02/01/2024", 96.5])
    sheet.append([None, None, None])
    book.save(tmp_path / "a.xlsx")
    frame = raw_file(tmp_path / "a.xlsx").frame
    assert list(frame.columns) == ["Mã", "Ngày", "Đóng cửa"]
    assert frame.iloc[0].tolist() == ["FPT", "02/01/2024", 96.5]
    assert len(frame) == 1


def test_a_files_name_is_kept_without_folder_and_odd_characters(tmp_path: Path) -> None:
    assert origin_name(tmp_path / "a<b>&'c.csv") == "a_b___c.csv"
    assert len(origin_name(tmp_path / ("x" * 90 + ".csv"))) == 64


def test_rows_with_more_or_fewer_fields_than_headings_refuse_the_file_by_line(
    tmp_path: Path,
) -> None:
    lines = b"date,ticker,close\n2024-01-02,A,1\n2024-01-03,A,1,2,3\n2024-01-04,A\n"
    with pytest.raises(
        ImportRejectedError, match="line 3 has 5 fields where the headings have 3 and 1 more"
    ):
        raw_file(_file(tmp_path, "a.csv", lines))


def test_rows_know_their_line_and_may_end_in_empty_fields(tmp_path: Path) -> None:
    raw = raw_file(_file(tmp_path, "a.csv", b'a,b\n"x\ny",1,,\n\n2,3\n'))
    assert raw.lines is not None
    assert raw.lines.tolist() == [2, 5]
    assert raw.frame["b"].tolist() == ["1", "3"]
