"""The words a writing model may put between its slots, by language; it reads no sentence.

They join and point, and claim nothing: no number, name, direction, comparison, cause, time, wish,
negation or opinion is among them, nor a word that says which measure is meant. What a sentence
claims it claims by a slot. A slot in a phrase stands for itself: `against` may stand before a
benchmark alone.
"""

from core.records.request import Language

Phrases = tuple[str, ...]

_ENGLISH: Phrases = (
    "a", "an", "the", "this", "that", "its", "it", "s", "which", "where", "here", "there",
    "of", "for", "in", "at", "on", "with", "and", "also", "too", "while", "whereas",
    "is", "are", "stands", "stand", "standing", "sits", "reads", "shows", "showing", "has", "have",
    "having", "comes with", "amounts to", "reading", "figure", "reported", "beside", "alongside",
    "next to", "together with", "as well as", "in addition", "for its part",
    "as of {date}", "against {benchmark}", "relative to {benchmark}",
)  # fmt: skip

_VIETNAMESE: Phrases = (
    "với", "của", "và", "là", "có", "còn", "thì", "cũng", "được", "đang", "ở", "ở mức", "mức",
    "ở đây", "này", "đó", "tại", "trong khi", "trong khi đó", "đồng thời", "đi kèm", "kèm theo",
    "cùng với", "bên cạnh", "bên cạnh đó", "ngoài ra", "đối với", "về phần", "ghi nhận",
    "cho thấy", "số liệu", "như sau", "tính đến {date}", "vào ngày {date}", "ngày {date}",
    "so với {benchmark}",
)  # fmt: skip

CONNECTING: dict[Language, Phrases] = {"en": _ENGLISH, "vi": _VIETNAMESE}
