"""The sentences a question is refused with, in its own language."""

from typing import Literal

from core.records.request import Language

Refusal = Literal[
    "empty", "too_long", "not_text", "bad_date", "yearless", "bad_year", "horizon", "universes",
    "no_such_sector", "cap_over_several", "floor_over_several", "percent", "no_such_universe",
    "holdings_over", "holding_over_several", "holding_unknown", "empty_span", "contradiction",
    "cap_below_floor", "floors_over", "limit_unread", "limit_open", "limit_misspelt",
    "limit_bare", "limit_changed", "limit_dropped", "limit_of_mandate",
    "limit_counted", "limit_grouped", "limit_hearsay", "holding_unread",
]  # fmt: skip

_SENTENCES: dict[Refusal, dict[Language, str]] = {
    "contradiction": {
        "en": "{said} is to be left out and to have a weight at once; say one of the two.",
        "vi": "{said} vừa bị loại vừa phải có tỷ trọng; hãy chỉ nêu một điều.",
    },
    "cap_below_floor": {
        "en": "{said} is to have at most {cap} % and at least {floor} %; say one of the two.",
        "vi": "{said} vừa tối đa {cap} % vừa tối thiểu {floor} %; hãy chỉ nêu một điều.",
    },
    "floors_over": {
        "en": "The floors add up to {said} %, more than the whole.",
        "vi": "Các mức tối thiểu cộng lại thành {said} %, vượt quá toàn bộ.",
    },
    "limit_unread": {
        "en": "A limit was heard that names no sector of {universes}; its sectors: {known}.",
        "vi": "Có một giới hạn không nêu ngành nào của {universes}; các ngành: {known}.",
    },
    "limit_bare": {
        "en": "A limit was heard whose number, {said}, is not said to be a percentage; write "
        "{said} % if it is one.",
        "vi": "Có một giới hạn với số {said} không rõ là phần trăm; hãy viết {said} % nếu phải.",
    },
    "limit_changed": {
        "en": "A percentage was heard beside the limits stated before, and not what it is to be; "
        "write the limit in full, for example: tech at most 20 %.",
        "vi": "Có một tỷ lệ phần trăm bên cạnh các giới hạn đã nêu mà không rõ dùng làm gì; hãy "
        "viết đủ giới hạn, ví dụ: công nghệ tối đa 20 %.",
    },
    "limit_open": {
        "en": "Which sectors each of the limits is of could be read in two ways; write one limit a "
        "sentence, for example: tech at most 20 %; energy at least 5 %.",
        "vi": "Có thể hiểu theo hai cách giới hạn nào là của ngành nào; hãy viết mỗi giới hạn một "
        "câu, ví dụ: công nghệ tối đa 20 %; năng lượng ít nhất 5 %.",
    },
    "limit_dropped": {
        "en": "A limit was heard beside a sector that could not be read; write one limit a "
        "sentence, for example: tech at most 20 %; exclude energy.",
        "vi": "Có một giới hạn bên cạnh một ngành mà không đọc được; hãy viết mỗi giới hạn một "
        "câu, ví dụ: công nghệ tối đa 20 %; loại năng lượng.",
    },
    "limit_of_mandate": {
        "en": "A limit was heard that a question cannot state; write it in the mandate's file: "
        "{said}.",
        "vi": "Có một giới hạn không nêu được trong câu hỏi; hãy nêu trong tệp mandate: {said}.",
    },
    "limit_counted": {
        "en": "A limit on how many sectors are held was heard ({said!r}); none can be stated. "
        "Write which sectors to exclude, or cap them all with sector_cap in the mandate's file.",
        "vi": "Có một giới hạn về số ngành nắm giữ ({said!r}); không nêu được giới hạn này. Hãy "
        "nêu tên từng ngành cần loại, hoặc đặt sector_cap trong tệp mandate.",
    },
    "limit_grouped": {
        "en": "A limit on several sectors together was heard; write caps of groups in the "
        "mandate's file (groups), and in a question, as all floors, one sector at a time.",
        "vi": "Có một giới hạn cho nhiều ngành cộng lại; hãy nêu trần của nhóm trong tệp "
        "mandate (groups), còn trong câu hỏi, và với mọi mức sàn, từng ngành một.",
    },
    "limit_hearsay": {
        "en": "What another advises is no limit ({said!r}); write it as yours if it is to hold, "
        "for example: exclude energy.",
        "vi": "Lời khuyên của người khác không phải giới hạn ({said!r}); nếu muốn áp dụng hãy nêu "
        "như của mình, ví dụ: loại năng lượng.",
    },
    "limit_misspelt": {
        "en": "{said!r} may stand for {meant!r}, and a limit is not guessed; write it again.",
        "vi": "{said!r} có thể là {meant!r}, mà giới hạn thì không được đoán; hãy viết lại.",
    },
    "holding_unread": {
        "en": "Holdings were heard that could not be read ({said!r}); say each as a percentage of "
        "the whole: 30 % banks, 20 % energy, rest cash.",
        "vi": "Có danh mục nắm giữ không đọc được ({said!r}); hãy nêu từng phần theo phần trăm: "
        "30 % ngân hàng, 20 % năng lượng, còn lại tiền mặt.",
    },
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
    "yearless": {
        "en": "A quarter or month is named without its year; write Q3 2024 or March 2024.",
        "vi": "Quý hoặc tháng được nêu không có năm; hãy viết quý 3/2024 hoặc tháng 3/2024.",
    },
    "bad_year": {
        "en": "{said} lies outside the years 1900 to 2099; name a day there is data of.",
        "vi": "{said} nằm ngoài các năm 1900 đến 2099; hãy nêu một ngày có dữ liệu.",
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
    "floor_over_several": {
        "en": "{said!r} stands for several sectors ({known}); set floors one by one.",
        "vi": "{said!r} gồm nhiều ngành ({known}); hãy đặt sàn cho từng ngành.",
    },
    "holding_over_several": {
        "en": "{said!r} stands for several sectors ({known}); say how much of each is held.",
        "vi": "{said!r} gồm nhiều ngành ({known}); hãy nêu tỷ trọng nắm giữ của từng ngành.",
    },
    "holdings_over": {
        "en": "The holdings add up to {said} %, more than the whole.",
        "vi": "Danh mục cộng lại thành {said} %, vượt quá toàn bộ.",
    },
    "holding_unknown": {
        "en": "{said!r} among the holdings names no sector of {universes} and no known symbol; "
        "its sectors: {known}.",
        "vi": "{said!r} trong danh mục không phải ngành của {universes} hay mã đã biết; "
        "các ngành: {known}.",
    },
    "empty_span": {
        "en": "The span begins on {since}, which is not before its end on {until}.",
        "vi": "Khoảng thời gian bắt đầu ngày {since}, không sớm hơn ngày kết thúc {until}.",
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
