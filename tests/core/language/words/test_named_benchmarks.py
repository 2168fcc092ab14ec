"""What sectors are held against, in words."""

import pytest

from core.records.request import Request
from core.records.universe import Benchmark, Universe
from core.request import parse_request
from tests.core.asking import UNIVERSES, unmarked


def _with(universe: Universe, *added: Benchmark) -> Universe:
    known = {mark.id for mark in universe.benchmarks}
    fresh = tuple(mark for mark in added if mark.id not in known)
    return universe.model_copy(update={"benchmarks": (*universe.benchmarks, *fresh)})


US, VN = (next(row for row in UNIVERSES if row.id == name) for name in ("us", "vn"))
KINDS = {mark.kind: mark.id for mark in VN.benchmarks}
EQUAL = Benchmark(
    id=KINDS.get("equal_weight", "vn_equal"), kind="equal_weight", name_en="sectors in equal parts",
    name_vi="các ngành chia đều", treatment="total_return",
)  # fmt: skip
ABSOLUTE = Benchmark(
    id=KINDS.get("constant", "vn_constant"), kind="constant", name_en="nothing", name_vi="không gì",
    treatment="total_return",
)  # fmt: skip
WITHOUT = Benchmark(
    id=KINDS.get("ex_group", "vn_ex_vin"), kind="ex_group", without=("VIC", "VHM", "VRE"),
    name_en="the basket without Vingroup", name_vi="rổ không có họ Vin", treatment="total_return",
)  # fmt: skip
MARKETS = (US, _with(VN, EQUAL, ABSOLUTE, WITHOUT))


def asked(text: str, default: str = "vn", previous: Request | None = None) -> Request:
    return parse_request(text, MARKETS, default_universe=default, previous=previous)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ngành nào dẫn dắt so với VNINDEX?", "vnindex"),
        ("ngành nào mạnh hơn VN-Index?", "vnindex"),
        ("which sectors lead against VN30?", "vn30"),
        ("which sectors lead against equal weight?", EQUAL.id),
        ("ngành nào dẫn dắt, chuẩn tỷ trọng bằng nhau?", EQUAL.id),
        ("ngành nào dẫn dắt, trừ họ Vin?", WITHOUT.id),
        ("which Vietnamese sectors lead ex-Vingroup?", WITHOUT.id),
        ("which sectors lead in absolute terms?", ABSOLUTE.id),
        ("ngành nào mạnh nhất theo lợi suất tuyệt đối?", ABSOLUTE.id),
    ],
)
def test_a_named_benchmark_is_one_of_the_markets_own(text: str, expected: str) -> None:
    for said in (text, unmarked(text)):
        request = asked(said)
        assert (request.benchmark, request.universes) == (expected, ("vn",))
        assert request.patch is None
        assert request.focus == ()
        assert ("benchmark", expected) in {(row.field, row.value) for row in request.inferred}


def test_an_index_without_a_comparison_names_its_market_alone() -> None:
    request = asked("VN-Index: which sectors lead?", "us")

    assert (request.universes, request.benchmark) == (("vn",), None)


def test_a_benchmark_the_market_does_not_have_is_not_taken() -> None:
    assert asked("which US sectors lead ex-Vingroup?").benchmark is None


def test_a_level_of_a_benchmark_is_still_refused() -> None:
    assert asked("hơn VNINDEX bao nhiêu điểm tuần sau?").intent == "off_topic"


def test_a_follow_up_keeps_the_benchmark_of_its_market() -> None:
    first = asked("ngành nào dẫn dắt so với VNINDEX?")

    assert asked("còn ba tháng tới?", previous=first).benchmark == "vnindex"
    assert asked("and the US?", previous=first).benchmark is None
