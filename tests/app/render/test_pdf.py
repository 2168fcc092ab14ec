from io import BytesIO

import pytest
from pypdf import PdfReader

from app.render.page import page
from app.render.pdf import first_page_png, pdf
from app.render.view import Page
from core.records.request import Language
from tests.app.render.sample_report import sample_report, universe

A4_POINTS = (595, 842)


def _page(*names: str, language: Language = "en") -> Page:
    report = sample_report(*names, language=language)
    return page(report, {name: universe(name) for name in names})


def _texts(made: Page) -> list[str]:
    reader = PdfReader(BytesIO(pdf(made)))
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == list(A4_POINTS)
    assert reader.metadata is not None
    assert reader.metadata.creation_date is None
    return [" ".join(sheet.extract_text().split()) for sheet in reader.pages]


@pytest.mark.parametrize(
    ("name", "language"), [pytest.param("us", "en", marks=pytest.mark.prove), ("vn", "vi")]
)
def test_the_first_sheet_holds_all_sectors_and_the_second_begins_the_details(
    name: str, language: Language
) -> None:
    made = _page(name, language=language)
    sheets = _texts(made)
    first = made.universes[0]
    for title in (first.actions.title, first.map.title, first.heatmap.title, first.sectors.title):
        assert title in sheets[0]
    assert first.details[0].title in sheets[1]
    assert first.details[0].title not in sheets[0]
    assert all(row[1].plain.split()[0] in sheets[0] for row in first.sectors.tables[0].rows)


@pytest.mark.prove
def test_each_universe_begins_its_own_sheet() -> None:
    sheets = _texts(_page("us", "demo"))
    begins = [i for i, text in enumerate(sheets) if "SYNTHETIC DATA" in text]
    assert len(begins) == 1
    assert "Sector rotation" in sheets[0]
    assert "SYNTHETIC" not in sheets[0]


def test_text_is_never_code_of_the_typesetter() -> None:
    report = sample_report("us", text='#panic("x") *bold* $1+1$ \\ @ref <label>')
    sheets = _texts(page(report, {"us": universe("us")}))
    assert '#panic("x") *bold* $1+1$ \\ @ref <label>' in sheets[0]


def test_the_first_sheet_is_a_png_of_an_a4_page() -> None:
    image = first_page_png(_page("us"))
    assert image[:8] == b"\x89PNG\r\n\x1a\n"
    wide, high = (int.from_bytes(image[at : at + 4], "big") for at in (16, 20))
    assert (wide, high) == (1191, 1684)
