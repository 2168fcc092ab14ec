"""The names of factors, in English and Vietnamese; what a factor computes is `core.signals`."""

import re

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
    "intermarket_copper": {"en": "copper sensitivity", "vi": "độ nhạy với giá đồng"},
    "excess_6m": {"en": "6-month excess return", "vi": "lợi suất vượt trội 6 tháng"},
    "high_52w": {"en": "distance from the 52-week high", "vi": "khoảng cách tới đỉnh 52 tuần"},
    "seasonality_1m": {"en": "seasonality of the month", "vi": "tính mùa vụ của tháng"},
    "beta_252d": {"en": "one-year beta", "vi": "beta một năm"},
    "idiosyncratic_60d": {
        "en": "60-session own volatility", "vi": "độ biến động riêng 60 phiên",
    },
    "volume_trend": {"en": "volume trend", "vi": "xu hướng khối lượng"},
    "turnover_share_20d": {"en": "share of trading", "vi": "tỷ trọng thanh khoản"},
    "proprietary_intensity_20d": {
        "en": "20-session proprietary intensity", "vi": "cường độ tự doanh 20 phiên",
    },
    "lead_lag_1w": {"en": "lead from other sectors", "vi": "tín hiệu dẫn từ ngành khác"},
}  # fmt: skip

LEARNERS: dict[str, dict[Language, str]] = {
    "ridge": {"en": "linear view", "vi": "mô hình tuyến tính"},
    "trees": {"en": "tree view", "vi": "mô hình cây"},
    "dense": {"en": "network view", "vi": "mạng nơ-ron"},
    "recurrent": {"en": "recurrent network view", "vi": "mạng nơ-ron hồi quy"},
    "momentum": {"en": "momentum view", "vi": "mô hình động lượng"},
    "calm": {"en": "risk-adjusted momentum view", "vi": "mô hình động lượng theo rủi ro"},
}  # fmt: skip
"""What a fitted view is called; it says what its learner expects of a sector."""

UNIT_KINDS: dict[str, dict[Language, str]] = {
    "members": {"en": "of members", "vi": "trên cổ phiếu"},
    "sectors": {"en": "of sectors", "vi": "trên ngành"},
}

FEATURES: dict[str, dict[Language, str]] = {
    "momentum_week": {"en": "1-week momentum", "vi": "động lượng 1 tuần"},
    "momentum_1": {"en": "1-month momentum", "vi": "động lượng 1 tháng"},
    "momentum_3": {"en": "3-month momentum", "vi": "động lượng 3 tháng"},
    "momentum_6": {"en": "6-month momentum", "vi": "động lượng 6 tháng"},
    "momentum_12": {"en": "12-month momentum", "vi": "động lượng 12 tháng"},
    "momentum_12_1": {"en": "12-1 momentum", "vi": "động lượng 12-1"},
    "reversal_36_12": {"en": "return of the two years before", "vi": "lợi suất hai năm trước đó"},
    "calm_momentum": {"en": "risk-adjusted momentum", "vi": "động lượng theo rủi ro"},
    "high_12": {"en": "nearness to the year's high", "vi": "độ gần đỉnh một năm"},
    "trend": {"en": "month's mean against the year's", "vi": "bình quân tháng so với năm"},
    "volatility_3": {"en": "3-month volatility", "vi": "độ biến động 3 tháng"},
    "volatility_12": {"en": "12-month volatility", "vi": "độ biến động 12 tháng"},
    "own_volatility": {"en": "own volatility", "vi": "độ biến động riêng"},
    "beta": {"en": "beta", "vi": "beta"},
    "season": {"en": "season", "vi": "mùa vụ"},
    "volume_anomaly": {"en": "unusual volume", "vi": "khối lượng bất thường"},
    "volume_trend": {"en": "volume trend", "vi": "xu hướng khối lượng"},
    "size": {"en": "liquidity", "vi": "thanh khoản"},
    "foreign_5": {"en": "1-week foreign buying", "vi": "khối ngoại mua 1 tuần"},
    "foreign_21": {"en": "1-month foreign buying", "vi": "khối ngoại mua 1 tháng"},
    "foreign_63": {"en": "3-month foreign buying", "vi": "khối ngoại mua 3 tháng"},
}
"""What a view's feature is called; `sector_` before it means the member's sector's own."""

OF_SECTOR: dict[Language, str] = {"en": "{name} of the sector", "vi": "{name} của ngành"}
SPANS: dict[Language, dict[str, str]] = {
    "en": {"1w": "1W", "1m": "1M", "3m": "3M"}, "vi": {"1w": "1 tuần", "1m": "1T", "3m": "3T"},
}  # fmt: skip
"""How a view's horizon is written after its name."""
SERIES_PREFIX = "alt_"
_VIEW = re.compile(r"^(members|sectors)_([a-z0-9_-]+)_(1w|1m|3m)$")


def factor_name(factor: str, language: Language) -> str | None:
    """Return the name of a factor, a fitted view, a view's feature or a user's own series.

    None when it is none of them.
    """
    known = FACTORS.get(factor) or FEATURES.get(factor)
    if known is not None:
        return known[language]
    view = _VIEW.match(factor)
    if view is not None:
        kind, learner, horizon = view.groups()
        name = LEARNERS.get(learner, {}).get(language) or learner.replace("_", " ")
        return f"{name} {UNIT_KINDS[kind][language]}, {SPANS[language][horizon]}"
    if factor.startswith("sector_") and factor.removeprefix("sector_") in FEATURES:
        return OF_SECTOR[language].format(name=FEATURES[factor.removeprefix("sector_")][language])
    if factor.startswith(SERIES_PREFIX):
        return factor.removeprefix(SERIES_PREFIX).replace("_", " ")
    return None
