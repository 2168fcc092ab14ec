import json
from pathlib import Path

import pytest

from tests.app.command import sectorwise

pytestmark = [pytest.mark.real_data, pytest.mark.prove]

QUESTIONS = (
    "Which US sectors are leading right now?",
    "Ngành nào đang dẫn dắt thị trường Việt Nam và khối ngoại có xác nhận không?",
    "nganh nao khoi ngoai mua rong manh nhat 1 thang qua",
    "RRG ngành công nghệ Việt Nam",
    "and three months instead of one?",
    "thế còn bất động sản?",
    "KQKD quý gần nhất của TCB, VPB, MBB?",
    "Compare Vietnamese banks with US financials over three months",
    "What if I cap technology at 20 % and exclude real estate in the US?",
    "What is the capital of France?",
)
"""One thread: English, Vietnamese, without diacritics, follow-ups, drill-down, two universes,
limits, off-topic."""


@pytest.fixture(scope="module")
def answered(real_home: Path) -> list[dict[str, object]]:
    ran = sectorwise("ask", "--as-of", "2024-12-30", "--json", *QUESTIONS, home=real_home)
    assert ran.code == 0, ran.error
    documents = json.loads(ran.out)
    for question, document in zip(QUESTIONS, documents, strict=True):
        print(f"\n{question}\n  {document['seconds']} s, {document['reused']} answers reused")
        for sentence in document["answer"]:
            print(f"  {sentence}")
    return list(documents)


def closed(document: dict[str, object], *fields: str) -> tuple[object, ...]:
    request = document["request"]
    assert isinstance(request, dict)
    return tuple(request[field] for field in fields)


def sectors(document: dict[str, object]) -> set[str]:
    (focus,) = closed(document, "focus")
    assert isinstance(focus, list)
    return {row["sector"] for row in focus}


def text(document: dict[str, object]) -> str:
    answer = document["answer"]
    assert isinstance(answer, list)
    return "\n".join(answer)


def test_every_question_is_understood(answered: list[dict[str, object]]) -> None:
    read = [closed(document, "universes", "horizon", "language") for document in answered]
    assert read[:9] == [
        (["us"], "1M", "en"),
        (["vn"], "1M", "vi"),
        (["vn"], "1M", "vi"),
        (["vn"], "1M", "vi"),
        (["vn"], "3M", "en"),
        (["vn"], "3M", "vi"),
        (["vn"], "3M", "vi"),
        (["vn", "us"], "3M", "en"),
        (["us"], "3M", "en"),
    ]
    assert closed(answered[9], "intent") == ("off_topic",)


def test_sectors_are_resolved_and_kept_by_elliptical_follow_ups_only(
    answered: list[dict[str, object]],
) -> None:
    named = [sectors(document) for document in answered]
    assert named[3] == named[4] == {"technology"}
    assert named[5] == {"real_estate"}
    assert named[7] == {"banks", "financials"}
    assert "banks" not in named[8]
    assert closed(answered[7], "symbols") == ([],)


def test_every_answer_has_bound_numbers_only(answered: list[dict[str, object]]) -> None:
    for document in answered:
        report = document["report"]
        assert isinstance(report, dict)
        facts = {fact["id"] for fact in report["facts"]}
        for sentence in report["sentences"]:
            for span in sentence["spans"]:
                assert span["fact"] is None or span["fact"] in facts
                if span["fact"] is None and sentence["section"] == "headline":
                    assert not any(char.isdigit() for char in span["text"]), sentence


def test_a_follow_up_reuses_what_is_known(answered: list[dict[str, object]]) -> None:
    reused = [document["reused"] for document in answered]
    assert all(isinstance(count, int) and count > 0 for count in reused[2:9])


def test_foreign_flow_is_confirmed_or_not_for_each_leader(
    answered: list[dict[str, object]],
) -> None:
    assert "khối ngoại" in text(answered[1])
    assert "tỷ đồng" in text(answered[1])


def test_bank_statements_are_a_gap_with_the_command(answered: list[dict[str, object]]) -> None:
    assert "sectorwise import --universe vn --fundamentals" in text(answered[6])


def test_an_excluded_sector_has_no_weight(answered: list[dict[str, object]]) -> None:
    report = answered[8]["report"]
    assert isinstance(report, dict)
    lines = {line["sector"]: line for line in report["allocations"][0]["lines"]}
    assert lines["real_estate"]["target_weight"] == 0
    assert lines["technology"]["target_weight"] <= 0.2


def test_another_subject_makes_no_call(answered: list[dict[str, object]]) -> None:
    report = answered[9]["report"]
    assert isinstance(report, dict)
    assert report["evidence"] == []
    assert report["gaps"] == []
