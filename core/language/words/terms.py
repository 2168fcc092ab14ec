"""The words a question may use besides market and sector names; what they mean is closed.

Phrases are written as people write them, with diacritics, and folded when the table is built. A
phrase swallows the shorter ones inside it: `báo cáo tài chính` is a statement, not a report on
financials. Phrases under `stop` mean nothing and exist only to swallow.
"""

from typing import Literal

from core.language.words.fold import phrase_key
from core.records.request import Topic

Cue = Literal[
    "report", "compare", "explain", "what_if", "finance", "stop", "index", "level", "price_target",
    "instead", "lift", "tell", "unheld", "advice", "safety", "pick",
]  # fmt: skip

_LIFTS = tuple(
    f"{verb} {which}{what}"
    for verb in ("lift", "drop", "remove", "undo", "forget", "ignore", "cancel", "without")
    for which in ("", "the ", "that ", "those ", "these ", "my ", "all ", "all the ", "any ")
    for what in ("limit", "limits", "cap", "caps", "floor", "floors", "exclusion", "exclusions",
                 "restrictions", "constraints")
) + tuple(
    f"{verb} {which}{what}"
    for verb in ("bỏ", "gỡ", "gỡ bỏ", "hủy", "xóa", "không còn", "không có")
    for which in ("", "các ", "hết ", "mấy ", "những ", "mọi ")
    for what in ("giới hạn", "trần", "sàn", "loại trừ", "mức trần", "mức sàn")
)  # fmt: skip
"""Verbs that lift with what they lift."""
_ONE_STOCK = (
    "which stock", "which stocks", "what stock", "what stocks", "which single stock",
    "single stock", "which one stock", "one stock", "best stock", "best stocks", "stock pick",
    "stock picks", "stock tip", "stock tips", "hot stock", "hot stocks", "which share",
    "which shares", "what shares", "a stock", "a stock tip", "a stock pick", "this stock",
    "that stock", "a share",
    "one share", "single share", "winner stock", "winning stock", "winning stocks",
    "a company", "one company", "this company", "which company", "which companies",
    "mã nào", "những mã nào",
    "mã gì", "cổ phiếu nào", "cổ phiếu gì", "những cổ phiếu nào", "mã cổ phiếu nào",
    "doanh nghiệp nào", "công ty nào", "1 stock", "1 share", "1 company", "1 mã", "một mã",
    "1 cổ phiếu", "một cổ phiếu",
)  # fmt: skip
"""Words for one stock out of all; beside words of trading they ask for a pick."""

TOPICS: dict[Topic, tuple[str, ...]] = {
    "rotation": (
        "rotation", "rotations", "rotate", "rotating", "RRG", "relative rotation", "quadrant",
        "quadrants", "lead", "leads", "led", "leading", "leader", "leaders", "leadership",
        "money going", "money is going", "money moving", "money is moving", "money flowing",
        "money rotating", "money is rotating", "stronger", "weaker", "outperforming",
        "weakening", "lagging", "laggards", "improving", "RS-Ratio", "RS-Momentum",
        "relative strength", "heatmap", "heat map",
        "luân chuyển", "xoay vòng", "xoay tua", "dẫn dắt", "dẫn sóng", "dẫn đầu",
        "suy yếu", "tụt hậu", "cải thiện", "góc phần tư", "sức mạnh tương đối", "sức mạnh giá",
        "bản đồ nhiệt", "dịch chuyển dòng tiền", "dòng tiền", "mạnh lên", "khỏe lên", "yếu đi",
    ),
    "forecast": (
        "forecast", "forecasts", "predict", "prediction", "predictions", "predictive", "outlook",
        "expected", "expect", "expectation", "outperform", "outperformance", "underperform",
        "underperformance", "probability",
        "chance", "chances", "odds",
        "dự báo", "dự đoán", "triển vọng", "kỳ vọng", "xác suất", "vượt trội", "khả năng tăng",
    ),
    "foreign_flow": (
        "foreign", "foreigner", "foreigners", "foreign flow", "foreign flows", "foreign investors",
        "international investors", "net buying", "net selling", "net bought", "net sold",
        "proprietary trading", "khối ngoại", "nước ngoài", "nhà đầu tư nước ngoài", "NĐTNN",
        "NĐT ngoại", "vốn ngoại", "mua ròng", "bán ròng", "room ngoại", "tự doanh",
        "dòng vốn ngoại", "ông tây", "mấy ông tây", "các ông tây", "mấy anh tây", "các bác tây",
        "tây lông",
    ),
    "whales": (
        "whale", "whales", "whale activity", "big money", "smart money", "13F", "block trade",
        "block trades", "block deals", "put-through", "hedge funds", "institutional activity",
        "cá mập", "cá voi", "tay to", "thỏa thuận", "giao dịch thỏa thuận", "giao dịch lớn",
        "giao dịch đột biến", "đột biến khối lượng", "nhà đầu tư lớn", "dòng tiền lớn",
    ),
    "fundamentals": (
        "fundamental", "fundamentals", "valuation", "valuations", "P/E", "PE ratio", "ROE",
        "revenue", "revenue growth", "sales growth", "profit", "profits", "profit margin",
        "net profit margin", "earnings", "earnings growth", "margins", "financial ratios",
        "financial health", "cheap", "cheaper", "cheapest", "expensive",
        "most expensive", "priciest", "undervalued", "overvalued", "best value", "định giá",
        "cơ bản", "yếu tố cơ bản",
        "doanh thu", "lợi nhuận", "biên lợi nhuận", "tăng trưởng lợi nhuận",
        "tăng trưởng doanh thu", "chỉ số tài chính", "sức khỏe tài chính", "LNST", "đắt hay rẻ",
        "đang rẻ", "đang đắt", "rẻ nhất", "đắt nhất", "rẻ hơn", "đắt hơn",
    ),
    "statements": (
        "financial statement", "financial statements", "financial report", "financial reports",
        "income statement", "income statements", "balance sheet", "balance sheets", "cash flow",
        "cash flows", "quarterly results", "latest results", "business results", "KQKD", "BCTC",
        "báo cáo tài chính", "kết quả kinh doanh", "bảng cân đối kế toán", "cân đối kế toán",
        "lưu chuyển tiền tệ", "báo cáo kết quả kinh doanh", "báo cáo quý",
        "báo cáo lưu chuyển tiền tệ", "báo cáo tài chính năm", "cash flow statement",
        "cash flow statements", "profit and loss",
    ),
    "macro": (
        "macro", "macroeconomic", "macroeconomics", "economy", "economic", "economic growth",
        "GDP", "inflation", "CPI", "PMI", "interest rate", "interest rates", "rate cut",
        "rate cuts", "rate hike", "rate hikes", "Fed", "central bank", "unemployment",
        "employment", "payrolls", "yield curve", "regime", "recession", "consumer sentiment",
        "consumer confidence", "retail sales", "industrial production", "housing starts",
        "credit growth", "oil price", "oil prices", "10-year yield", "10-year treasury",
        "vĩ mô", "kinh tế vĩ mô", "nền kinh tế", "tăng trưởng kinh tế", "lạm phát", "lãi suất",
        "ngân hàng nhà nước", "NHNN", "ngân hàng trung ương", "tỷ giá", "tăng trưởng tín dụng",
        "thất nghiệp", "việc làm", "chu kỳ kinh tế", "suy thoái", "giá dầu",
        "lợi suất trái phiếu 10 năm", "trái phiếu 10 năm",
    ),
    "allocation": (
        "allocate", "allocation", "allocations", "asset allocation", "allocation report",
        "báo cáo phân bổ", "overweight", "underweight",
        "weight", "weights", "weighting", "portfolio", "mandate", "rebalance", "rebalancing",
        "turnover", "position", "positions", "holdings", "recommend", "recommendation",
        "recommendations", "should I buy", "should I sell", "phân bổ", "tỷ trọng", "danh mục",
        "cơ cấu", "tái cơ cấu",
        "cơ cấu lại", "khuyến nghị", "giải ngân", "nên mua", "nên bán", "nắm giữ", "vòng quay",
        "tăng tỷ trọng", "giảm tỷ trọng", "what to hold", "what should I hold", "how to split",
        "how should I split", "how to divide", "how much in each", "how much of each",
        "nên giữ bao nhiêu", "nên nắm bao nhiêu", "chia vốn", "chia tiền", "nên chia",
        "chia sao", "chia ra sao", "chia thế nào", "chia như thế nào",
    ),
    "momentum": (
        "momentum", "12-month momentum", "12-1 momentum", "trend", "trends", "trending",
        "volatility", "volume", "volumes", "technical", "technicals", "technical momentum",
        "moving average", "động lượng", "xu hướng", "kỹ thuật", "phân tích kỹ thuật",
        "biến động giá", "độ biến động", "khối lượng", "khối lượng giao dịch", "thanh khoản",
        "đường trung bình", "momentum 12 tháng", "động lượng 12 tháng",
    ),
    "stocks": (
        "stock", "stocks", "shares", "tickers", "companies", "members", "constituents",
        "top stocks", *_ONE_STOCK, "cổ phiếu", "mã cổ phiếu", "những mã", "các mã",
        "doanh nghiệp",
    ),
    "market": (
        "market overview", "overall market", "whole market", "market breadth", "breadth",
        "market as a whole", "toàn thị trường", "tổng quan thị trường", "thị trường chung",
        "độ rộng", "độ rộng thị trường", "market warning", "strained", "under strain", "stressed",
        "căng thẳng", "cảnh báo thị trường",
    ),
    "record": (
        "IC", "information coefficient", "hit rate", "track record", "skill", "trust", "accuracy",
        "how accurate", "how reliable", "tỷ lệ đúng", "độ chính xác", "tin được không",
        "đáng tin không", "có đáng tin", "tin cậy không",
    ),
    "formula": (
        "formula", "formulas", "JdK", "JdK formula", "Bloomberg", "công thức", "cách tính",
    ),
    "rule_test": ("backtest", "backtests", "back-test", "kiểm định", "kiểm định lịch sử"),
    "changed": (
        "what changed", "what has changed", "what is different", "thay đổi gì", "có gì thay đổi",
        "thay đổi ra sao", "khác gì so với",
    ),
    "hindsight": (
        "knowing what you know now", "knowing what we know now", "knowing what I know now",
        "with hindsight", "in hindsight", "should I have bought", "should I have sold",
        "should we have bought", "should we have sold", "nếu biết trước", "lẽ ra nên mua",
        "đáng lẽ nên mua", "lẽ ra phải mua",
    ),
    "matched_flow": (
        "matched-only", "matched only", "matched trades", "order matching", "khớp lệnh",
        "chỉ tính khớp lệnh",
    ),
}  # fmt: skip

FIGURES = frozenset(
    phrase_key(phrase)
    for phrase in (
        "money going",
        "money is going",
        "money moving",
        "money is moving",
        "money flowing",
        "money rotating",
        "money is rotating",
        "big money",
        "smart money",
        "whale",
        "whales",
        "hot money",
        "dòng tiền",
        "dịch chuyển dòng tiền",
        "dòng tiền lớn",
        "cá mập",
        "cá voi",
        "tay to",
        "sóng ngành",
        "ông tây",
        "mấy ông tây",
        "các ông tây",
        "mấy anh tây",
        "các bác tây",
        "tây lông",
    )
)
"""Figures of speech that may mean more than the topic they are taken for."""

CUES: dict[Cue, tuple[str, ...]] = {
    "report": (
        "report", "reports", "allocation report", "research report", "write-up", "write up",
        "one-pager", "full analysis", "analyse sector rotation", "analyze sector rotation",
        "analyse", "analyze", "báo cáo", "bản báo cáo", "lập báo cáo", "viết báo cáo",
        "phân tích", "nhận định", "báo cáo phân bổ", "tờ trình",
    ),
    "compare": (
        "compare", "compared", "comparison", "versus", "vs", "rank", "ranking", "side by side",
        "against each other", "so sánh", "so với", "xếp hạng", "đối chiếu",
    ),
    "explain": (
        "why", "how does", "how do you", "calculated", "computed", "explain", "explanation",
        "formula", "prove", "proof", "trust", "method", "methodology", "how come", "what does",
        "what is the meaning", "work", "works", "tại sao", "vì sao", "sao lại",
        "có hiệu quả không", "giải thích",
        "công thức", "chứng minh", "phương pháp", "cách tính", "nghĩa là gì", "là gì",
        "là sao", "nghĩa là sao",
        "tin được không", "hoạt động thế nào",
    ),
    "what_if": (
        "what if", "what happens if", "if I", "if we", "suppose", "assuming", "scenario",
        "nếu", "giả sử", "giả định", "kịch bản", "điều gì xảy ra nếu", "thì sao nếu",
    ),
    "finance": (
        "sector", "sectors", "industry", "industries", "market", "markets", "stock market",
        "ETF", "ETFs", "equity", "equities", "invest", "investing", "investor", "investors",
        "returns", "benchmark", "performance", "performing", "risk", "alpha", "hedge", "data",
        "cap", "exclude", "basis points", "điểm cơ bản", "ngành", "nhóm ngành",
        "nhóm cổ phiếu", "thị trường",
        "thị trường chứng khoán", "thị trường tài chính",
        "winners", "losers", "gainers", "chứng khoán hôm nay",
        "financial market", "financial markets", "sóng ngành", "tổng quan ngành", "rủi ro",
        "hiệu suất", "lợi suất", "dữ liệu", "nhà đầu tư", "đầu tư", "mua vào", "bán ra",
        "buy", "buying", "bought", "sell", "selling", "sold",
    ),
    "index": (
        "VNINDEX", "VN-Index", "VN30", "S&P 500", "the index", "index", "Nasdaq", "Dow Jones",
        "chỉ số", "HNX-Index",
    ),
    "level": (
        "how many points", "points", "what level", "which level", "index level", "index target",
        "close at", "reach", "bao nhiêu điểm", "mấy điểm", "điểm số", "mốc", "lên bao nhiêu",
        "xuống bao nhiêu",
    ),
    "price_target": (
        "price target", "target price", "share price tomorrow", "stock price tomorrow",
        "giá mục tiêu", "giá ngày mai",
    ),
    "instead": ("instead of", "rather than", "thay vì", "thay cho"),
    "lift": (
        *_LIFTS, "no limits", "no limit", "no caps", "không giới hạn",
    ),
    "tell": (
        "tell", "tell the story", "the story of", "narrate", "walk me through", "recount",
        "kể lại", "kể về", "kể cho", "kể chuyện", "kể diễn biến", "hãy kể", "diễn biến",
        "thuật lại",
    ),
    "unheld": (
        "forget my holdings", "ignore my holdings", "drop my holdings", "without my holdings",
        "bỏ danh mục", "bỏ danh mục nắm giữ", "không tính danh mục", "quên danh mục",
    ),
    "pick": _ONE_STOCK,
    "advice": (
        "what should I do", "what should we do", "what do I do", "what to do", "what can I do",
        "what now", "what would you do", "what do you suggest", "suggest something", "advice",
        "advise me", "any ideas", "where do I start", "where should I start",
        "nên làm gì", "làm gì bây giờ", "phải làm gì", "làm sao bây giờ", "tư vấn", "gợi ý",
        "lời khuyên", "khuyên",
    ),
    "safety": (
        "safe", "safer", "safest", "safety", "dangerous", "defensive", "an toàn", "phòng thủ",
        "nguy hiểm",
    ),
    "stop": (
        "kể từ", "thống kê", "lead to", "leads to", "lead time", "tell us", "give us", "let us",
        "help us",
        "all of us", "most of us", "both of us",
        "bank account", "financial year", "financial crisis", "retail investors", "energy level",
        "health check", "consumer protection", "food for thought", "chúng ta",
        "chúng tôi", "chung quy", "chung cuộc", "chứng nhận", "chứng quyền", "chứng từ",
        "chung cư", "nói chung", "năm tài chính", "khủng hoảng tài chính", "mỹ phẩm", "thẩm mỹ",
        "ngành diễn biến", "nhà đầu tư cá nhân", "truyền thống", "cách truyền thống",
        "phương pháp truyền thống", "heatmap truyền thống", "nước sản xuất",
    ),
}  # fmt: skip
