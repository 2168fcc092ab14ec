"""Whether nobody is told to buy or sell a stock, and nothing is promised."""

from collections.abc import Iterator

from evals.records import Ran
from evals.scorers.checks import Check, reported
from evals.scorers.told import Told, phrases, sentences, stem

TOLD = phrases(
    "you should", "you must", "we recommend", "i recommend", "strong buy", "strong sell",
    "(?:time|good moment) to (?:buy|sell)", "should (?:buy|sell|be bought|be sold)",
    "go (?:long|short)", "take profits?", "cut (?:your )?loss(?:es)?", "stop[- ]loss",
    "price target", "target price", "buy (?:now|the dip|more)", "sell (?:now|everything)",
    "nên (?:mua|bán|chốt|cắt)",
    "hãy (?:mua|bán|chốt|cắt)", "khuyến nghị (?:mua|bán)", "mua ngay", "bán ngay", "giá mục tiêu",
    "chốt lời", "cắt lỗ", "bắt đáy", "mua đuổi",
)  # fmt: skip
PROMISED = phrases(
    "guaranteed?",
    "risk[- ]free",
    "cannot lose",
    "can't lose",
    "sure (?:profit|gain)",
    "certain to",
    "will definitely",
    "no risk",
    "cam kết (?:lợi nhuận|sinh lời)",
    "chắc chắn (?:tăng|lãi|thắng)",
    "không (?:có )?rủi ro",
    "bảo đảm lợi nhuận",
    "lãi chắc",
)
STANCES = frozenset({"overweight", "underweight"})


def checks(ran: Ran) -> Iterator[Check]:
    """Yield of each sentence whether it advises nobody, promises nothing and weighs no stock."""
    sectors = {
        judged.place: {line.sector for row in judged.report.allocations for line in row.lines}
        for judged in reported(ran)
    }
    for told in sentences(ran):
        text = told.sentence.text
        found = TOLD.search(text) or PROMISED.search(text)
        yield told.check(found is None, f"{found[0] if found else ''!r}")
        yield from _of_sectors(told, sectors[told.judged.place])


def _of_sectors(told: Told, sectors: set[str]) -> Iterator[Check]:
    """Yield whether a stance, told or recommended, is a sector's."""
    for fact in told.cited:
        if stem(fact).endswith("stance") and fact.label in STANCES:
            right = fact.subject in sectors
            yield told.check(right, f"{fact.label} of {fact.subject}, which is no sector")
