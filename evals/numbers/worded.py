"""Operators that add or exchange words around true numbers, so that the statement is false.

Each says what no fact says. None is returned where the words would be true, or have no place.
"""

from collections.abc import Callable
from typing import Final

from core.records.decision import AllocationLine
from core.records.report import Claim
from core.records.request import Language
from evals.numbers.claiming import CLAIMING
from evals.numbers.scene import Scene

BEFORE: Final = ("{measure}", "{value}")
"""Slots a word may be put before."""


def negation(scene: Scene) -> Claim | None:
    """Return the claim denied."""
    words = scene.said("not no-longer never hardly", "không chẳng chưa").split()
    return _before(scene, "{value}", scene.chance.choice(words).replace("-", " "))


def doubled(scene: Scene) -> Claim | None:
    """Return the claim with its value as what something doubled or halved to."""
    words = scene.said(
        "doubled to|halved to|up threefold at|twice", "gấp đôi lên|giảm một nửa còn|gấp ba lần"
    )
    return _before(scene, "{value}", scene.chance.choice(words.split("|")))


def forecast_words(scene: Scene) -> Claim | None:
    """Return the claim as something yet to come."""
    words = scene.said(
        "will be|is going to reach|is expected at|next month", "sẽ là|dự kiến đạt|sắp tới|kỳ vọng ở"
    )
    return _before(scene, "{value}", scene.chance.choice(words.split("|")))


def causal_words(scene: Scene) -> Claim | None:
    """Return the claim with another measure as its cause."""
    words = scene.said(
        "because of|due to|thanks to|driven by|caused by", "do|vì|nhờ|bởi|dẫn đến từ"
    )
    other = scene.one(scene.market.beside(scene.first))
    said = scene.chance.choice(words.split("|"))
    return scene.going_on(f", {said} {{measure_#}} {{value_#}}", other) if other else None


def frequency_words(scene: Scene) -> Claim | None:
    """Return the claim with another frequency than its measure's."""
    key = scene.first.measure.partition(".")[2]
    words: dict[Language, tuple[tuple[str, str], ...]] = {
        "en": (("weekly", "weekly"), ("daily", "daily"), ("monthly", ""), ("annual", "")),
        "vi": (("tuần", "weekly"), ("ngày", "daily"), ("tháng", ""), ("năm", "")),
    }
    wrong = [word for word, of in words[scene.market.language] if of != key]
    word = scene.chance.choice(wrong)
    return _before(scene, "{measure}", word if scene.english else f"theo {word}")


def benchmark_words(scene: Scene) -> Claim | None:
    """Return the claim relative to an index it is not relative to."""
    index = scene.chance.choice(("S&P 500", "VN30", "VN-Index", "MSCI World", "gold", "cash"))
    text = scene.claim.text.replace("{benchmark}", index)
    if text == scene.claim.text:
        word = scene.said("against", "so với")
        text = text.replace("{value}", f"{{value}} {word} {index}", 1)
    return scene.worded(text)


def matched_words(scene: Scene) -> Claim | None:
    """Return a flow of all deals as matched or put through; of other measures, as a flow."""
    if scene.first.measure in ("matched_net", "put_through_net"):
        return None
    words = scene.said("matched|put-through|block", "khớp lệnh|thỏa thuận")
    return _before(scene, "{measure}", scene.chance.choice(words.split("|")))


def provisional_words(scene: Scene) -> Claim | None:
    """Return a running bar's value as final, and what is final as provisional."""
    key = scene.first.measure.partition(".")[2]
    running = any(
        fact.label == "true" and fact.subject == scene.first.subject
        for fact in scene.market.labels(f"provisional.{key}")
    )
    word = scene.said("final", "chính thức") if running else scene.said("provisional", "tạm tính")
    return _before(scene, "{measure}", word)


def favouring(scene: Scene) -> Claim | None:
    """Return praise of a sector the table underweights, or blame of one it overweights."""
    line = _line(scene)
    if line is None or line.stance not in ("underweight", "overweight", "excluded"):
        return None
    praise = "favoured|preferred|attractive|a buy|promising", "được ưa chuộng|hấp dẫn|đáng mua"
    blame = "shunned|unattractive|a sell|disappointing", "bị xa lánh|đáng bán|đáng lo"
    words = scene.said(*(blame if line.stance == "overweight" else praise))
    said = scene.said("which is", "vốn")
    return scene.going_on(f", {said} {scene.chance.choice(words.split('|'))}")


def direction_words(scene: Scene) -> Claim | None:
    """Return the claim with the direction its sign denies."""
    if scene.first.value is None:
        return None
    up = scene.first.value < 0
    words = scene.said(
        "rose to|climbed to|gained" if up else "fell to|slumped to|lost",
        "tăng lên|leo lên" if up else "giảm còn|sụt còn",
    )
    return _before(scene, "{value}", scene.chance.choice(words.split("|")))


def any_word(scene: Scene) -> Claim | None:
    """Return the claim with one of some hundred claiming words in it."""
    word = scene.chance.choice(CLAIMING[scene.market.language])
    return _before(scene, scene.chance.choice(BEFORE), word)


def joined(scene: Scene) -> Claim | None:
    """Return the claim with a mark that makes another figure of its values."""
    text = scene.claim.text
    marked: tuple[Callable[[], str], ...] = (
        lambda: text.replace("{value}", "-{value}", 1),
        lambda: text.replace("{value}", "–{value}", 1),
        lambda: text.replace("{value}", "{value}{value}", 1),
        lambda: text.replace("{value}", "{value},{value}", 1),
        lambda: text.replace("{value}", "{value}/{value}", 1),
        lambda: text.replace("{value}", "~{value}", 1),
    )
    return scene.worded(scene.chance.choice(marked)())


def _before(scene: Scene, slot: str, word: str) -> Claim | None:
    if slot not in scene.claim.text:
        return None
    return scene.worded(scene.claim.text.replace(slot, f"{word} {slot}", 1))


def _line(scene: Scene) -> AllocationLine | None:
    lines = (line for row in scene.market.material.allocations for line in row.lines)
    return next((line for line in lines if line.sector == scene.claim.entity), None)
