import re
from html import unescape

from app.render.html import html
from app.render.markdown import markdown
from app.render.page import page
from core.records.report import Report
from tests.app.render.sample_report import sample_report, universe
from tests.app.render.samples import full_report


def _markdown(report: Report) -> str:
    return markdown(page(report, {name: universe(name) for name in report.request.universes}))


def _unescaped(text: str, mark: str) -> bool:
    return re.search(r"(?<!\\)" + re.escape(mark), text) is not None


def test_no_text_opens_a_tag_or_a_link() -> None:
    text = _markdown(
        sample_report("us", text="<b>see</b> [this](http://evil.example) | `x` www.a.b")
    )
    assert not _unescaped(text, "<")
    assert not _unescaped(text, "[")
    assert "http://" not in text
    assert "www." not in text


def test_every_row_of_a_table_has_as_many_cells_as_its_heading() -> None:
    for block in re.findall(r"(?:^\|.*\n)+", _markdown(sample_report("vn")), re.MULTILINE):
        counts = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(counts) == 1


def test_a_cell_of_two_lines_stays_in_its_row() -> None:
    report = full_report("us")
    first, *rest = report.allocations[0].lines
    sold = first.model_copy(
        update={
            "benchmark_weight": 0.1,
            "held_weight": 0.45,
            "target_weight": 0.15,
            "stance": "overweight",
        }
    )
    allocation = report.allocations[0].model_copy(update={"lines": (sold, *rest)})
    text = _markdown(report.model_copy(update={"allocations": (allocation,)}))
    assert re.search(r"\| overweight, still: sold down from [\d.]+% (\(was neutral\) )?\|", text)


def test_the_numbers_are_those_of_the_other_forms() -> None:
    report = sample_report("us", language="vi")
    made = page(report, {"us": universe("us")})
    text = markdown(made)
    for row in made.universes[0].sectors.tables[0].rows:
        assert row[4].plain in text
    assert "Tham khảo, không phải khuyến nghị đầu tư" in text


def test_every_sentence_is_there_even_one_a_table_repeats() -> None:
    report = sample_report("us")
    made = page(report, {"us": universe("us")})
    text, shown = markdown(made), html(made)
    plain = re.sub(r"\\(.)", r"\1", text)
    assert all(sentence.text in plain for sentence in report.sentences)
    dissent = next(s for s in report.sentences if s.section == "against")
    told = next(s for s in report.sentences if s.section == "rotation")
    read = unescape(re.sub(r"<[^>]+>", "", shown))
    assert told.text in read
    assert dissent.text not in read


def test_a_synthetic_report_says_so_before_its_numbers() -> None:
    text = _markdown(sample_report("demo"))
    assert text.index("SYNTHETIC DATA") < text.index("|")
    assert "SYNTHETIC" not in _markdown(sample_report("us"))
