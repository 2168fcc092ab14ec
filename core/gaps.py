"""Says why something is absent, who must act, and with which command; it decides no reason."""

from core.language.printed.names import DATASETS, TOOLS
from core.records.plan import ToolName
from core.records.request import Language
from core.records.result import Actor, Dataset, GapReason, NamedGap
from core.records.universe import Universe

_ACTORS: dict[GapReason, Actor] = {
    "no_data": "user",
    "not_published": "nobody",
    "stale": "operator",
    "not_covered": "provider",
    "not_measurable": "nobody",
    "too_short": "nobody",
    "model_not_fitted": "operator",
    "not_served": "user",
    "before_data": "user",
    "not_listed": "nobody",
    "too_few_members": "nobody",
    "tool_failed": "operator",
    "timeout": "operator",
    "rejected": "provider",
    "server_down": "operator",
    "replay_miss": "operator",
    "mixed_treatment": "user",
    "quota_spent": "operator",
    "tool_changed": "operator",
    "today_only": "nobody",
    "declined": "user",
    "over_budget": "operator",
}
_SENTENCES: dict[GapReason, dict[Language, str]] = {
    "no_data": {
        "en": "There are no {data} of {market} in the store.",
        "vi": "Kho chưa có {data} của {market}.",
    },
    "not_published": {
        "en": "{data_first} are not published for this market.",
        "vi": "Thị trường này không công bố {data}.",
    },
    "stale": {
        "en": "The {data} of {market} end too long before the date asked for.",
        "vi": "{data_first} của {market} đã quá cũ so với ngày được hỏi.",
    },
    "not_covered": {
        "en": "The {data} of {market} do not cover this.",
        "vi": "{data_first} của {market} không bao gồm mục này.",
    },
    "not_measurable": {
        "en": "This cannot be measured here: the room for foreign owners is used up.",
        "vi": "Không đo được: room khối ngoại đã kín.",
    },
    "too_short": {
        "en": "The history is too short for this measure.",
        "vi": "Chuỗi lịch sử chưa đủ dài cho thước đo này.",
    },
    "model_not_fitted": {
        "en": "No forecast model of {market} was fitted by that date.",
        "vi": "Chưa có mô hình dự báo của {market} được huấn luyện đến ngày đó.",
    },
    "not_served": {
        "en": "The tool server does not offer this; another may be named in mcp.json.",
        "vi": "Máy chủ công cụ không cung cấp mục này; có thể khai báo máy khác trong mcp.json.",
    },
    "before_data": {
        "en": "The date lies before the {data} of {market} begin; ask about a later day.",
        "vi": "Ngày được hỏi sớm hơn {data} của {market}; hãy hỏi về một ngày muộn hơn.",
    },
    "not_listed": {
        "en": "The series was not listed yet on that date.",
        "vi": "Mã này chưa niêm yết vào ngày đó.",
    },
    "too_few_members": {
        "en": "The sector has too few member stocks to be weighted.",
        "vi": "Ngành có quá ít cổ phiếu thành phần để phân bổ tỷ trọng.",
    },
    "tool_failed": {
        "en": "The tool failed; ask again, and see its server's log if it fails again.",
        "vi": "Công cụ gặp lỗi; hãy hỏi lại và xem nhật ký máy chủ nếu vẫn lỗi.",
    },
    "timeout": {
        "en": "The tool did not answer in time; ask again later.",
        "vi": "Công cụ không trả lời kịp; hãy hỏi lại sau.",
    },
    "rejected": {
        "en": "The tool's answer broke the contract and was not used; its provider must mend it.",
        "vi": "Kết quả của công cụ sai hợp đồng dữ liệu nên không được dùng; bên cung cấp sửa lại.",
    },
    "server_down": {
        "en": "The tool server cannot be reached; `sectorwise tools` shows which ones can.",
        "vi": "Không kết nối được máy chủ công cụ; `sectorwise tools` cho biết máy nào còn chạy.",
    },
    "replay_miss": {
        "en": "The recording does not hold this call; ask without it, or record again.",
        "vi": "Bản ghi không có lệnh gọi này; hãy hỏi không dùng bản ghi hoặc ghi lại.",
    },
    "mixed_treatment": {
        "en": "The sectors of {market} include dividends and this benchmark does not, or the other"
        " way round; use one of {like}.",
        "vi": "Các ngành của {market} tính cả cổ tức còn chỉ số tham chiếu này thì không, hoặc"
        " ngược lại; hãy dùng một trong {like}.",
    },
    "quota_spent": {
        "en": "The tool server's quota of calls is spent, so this was left out; ask again once it"
        " is renewed.",
        "vi": "Đã hết hạn mức gọi máy chủ công cụ nên mục này bị bỏ qua; hãy hỏi lại khi có hạn mức"
        " mới.",
    },
    "tool_changed": {
        "en": "The tool's name or schema is not what was pinned; it is off until it is accepted:"
        " sectorwise tools accept SERVER.",
        "vi": "Tên hoặc lược đồ của công cụ khác với bản đã ghim; công cụ bị tắt đến khi được"
        " chấp nhận: sectorwise tools accept SERVER.",
    },
    "today_only": {
        "en": "The tool server answers for today only, and nothing was recorded for that date.",
        "vi": "Máy chủ công cụ chỉ trả lời cho hôm nay và chưa ghi lại gì cho ngày đó.",
    },
    "declined": {
        "en": "Calls of the plan were left out as the user wished.",
        "vi": "Một số lệnh gọi trong kế hoạch đã được bỏ theo ý người dùng.",
    },
    "over_budget": {
        "en": "What a run or a day may spend is used up, so this was left out; the settings say how"
        " much that is.",
        "vi": "Đã dùng hết ngân sách của lần chạy hoặc của ngày nên mục này bị bỏ qua; mức đó nằm"
        " trong cấu hình.",
    },
}
_FLOW_NOT_PUBLISHED: dict[Language, str] = {
    "en": "No foreign-flow statistic is published for this market.",
    "vi": "Thị trường này không công bố thống kê giao dịch của khối ngoại.",
}
_NOT_MEASURABLE: dict[Language, str] = {
    "en": "The {data} of {market} do not allow this to be measured.",
    "vi": "{data_first} của {market} không cho phép đo mục này.",
}
_MEMBERS_WITHOUT_PRICES: dict[Language, str] = {
    "en": "The sector members of {market} are known, the prices of their stocks are not.",
    "vi": "Đã biết cổ phiếu thành phần các ngành của {market}, chưa có giá của chúng.",
}
_ANY: dict[Language, str] = {"en": "data", "vi": "dữ liệu"}
_UNNAMED: frozenset[GapReason] = frozenset(
    {
        "too_short", "not_listed", "not_served", "tool_failed", "timeout", "rejected",
        "server_down", "replay_miss", "quota_spent", "tool_changed", "today_only", "declined",
        "over_budget",
    }
)  # fmt: skip
"""Reasons whose sentence does not say what is absent."""
_FILES: frozenset[GapReason] = frozenset({"no_data", "stale", "not_covered"})
"""Reasons that importing a file removes."""


def actor_of(reason: GapReason) -> Actor:
    """Return who must act when the result does not say."""
    return _ACTORS[reason]


def gap_sentence(
    gap: NamedGap,
    universe: Universe,
    language: Language,
    *,
    held: frozenset[Dataset] = frozenset(),
    tools: tuple[ToolName, ...] = (),
) -> str:
    """Return why something is absent, and the command that brings it where there is one.

    Args:
        gap: the reason, and the data set where it is one's.
        universe: whose.
        language: of the sentence.
        held: the data sets the store has: members without their prices are said to be just that.
        tools: the calls it is of, named first where the reason names no data set.
    """
    unpriced = gap.reason == "no_data" and gap.dataset == "members" and "members" in held
    if unpriced:
        gap = gap.model_copy(update={"dataset": "prices"})
    data = (DATASETS[gap.dataset] if gap.dataset else _ANY)[language]
    market = universe.name_vi if language == "vi" else universe.name_en
    template = (_MEMBERS_WITHOUT_PRICES if unpriced else _SENTENCES[gap.reason])[language]
    if gap.dataset == "flows" and gap.reason == "not_published":
        template = _FLOW_NOT_PUBLISHED[language]
    if gap.dataset != "flows" and gap.reason == "not_measurable":
        template = _NOT_MEASURABLE[language]
    said = template.format(
        data=data, data_first=data[:1].upper() + data[1:], market=market, like=_like(universe)
    )
    if tools and (gap.reason in _UNNAMED or gap.dataset is None):
        said = f"{_named(gap, tools, language)}: {said[:1].lower()}{said[1:]}"
    command = gap_command(gap, universe)
    if command is None:
        return said
    lead = "Hãy chạy" if language == "vi" else "Run"
    return f"{said} {lead}: {command}"


def _named(gap: NamedGap, tools: tuple[ToolName, ...], language: Language) -> str:
    """Return what is absent, as a sentence begins: the data set, else what the calls ask for."""
    words = [DATASETS[gap.dataset]] if gap.dataset else [TOOLS[tool] for tool in tools]
    named = ", ".join(row[language] for row in words)
    return named[:1].upper() + named[1:]


def _like(universe: Universe) -> str:
    """Return the benchmarks of the sectors' own dividend treatment."""
    treatment = universe.benchmark.treatment
    return ", ".join(mark.id for mark in universe.benchmarks if mark.treatment == treatment)


def gap_command(gap: NamedGap, universe: Universe) -> str | None:
    """Return the command that removes the gap; None when no command can."""
    if gap.reason == "model_not_fitted":
        return f"sectorwise fit --universe {universe.id}"
    if gap.reason not in _FILES or gap.dataset is None or universe.synthetic:
        return None
    if gap.dataset == "model":
        return f"sectorwise fit --universe {universe.id}"
    return f"sectorwise import --universe {universe.id} --{gap.dataset} FILE"
