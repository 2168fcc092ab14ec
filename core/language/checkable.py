"""The words a report may only say through a slot, by language; it reads no sentence.

Numbers, directions, comparisons, negations and times are claims about the world: a sentence states
them by a fact or not at all. A negation belongs here because it turns a bound word into its
opposite. Phrases of `TERMS` are names that hold such a word and claim nothing by it.
"""

from core.records.request import Language

Phrases = tuple[str, ...]

_ENGLISH: Phrases = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    "hundred", "hundreds", "thousand", "thousands", "million", "millions", "billion", "billions",
    "trillion", "trillions", "dozen", "dozens", "first", "second", "third", "fourth", "fifth",
    "sixth", "seventh", "eighth", "ninth", "tenth", "half", "halves", "halved", "quarter of",
    "thirds", "quarters", "double", "doubled", "doubles", "doubling", "twofold", "triple",
    "tripled", "threefold", "tenfold", "quadruple", "once", "twice", "thrice", "couple", "pair",
    "both", "single", "sole", "several", "majority", "minority", "percent", "per cent",
    "percentage", "basis point", "basis points", "bps", "bp", "points", "times",
    "up", "upward", "upwards", "upside", "down", "downward", "downwards", "downside", "rise",
    "rises", "rose", "risen", "rising", "fall", "falls", "fell", "fallen", "falling", "gain",
    "gains", "gained", "gaining", "lose", "loses", "lost", "losing", "loss", "losses", "increase",
    "increases", "increased", "increasing", "decrease", "decreases", "decreased", "decreasing",
    "drop", "drops", "dropped", "dropping", "decline", "declines", "declined", "declining",
    "climb", "climbs", "climbed", "climbing", "jump", "jumps", "jumped", "surge", "surges",
    "surged", "surging", "soar", "soared", "soaring", "plunge", "plunged", "plunges", "slump",
    "slumped", "slide", "slid", "sliding", "tumble", "tumbled", "rally", "rallied", "rallying",
    "rebound", "rebounded", "grow", "grows", "grew", "grown", "growing", "shrink", "shrinks",
    "shrank", "shrinking", "expand", "expands", "expanding", "contract", "contracting",
    "accelerate", "accelerates", "accelerating", "slow", "slows", "slowing", "slowed",
    "strengthen", "strengthens", "strengthening", "strengthened", "strong", "stronger",
    "strongest", "strongly", "weak", "weaker", "weakest", "weakly", "weaken", "weakens",
    "weakened", "weakening", "improve", "improves", "improved", "improving", "improvement",
    "worsen", "worsens", "worsening", "deteriorate", "deteriorates", "deteriorating", "lead",
    "leads", "led", "leading", "leader", "leaders", "lag", "lags", "lagged", "lagging", "laggard",
    "laggards", "outperform", "outperforms", "outperformed", "outperforming", "underperform",
    "underperforms", "underperformed", "underperforming", "beat", "beats", "beating", "trail",
    "trails", "trailing", "overweight", "underweight", "bullish", "bearish", "positive",
    "positively", "negative", "negatively", "plus", "minus", "buy", "buys", "bought", "buying",
    "buyer", "buyers", "sell", "sells", "sold", "selling", "seller", "sellers", "inflow",
    "inflows", "outflow", "outflows", "more", "most", "mostly", "less", "least", "fewer", "fewest",
    "higher", "highest", "high", "lower", "lowest", "low", "larger", "largest", "large", "bigger",
    "biggest", "big", "smaller", "smallest", "small", "greater", "greatest", "better", "best",
    "worse", "worst", "top", "bottom", "above", "below", "beyond", "over", "under", "exceed",
    "exceeds", "exceeded", "exceeding", "maximum", "minimum", "peak", "peaks", "peaked", "trough",
    "record", "cheaper", "cheapest", "cheap", "dearer", "dearest", "expensive", "ahead", "behind",
    "faster", "fastest", "slower", "slowest", "than", "not", "no", "never", "neither", "nor",
    "none", "without", "hardly", "barely", "cannot", "isn't", "aren't", "doesn't", "don't",
    "didn't", "won't", "wasn't", "contrary", "opposite", "false", "untrue", "wrong", "certain",
    "certainly", "guarantee", "guaranteed", "sure", "surely", "always", "every", "all", "only",
    "today", "yesterday", "tomorrow", "january", "february", "april", "june", "july", "august",
    "september", "october", "november", "december", "monday", "tuesday", "wednesday", "thursday",
    "friday", "saturday", "sunday", "dollar", "dollars", "dong", "euro", "euros", "usd", "vnd",
    "eur", "in march", "in may", "of march", "of may", "since march", "since may",
)  # fmt: skip

_VIETNAMESE: Phrases = (
    "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "bẩy", "tám", "chín", "mười", "mươi", "mốt",
    "lăm", "chục", "tá", "trăm", "nghìn", "ngàn", "vạn", "triệu", "tỷ", "tỉ", "nửa", "rưỡi",
    "phần tư", "phần ba", "gấp", "gấp đôi", "gấp ba", "đôi", "cặp", "lần", "thứ nhất", "thứ nhì",
    "thứ tư", "thứ ba", "phần trăm", "điểm phần trăm", "điểm cơ bản", "đa số", "thiểu số", "vài",
    "cả hai", "duy nhất", "tăng", "giảm", "lên", "xuống", "sụt", "rớt", "rơi", "lao dốc",
    "bứt phá", "bật", "nhảy vọt", "tăng vọt", "leo", "hồi phục", "phục hồi", "lùi",
    "mở rộng", "thu hẹp", "tăng tốc", "giảm tốc", "chậm", "nhanh", "mạnh", "yếu", "khỏe", "tốt",
    "xấu", "kém", "dẫn dắt", "dẫn đầu", "dẫn sóng", "đứng đầu", "đầu bảng", "cuối bảng", "đội sổ",
    "suy yếu", "tụt hậu", "tụt lại", "cải thiện", "xấu đi", "vượt", "vượt trội", "thua", "thắng",
    "hơn", "nhất", "cao", "thấp", "lớn", "nhỏ", "nhiều", "ít", "rẻ", "đắt", "trên", "dưới",
    "tối đa", "tối thiểu", "kỷ lục", "đỉnh", "đáy", "dương", "âm", "cộng", "trừ", "mua", "bán",
    "gom", "xả", "rút", "hút", "không", "chẳng", "chả", "chưa", "chớ", "đừng", "trái", "ngược",
    "sai", "chắc", "chắc chắn", "đảm bảo", "bảo đảm", "luôn", "mọi", "tất cả", "toàn bộ", "chỉ",
    "hôm nay", "hôm qua", "ngày mai", "thứ hai", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật",
    "đô la", "khoẻ",
)  # fmt: skip

FORBIDDEN: dict[Language, Phrases] = {"en": _ENGLISH, "vi": _VIETNAMESE}

TERMS: dict[Language, Phrases] = {
    "en": (
        "S&P 500", "VN30", "VN-Index", "12-month momentum", "12-month", "12-1 momentum",
        "200-day average", "13F", "P/E", "ICB-2", "RS-Ratio", "RS-Momentum", "put-through",
        "long-only", "top-down", "bottom-up", "up to date", "follow-up", "trade-off",
        "high-yield", "track record", "out-of-sample record", "lead time", "quarter-end",
        "fixed income", "not investment advice",
    ),
    "vi": (
        "S&P 500", "VN30", "VN-Index", "động lượng 12 tháng", "đà tăng 12 tháng",
        "trung bình 200 ngày", "13F", "P/E", "ICB-2", "RS-Ratio", "RS-Momentum", "một số",
        "một phần", "một cách", "một trong những", "một khi", "năm nay", "năm ngoái", "hằng năm",
        "hàng năm", "cả năm", "trong năm", "tỷ trọng", "tỷ lệ", "tỷ giá", "tỷ suất", "tỉ trọng",
        "tỉ lệ", "tỉ giá", "tỉ suất", "trên thị trường", "trên cơ sở", "dựa trên", "trên sàn",
        "trên toàn", "bán lẻ", "chỉ số", "chỉ tiêu", "trái phiếu", "trừ khi", "sai số",
        "lần lượt", "lần này", "tăng trưởng kinh tế", "âm thầm", "cộng đồng", "công cộng",
        "không phải khuyến nghị đầu tư",
    ),
}  # fmt: skip
"""Names and set phrases that may stand in a sentence although a word of theirs may not."""
