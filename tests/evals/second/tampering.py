"""Edits of a finished page, each of another kind; every one makes it say something else."""

import base64
import hashlib
import re
from collections.abc import Callable
from typing import Final

Edit = Callable[[str], str]


def _swap(pattern: str, replacement: str) -> Edit:
    return lambda page: re.sub(pattern, replacement, page, count=1, flags=re.S)


def _cells(page: str, table: str, row: int) -> tuple[int, int]:
    start = page.index(f'<table class="{table}">')
    rows = list(re.finditer(r"<tr\b.*?</tr>", page[start : page.index("</table>", start)], re.S))
    return start + rows[row].start(), start + rows[row].end()


def _rows_swapped(page: str) -> str:
    (a, b), (c, d) = _cells(page, "sectors", 1), _cells(page, "sectors", 3)
    return page[:a] + page[c:d] + page[b:c] + page[a:b] + page[d:]


def _names_swapped(page: str) -> str:
    (a, b), (c, d) = _cells(page, "weights", 1), _cells(page, "weights", 2)
    name = re.compile(r'(<td class="left strong">)(.*?)(</td>)')
    one, other = name.search(page[a:b]), name.search(page[c:d])
    assert one is not None
    assert other is not None
    return (
        page[:a] + name.sub(rf"\g<1>{other[2]}\g<3>", page[a:b], count=1) + page[b:c]
        + name.sub(rf"\g<1>{one[2]}\g<3>", page[c:d], count=1) + page[d:]
    )  # fmt: skip


def _restyled(page: str) -> str:
    """Hide the notes by a style sheet the policy is made to allow."""
    style = re.search(r"<style>(.*?)</style>", page, re.S)
    assert style is not None
    changed = style[1] + ".note{display:none}"
    digests = [
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in (style[1], changed)
    ]
    return page.replace(style[1], changed).replace(digests[0], digests[1])


OTHER: Final = "all sectors in equal parts"
"""Another benchmark of the synthetic market."""
_PERCENT: Final = r'(target_weight[^"]*">)([\d.]+)(%<)'

ENGLISH: Final[dict[str, Edit]] = {
    "a digit of a weight": _swap(_PERCENT, r"\g<1>9\g<2>\g<3>"),
    "a digit in a table": _swap(r'(excess_1m_pct[^"]*">[+−])(\d)', r"\g<1>8\g<2>"),
    "the sign of a forecast": _swap(r'(expected/1/excess_pct[^"]*">)[+]', r"\g<1>−"),
    "a digit less": _swap(r'(rs_momentum_index[^"]*">\d+\.\d)\d', r"\g<1>"),
    "percent for points": _swap(r'(Active weight[^"]*">[^<]*) pp<', r"\g<1>%<"),
    "points for percent": _swap(r'(return_3m_pct[^"]*">[^<]*)%<', r"\g<1> pp<"),
    "a decimal comma": _swap(r'(target_weight[^"]*">\d+)\.(\d)', r"\g<1>,\g<2>"),
    "million for billion": _swap(r"bn USD<", "mn USD<"),
    "another currency": _swap(r"bn USD<", "bn EUR<"),
    "a sector's name in prose": _swap(r'(quadrant[^"]*">)(?:Industrials|Energy)<', r"\g<1>Banks<"),
    "two names in a table": _names_swapped,
    "two rows in a ranking": _rows_swapped,
    "a total": _swap(r'(<td class="left strong">Total</td><td[^>]*>)100', r"\g<1>101"),
    "a factor's name": _swap(r'(title="momentum_12m [^"]*">\s*)Momentum 12M', r"\g<1>Breadth 50d"),
    "a verdict": _swap(r">not distinguishable from chance<", ">better than 12-month momentum<"),
    "a mark of flow": _swap(r">\u2713<", ">\u2717<"),
    "a rank": _swap(r'(/rank[^"]*">)(\d)', r"\g<1>7"),
    "a stance in prose": _swap(r'(stance[^"]*">)overweight<', r"\g<1>underweight<"),
    "a stance in a table": _swap(r'(data-label="Stance"[^>]*>)underweight', r"\g<1>overweight"),
    "a stance among the weights": _swap(r'(<td class="left">)underweight<', r"\g<1>overweight<"),
    "a kind of limit": _swap(r'(<td class="left[^"]*">)long only<', r"\g<1>active cap<"),
    "a date in prose": _swap(r'(stance[^"]*">)\d+ (\w{3} \d{4})<', r"\g<1>2 \g<2><"),
    "the report's date": _swap(r'(As of · demo">)\d+', r"\g<1>3"),
    "the date of a source": _swap(r"(Sources: foreign flow to )\d+ \w{3}", r"\g<1>1 Feb"),
    "weekly for daily in prose": _swap(r" on weekly bars \(", " on daily bars ("),
    "weekly for daily under a picture": _swap(r"(<figcaption[^>]*>)weekly", r"\g<1>daily"),
    "a quadrant": _swap(r'(weekly/quadrant[^"]*">)LEADING', r"\g<1>LAGGING"),
    "the benchmark": _swap(r"(Benchmark</dt><dd>)basket of all demo stocks", rf"\g<1>{OTHER}"),
    "a benchmark in a note": _swap(r"basket of all demo stocks = 100", f"{OTHER} = 100"),
    "the synthetic banner": _swap(r'<p class="synthetic".*?</p>', ""),
    "what is missing": _swap(r'(<section class="block missing">).*?(</section>)', r"\g<1>\g<2>"),
    "a sentence nobody verified": _swap(r"(</div><section)", r"<p>Buy Technology now.</p>\g<1>"),
    "a word in a sentence": _swap(r"argues for more, ", "strongly argues for more, "),
    "limits nobody has": _swap(r"(Binding limits .*?)</p>", r"\g<1> and 9 more</p>"),
    "a link": _swap(r"(<footer>)", r'\g<1><a href="https://evil.example/">more</a>'),
    "a picture from elsewhere": _swap(r"(<footer>)", r'\g<1><img src="//evil.example/x.png">'),
    "a script": _swap(r"(</body>)", r"<script>1</script>\g<1>"),
    "a handler": _swap(r"<main ", '<main onclick="x()" '),
    "a style of its own": _swap(r"<footer", '<footer style="display:none"'),
    "a hidden attribute": _swap(r"<footer", "<footer hidden"),
    "a comment": _swap(r"(<footer>)", r"<!-- ignore the above -->\g<1>"),
    "a rule that hides": _restyled,
    "an invisible character": _swap(r"(For information)", "\u200b\\g<1>"),
    "digits of another script": _swap(r'(target_weight[^"]*">)\d', "\\g<1>\uff11"),
    "a source": _swap(r"/lines/0/target_weight", "/lines/1/target_weight"),
    "a source that is nowhere": _swap(r"/lines/0/target_weight", "/lines/99/target_weight"),
    "a name of a measure": _swap(r'title="Target weight ·', 'title="Benchmark weight ·'),
    "a tooltip in a picture": _swap(r"(<title>Industrials · \w+ · RS-Ratio )\d", r"\g<1>9"),
    "a heading": _swap(r">Bench → target, %<", ">Target → bench, %<"),
    "the report's hash": _swap(r"(report )[0-9a-f]{12}", r"\g<1>0123456789ab"),
    "the horizon": _swap(r"horizon 1M", "horizon 3M"),
}  # fmt: skip
"""By what is changed, on an English page of the synthetic market."""

_ORDER: Final = r'(<tr title="[^"]*/orders/0 [^"]*">(?:<td[^>]*>[^<]*</td>){'

HELD: Final[dict[str, Edit]] = {
    "a held weight in the actions": _swap(r'(lines/\d+/held_weight[^"]*">)\d', r"\g<1>7"),
    "the money to trade": _swap(r'(sectors/\d+/value_bn[^"]*">[+\u2212]?\d+,)\d', r"\g<1>7"),
    "the sign of a trade": _swap(r'(sectors/\d+/value_bn[^"]*">)\u2212', r"\g<1>+"),
    "the days of a trade": _swap(r'(trading_days[^"]*">)\d', r"\g<1>9"),
    "a held weight in prose": _swap(r'(sectors/\d+/held_weight[^"]*">)\d+,\d%', r"\g<1>77,7%"),
    "a target in prose": _swap(r'(sectors/\d+/target_weight[^"]*">)\d', r"\g<1>7"),
    "what was bought": _swap(r'(/buys_bn[^"]*">)\d', r"\g<1>7"),
    "what was sold": _swap(r'(/sells_bn[^"]*">)\d', r"\g<1>7"),
    "the cost in money": _swap(r'(/cost_bn[^"]*">)\d', r"\g<1>7"),
    "the cost in points": _swap(r'(/cost_bps[^"]*">)\d', r"\g<1>9"),
    "cash before": _swap(r'(cash_before_weight[^"]*">)\d', r"\g<1>7"),
    "cash after": _swap(r'(cash_after_weight[^"]*">)\d', r"\g<1>7"),
    "the day of the trade": _swap(r'(/trade_on[^"]*">)\d\d/', r"\g<1>28/"),
    "the day it settles": _swap(r'(/settles[^"]*">)\d\d/', r"\g<1>28/"),
    "an order's symbol": _swap(_ORDER + r"0})<td[^>]*>D...", r"\g<1><td>DXXX"),
    "an order's side": _swap(_ORDER + r"2}<td[^>]*>)bán<", r"\g<1>mua<"),
    "an order's shares": _swap(_ORDER + r"3}<td[^>]*>)\d", r"\g<1>9"),
    "an order's lots": _swap(_ORDER + r"4}<td[^>]*>)\d", r"\g<1>9"),
    "an order's price": _swap(_ORDER + r"5}<td[^>]*>)\d", r"\g<1>9"),
    "an order's value": _swap(_ORDER + r"6}<td[^>]*>)\d", r"\g<1>9"),
    "an order's days": _swap(_ORDER + r"7}<td[^>]*>)\d", r"\g<1>9"),
    "an order's cost": _swap(_ORDER + r"8}<td[^>]*>)\d", r"\g<1>9"),
    "where holdings come from": _swap(r"holdings\.csv", "others.csv"),
    "the day of the holdings": _swap(r"(holdings\.csv, )\d\d", r"\g<1>28"),
    "held among the weights": _swap(
        r'(/lines/3 [^"]*">(?:<td[^>]*>[^<]*</td>){2}<td[^>]*>)\d', r"\g<1>7"
    ),
    "cash among the weights": _swap(r"(Tiền mặt</td><td[^>]*></td><td[^>]*>)\d", r"\g<1>9"),
    "held in all": _swap(
        r"(Tổng</td><td[^>]*>100,0</td><td[^>]*>)100", r"\g<1>101"
    ),
    "what stood before": _swap(r'(rows/\d+/before_weight[^"]*">)\d', r"\g<1>7"),
    "what stood before left out": _swap(r'<[^<>]*before_rank[^<>]*>\d+</\w+>', "–"),
    "what stands after": _swap(r'(rows/\d+/after_weight[^"]*">)\d', r"\g<1>7"),
    "a part of a change": _swap(r'(causes/\d+/amount[^"]*">[+\u2212])\d', r"\g<1>7"),
    "a former stance": _swap(r'(before_stance[^"]*">\s*\(trước: )[^)]*', r"\g<1>không phân bổ"),
    "a cause": _swap(r"\(danh mục\)", "(mô hình)"),
}  # fmt: skip
"""By what is changed, on a Vietnamese page with holdings, orders and a predecessor."""
