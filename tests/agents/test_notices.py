"""What is missing is named in plain words, with reason and remedy; one sentence a reason."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from agents import notices
from core.gaps import actor_of
from core.records.evidence import Gap
from core.records.plan import NODE_OF_TOOL, ToolName
from core.records.request import Language
from core.records.result import GapReason, NamedGap
from tests.agents.claims.told import material


def _said(tools: Sequence[ToolName], reason: GapReason, language: Language = "en") -> list[str]:
    gap = NamedGap(reason=reason, actor=actor_of(reason))
    gaps = tuple(
        Gap(id=f"toy-{n}", node=NODE_OF_TOOL[tool], tool=tool, universe="toy", gap=gap)
        for n, tool in enumerate(tools)
    )
    made = replace(material(language=language), gaps=gaps)
    return [sentence.text for sentence in notices.missing(made)]


def test_calls_that_failed_alike_are_named_in_one_sentence_that_says_what_to_do() -> None:
    tools: tuple[ToolName, ...] = ("get_foreign_flow_by_sector", "get_whale_activity")
    assert _said(tools, "timeout") == [
        "Foreign flow, whale activity: the tool did not answer in time; ask again later."
    ]
    assert _said(tools, "timeout", "vi") == [
        "Dòng vốn ngoại, giao dịch lớn: công cụ không trả lời kịp; hãy hỏi lại sau."
    ]


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("reason", ["tool_failed", "rejected", "server_down", "quota_spent"])
def test_no_failure_is_told_without_what_is_missing(reason: GapReason, language: Language) -> None:
    (said,) = _said(("get_macro_indicators",), reason, language)
    assert said.startswith({"en": "Macro indicators: ", "vi": "Chỉ báo vĩ mô: "}[language])
    assert ";" in said
