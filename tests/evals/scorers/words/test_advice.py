"""Advice on a stock and promises are found; what investors did is no advice."""

import pytest

from core.records.evidence import Fact
from tests.evals.scorers.given import a_limited_report, a_refusal, a_report, refact, said, value


def test_no_report_advises() -> None:
    for report in (a_report(), a_report("vi"), a_limited_report(), a_refusal(), a_refusal("vi")):
        assert value("no-advice", report) == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "You should hold more of FPT.",
        "We recommend this stock.",
        "A price target is near.",
        "Gains are guaranteed.",
        "Nên mua FPT ngay.",
        "Khuyến nghị mua TCB.",
        "Ngành này chắc chắn tăng.",
        "Hãy bán hết.",
    ],
)
def test_advice_and_promises_are_found(text: str) -> None:
    assert value("no-advice", said(a_report(), text)) < 1.0


@pytest.mark.parametrize(
    "text", ["Foreign investors buy it.", "Khối ngoại đang mua ròng.", "It was bought and sold."]
)
def test_what_investors_did_is_no_advice(text: str) -> None:
    assert value("no-advice", said(a_report(), text)) == 1.0


def test_a_stance_on_a_stock_is_found() -> None:
    def fits(fact: Fact) -> bool:
        return fact.measure == "stance"

    assert value("no-advice", refact(a_report(), fits, subject="T04")) < 1.0
