"""The words of lines, data sets, calls and units in English and Vietnamese; no grammar."""

from core.records.plan import ToolName
from core.records.report import Comparator
from core.records.request import Language
from core.records.universe import Horizon

Words = dict[Language, str]

LINES: dict[str, Words] = {
    "revenue": {"en": "revenue", "vi": "doanh thu"},
    "gross_profit": {"en": "gross profit", "vi": "lợi nhuận gộp"},
    "operating_income": {"en": "operating income", "vi": "lợi nhuận hoạt động"},
    "net_profit": {"en": "net profit", "vi": "lợi nhuận ròng"},
    "total_assets": {"en": "total assets", "vi": "tổng tài sản"},
    "total_liabilities": {"en": "total liabilities", "vi": "tổng nợ phải trả"},
    "equity": {"en": "equity", "vi": "vốn chủ sở hữu"},
    "total_equity": {"en": "total equity", "vi": "tổng vốn chủ sở hữu"},
    "net_interest_income": {"en": "net interest income", "vi": "thu nhập lãi thuần"},
    "fee_income": {"en": "net fee income", "vi": "lãi thuần từ dịch vụ"},
    "total_operating_income": {
        "en": "total operating income",
        "vi": "tổng thu nhập hoạt động",
    },
    "operating_expenses": {"en": "operating expenses", "vi": "chi phí hoạt động"},
    "provisions": {"en": "credit provisions", "vi": "chi phí dự phòng rủi ro tín dụng"},
    "loans": {"en": "loans to customers", "vi": "cho vay khách hàng"},
    "deposits": {"en": "customer deposits", "vi": "tiền gửi khách hàng"},
    "npl_ratio": {"en": "bad-loan ratio", "vi": "tỷ lệ nợ xấu"},
    "casa_ratio": {"en": "CASA ratio", "vi": "tỷ lệ CASA"},
    "net_interest_margin": {"en": "net interest margin", "vi": "biên lãi thuần"},
    "cfo": {"en": "operating cash flow", "vi": "dòng tiền hoạt động kinh doanh"},
}
"""The lines of statements."""

REFERENCES: dict[str, Words] = {
    "sector_mean": {"en": "the mean of sectors", "vi": "bình quân các ngành"},
}
"""What a figure may be over that is no series."""

DATASETS: dict[str, Words] = {
    "prices": {"en": "prices", "vi": "dữ liệu giá"},
    "intraday": {"en": "intraday bars", "vi": "dữ liệu trong phiên"},
    "flows": {"en": "foreign flows", "vi": "dữ liệu giao dịch khối ngoại"},
    "fundamentals": {"en": "fundamentals", "vi": "dữ liệu cơ bản doanh nghiệp"},
    "macro": {"en": "macro series", "vi": "dữ liệu vĩ mô"},
    "members": {"en": "sector members", "vi": "danh sách cổ phiếu thành phần"},
    "positions": {"en": "managers' positions", "vi": "dữ liệu danh mục của các quỹ lớn"},
    "weights": {"en": "benchmark weights", "vi": "dữ liệu tỷ trọng chuẩn"},
    "series": {"en": "alternative series", "vi": "dữ liệu thay thế"},
    "news": {"en": "news items", "vi": "tin tức"},
    "model": {"en": "forecasts", "vi": "mô hình dự báo"},
}

CALLS: dict[str, Words] = {
    "heatmap": {"en": "sector heatmap", "vi": "bản đồ nhiệt ngành"},
    "inputs": {"en": "scoring inputs", "vi": "đầu vào chấm điểm"},
    "macro": {"en": "macro indicators", "vi": "chỉ báo vĩ mô"},
    "fundamentals": {"en": "sector fundamentals", "vi": "số liệu cơ bản ngành"},
    "flow": {"en": "foreign flow by sector", "vi": "dòng vốn ngoại theo ngành"},
    "whales": {"en": "whale activity", "vi": "giao dịch lớn"},
    "market": {"en": "market overview", "vi": "tổng quan thị trường"},
    "warning": {"en": "market warning", "vi": "cảnh báo thị trường"},
    "statistics": {"en": "rotation statistics", "vi": "thống kê luân chuyển"},
    "status": {"en": "data status", "vi": "tình trạng dữ liệu"},
    "trading": {"en": "trading conditions", "vi": "điều kiện giao dịch"},
    "held": {"en": "prices of held symbols", "vi": "giá các mã đang giữ"},
}
"""What a planned call asks for, by its id after the universe's."""
TOOLS: dict[ToolName, Words] = {
    "get_macro_indicators": {"en": "macro indicators", "vi": "chỉ báo vĩ mô"},
    "get_sector_heatmap": {"en": "sector heatmap", "vi": "bản đồ nhiệt ngành"},
    "get_sector_fundamentals": {"en": "sector fundamentals", "vi": "số liệu cơ bản ngành"},
    "get_financial_statements": {"en": "financial statements", "vi": "báo cáo tài chính"},
    "get_foreign_flow": {"en": "foreign flow of the sector", "vi": "dòng vốn ngoại của ngành"},
    "get_foreign_flow_by_sector": {"en": "foreign flow", "vi": "dòng vốn ngoại"},
    "get_whale_activity": {"en": "whale activity", "vi": "giao dịch lớn"},
    "get_technical_momentum": {"en": "price momentum", "vi": "đà giá"},
    "get_sector_overview": {"en": "stocks of the sector", "vi": "cổ phiếu trong ngành"},
    "get_market_overview": {"en": "market overview", "vi": "tổng quan thị trường"},
    "get_scoring_inputs": {"en": "scores and weights", "vi": "điểm và tỷ trọng"},
    "get_data_status": {"en": "data status", "vi": "tình trạng dữ liệu"},
    "get_rotation_history": {"en": "path of the rotation", "vi": "lịch sử luân chuyển"},
    "get_trading_conditions": {"en": "trading conditions", "vi": "điều kiện giao dịch"},
    "get_rotation_statistics": {"en": "rotation statistics", "vi": "thống kê luân chuyển"},
    "get_market_warning": {"en": "market warning", "vi": "cảnh báo thị trường"},
    "get_forecast_record": {"en": "record of the forecast", "vi": "thành tích dự báo"},
}
"""What a reader misses where a tool brings nothing."""
COUNTED: dict[str, tuple[str, str, str]] = {
    "dwell": ("bar", "bars", "nến"),
    "bars": ("bar", "bars", "nến"),
}
"""Measures printed with what they count: one, many, and in Vietnamese."""

RUNS: dict[Language, tuple[str, str, str]] = {
    "en": ("of net buying", "of net selling", "in a row"),
    "vi": ("mua ròng", "bán ròng", "liên tiếp"),
}
"""What a streak's sessions are of, buying or selling, and that there are several."""

UNIT_WORDS: dict[str, Words] = {
    "%": {"en": "%", "vi": "%"},
    "fraction": {"en": "%", "vi": "%"},
    "pp": {"en": "pp", "vi": "điểm %"},
    "fraction_change": {"en": "pp", "vi": "điểm %"},
    "bp": {"en": "bp", "vi": "điểm cơ bản"},
    "x": {"en": "x", "vi": "lần"},
    "days": {"en": "days", "vi": "ngày"},
    "trading_days": {"en": "days", "vi": "phiên"},
    "weeks": {"en": "weeks", "vi": "tuần"},
    "sessions": {"en": "sessions", "vi": "phiên"},
    "°": {"en": "°", "vi": "°"},
    "sd": {"en": "sd", "vi": "độ lệch chuẩn"},
    "thousands": {"en": "thousand", "vi": "nghìn"},
    "USD": {"en": "USD", "vi": "USD"},
}
"""Printed after the number; a unit that is not here (index, count, level) prints nothing."""

MONEY_WORDS: dict[str, dict[Language, str]] = {
    "bn": {"en": "bn", "vi": "tỷ"},
    "mn": {"en": "mn", "vi": "triệu"},
}
CURRENCY_WORDS: dict[str, dict[Language, str]] = {
    "VND": {"en": "VND", "vi": "đồng"},
    "USD": {"en": "USD", "vi": "USD"},
    "EUR": {"en": "EUR", "vi": "EUR"},
    "XXX": {"en": "", "vi": ""},
}
COMPARATORS: dict[Comparator, Words] = {
    "states": {"en": "at", "vi": "ở mức"},
    "above": {"en": "above neutral", "vi": "trên mức trung tính"},
    "below": {"en": "below neutral", "vi": "dưới mức trung tính"},
    "highest": {"en": "the highest", "vi": "cao nhất"},
    "lowest": {"en": "the lowest", "vi": "thấp nhất"},
    "rising": {"en": "up", "vi": "tăng"},
    "falling": {"en": "down", "vi": "giảm"},
}

SPANS: dict[Horizon, Words] = {
    "1W": {"en": "a week", "vi": "một tuần"},
    "1M": {"en": "a month", "vi": "một tháng"},
    "3M": {"en": "three months", "vi": "ba tháng"},
}
"""Served lengths in words, for sentences without a fact."""
