"""The names of factors, in English and Vietnamese; what a factor computes is `core.signals`."""

from core.records.request import Language

FACTORS: dict[str, dict[Language, str]] = {
    "rs_ratio_weekly": {"en": "weekly RS-Ratio", "vi": "RS-Ratio tuần"},
    "rs_momentum_weekly": {"en": "weekly RS-Momentum", "vi": "RS-Momentum tuần"},
    "excess_1w": {"en": "1-week excess return", "vi": "lợi suất vượt trội 1 tuần"},
    "excess_1m": {"en": "1-month excess return", "vi": "lợi suất vượt trội 1 tháng"},
    "excess_3m": {"en": "3-month excess return", "vi": "lợi suất vượt trội 3 tháng"},
    "momentum_12_1": {"en": "12-1 momentum", "vi": "động lượng 12-1"},
    "momentum_12m": {"en": "12-month momentum", "vi": "động lượng 12 tháng"},
    "volatility_60d": {"en": "60-session volatility", "vi": "độ biến động 60 phiên"},
    "downside_60d": {"en": "60-session downside risk", "vi": "rủi ro giảm giá 60 phiên"},
    "volume_anomaly": {"en": "unusual volume", "vi": "khối lượng bất thường"},
    "turnover_share_change": {
        "en": "change in share of trading", "vi": "thay đổi tỷ trọng thanh khoản",
    },
    "breadth_50d": {"en": "breadth, 50-day", "vi": "độ rộng 50 phiên"},
    "breadth_200d": {"en": "breadth, 200-day", "vi": "độ rộng 200 phiên"},
    "new_highs_20d": {"en": "20-session highs minus lows", "vi": "đỉnh trừ đáy 20 phiên"},
    "foreign_intensity_20d": {
        "en": "20-session foreign intensity", "vi": "cường độ khối ngoại 20 phiên",
    },
    "foreign_intensity_change": {
        "en": "change in foreign intensity", "vi": "thay đổi cường độ khối ngoại",
    },
    "whale_volume_20d": {"en": "20-session volume spikes", "vi": "đột biến khối lượng 20 phiên"},
    "block_share_20d": {"en": "20-session block share", "vi": "tỷ trọng thỏa thuận 20 phiên"},
    "manager_change_13f": {
        "en": "change in managers' positions", "vi": "thay đổi vị thế của các quỹ lớn",
    },
    "revenue_growth": {"en": "revenue growth", "vi": "tăng trưởng doanh thu"},
    "net_profit_growth": {"en": "net profit growth", "vi": "tăng trưởng lợi nhuận ròng"},
    "net_profit_margin": {"en": "net profit margin", "vi": "biên lợi nhuận ròng"},
    "roe": {"en": "ROE", "vi": "ROE"},
    "pe_percentile_5y": {"en": "five-year P/E percentile", "vi": "phân vị P/E năm năm"},
    "macro_tilt": {"en": "macro tilt", "vi": "độ nghiêng vĩ mô"},
    "intermarket_bond": {"en": "bond sensitivity", "vi": "độ nhạy với trái phiếu"},
    "intermarket_gold": {"en": "gold sensitivity", "vi": "độ nhạy với vàng"},
    "intermarket_oil": {"en": "oil sensitivity", "vi": "độ nhạy với giá dầu"},
    "intermarket_dollar": {"en": "dollar sensitivity", "vi": "độ nhạy với USD"},
}  # fmt: skip
