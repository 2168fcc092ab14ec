"""The phrases that name what sectors are held against; which data there are for it is not here."""

from collections.abc import Iterator

from core.records.universe import Benchmark, BenchmarkKind

CUES = (
    "against", "against the", "versus", "versus the", "vs", "vs the", "relative to",
    "relative to the", "compared with", "compared with the", "compared to", "compared to the",
    "benchmark", "benchmarked against", "measured against", "beat", "beat the", "beats", "beating",
    "so với", "so với chỉ số", "với chuẩn", "với chỉ số", "hơn", "hơn chỉ số", "vượt",
    "vượt chỉ số", "chuẩn", "theo chuẩn", "lấy chuẩn", "tham chiếu", "tham chiếu là",
)  # fmt: skip
"""Words before a name that make it the benchmark; without them an index names its market."""

_WORDS: dict[BenchmarkKind, tuple[str, ...]] = {
    "series": (),
    "basket": ("own basket", "the own basket", "rổ riêng", "rổ của ngành", "rổ thành phần"),
    "equal_weight": (
        "equal weight", "equal weights", "equal-weight", "equally weighted", "an equal weight",
        "tỷ trọng bằng nhau", "trọng số bằng nhau", "tỷ trọng đều", "chia đều các ngành",
    ),
    "ex_group": (),
    "constant": (
        "absolute", "in absolute terms", "absolute terms", "absolute return", "absolute returns",
        "tuyệt đối", "lợi suất tuyệt đối", "giá trị tuyệt đối",
    ),
}  # fmt: skip
_WITHOUT = (
    "ex", "excluding", "without", "trừ", "ngoại trừ", "không tính", "không gồm", "không kể",
)  # fmt: skip
_GROUPS: dict[str, tuple[str, ...]] = {
    "VIC": ("Vin", "Vingroup", "Vin group", "họ Vin", "nhóm Vin", "họ nhà Vin"),
}
"""What a group of issuers is called, by the symbol of its parent."""


def own_phrases(mark: Benchmark) -> Iterator[str]:
    """Yield the phrases that name a benchmark by its kind, in any market that has one."""
    words = [*_WORDS[mark.kind]]
    if not names_market(mark):
        words += [mark.id.replace("_", " "), mark.name_en, mark.name_vi]
    for symbol in mark.without:
        words += [f"{cue} {name}" for cue in _WITHOUT for name in _GROUPS.get(symbol, ())]
    for word in words:
        yield word
        yield from (f"{cue} {word}" for cue in CUES)


def named_phrases(mark: Benchmark) -> Iterator[str]:
    """Yield the phrases that name this market's benchmark: a cue before its id, name or ticker."""
    names: dict[str, None] = {}
    if names_market(mark):
        names = {mark.id.replace("_", " "): None, mark.name_en: None, mark.name_vi: None}
    if mark.ticker is not None:
        names[mark.ticker] = None
    for name in names:
        yield from (f"{cue} {name}" for cue in CUES)


def names_market(mark: Benchmark) -> bool:
    """Tell whether a benchmark's name is one market's own: an index, or it without a group."""
    return mark.kind in {"series", "ex_group"}
