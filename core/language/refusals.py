"""The sentences a question is refused with, in its own language."""

from typing import Literal

from core.records.request import Language

Refusal = Literal[
    "empty", "too_long", "not_text", "bad_date", "horizon", "universes", "no_such_sector",
    "cap_over_several", "percent", "no_such_universe",
]  # fmt: skip

_SENTENCES: dict[Refusal, dict[Language, str]] = {
    "empty": {
        "en": "The question is empty; ask about the sectors of a market.",
        "vi": "Câu hỏi trống; hãy hỏi về các ngành của một thị trường.",
    },
    "too_long": {
        "en": "The question has {length} characters; the limit is {limit}.",
        "vi": "Câu hỏi dài {length} ký tự; giới hạn là {limit}.",
    },
    "not_text": {
        "en": "The question holds characters that are no text.",
        "vi": "Câu hỏi có ký tự không phải văn bản.",
    },
    "bad_date": {
        "en": "{said!r} is not a date; write 2024-12-31 or 31/12/2024.",
        "vi": "{said!r} không phải là ngày; hãy viết 2024-12-31 hoặc 31/12/2024.",
    },
    "horizon": {
        "en": "A horizon of {said} is not served; choose {served}.",
        "vi": "Kỳ hạn {said} chưa được hỗ trợ; hãy chọn {served}.",
    },
    "universes": {
        "en": "{count} markets were named; a question takes up to {limit}.",
        "vi": "Câu hỏi nhắc tới {count} thị trường; tối đa là {limit}.",
    },
    "no_such_sector": {
        "en": "{said!r} is no sector of {universes}; its sectors: {known}.",
        "vi": "{universes} không có ngành {said!r}; các ngành: {known}.",
    },
    "cap_over_several": {
        "en": "{said!r} stands for several sectors ({known}); cap them one by one.",
        "vi": "{said!r} gồm nhiều ngành ({known}); hãy đặt trần cho từng ngành.",
    },
    "percent": {
        "en": "A limit of {said} % is not between 0 and 100 %.",
        "vi": "Giới hạn {said} % không nằm trong khoảng 0 đến 100 %.",
    },
    "no_such_universe": {
        "en": "There is no market {said!r}; known: {known}.",
        "vi": "Không có thị trường {said!r}; hiện có: {known}.",
    },
}


def refusal(reason: Refusal, language: Language, **named: str) -> str:
    """Return the sentence, its names filled in."""
    return _SENTENCES[reason][language].format(**named)
