"""Decides under which headings each stored field is recognised, in English and Vietnamese.

Headings are compared in lower case without accents, anything but letters and digits as `_`, and
after an amount's unit suffix (`_mvnd`, `_bn`, `_ty` …) has been taken off.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from core.records.result import Dataset

Kind = Literal["text", "date", "number", "money", "share"]

UNIT_OF_SUFFIX = {
    "mvnd": "mn", "musd": "mn", "mn": "mn", "mil": "mn", "million": "mn", "trieu": "mn",
    "trieu_vnd": "mn", "bvnd": "bn", "busd": "bn", "bn": "bn", "billion": "bn", "ty": "bn",
    "ty_dong": "bn", "ty_vnd": "bn", "vnd": "one", "usd": "one", "eur": "one", "dong": "one",
    "k": "k", "thousand": "k", "nghin": "k", "kvnd": "k",
}  # fmt: skip
BILLIONS_OF_UNIT = {"one": 1e-9, "k": 1e-6, "mn": 1e-3, "bn": 1.0}
"""What one unit of a money column is in billions of the currency."""


@dataclass(frozen=True, slots=True)
class Field:
    """One stored field: `money` becomes billions, `share` a fraction, `number` stays."""

    name: str
    kind: Kind
    headings: tuple[str, ...]


_SYMBOL = Field("symbol", "text", (
    "symbol", "ticker", "code", "ma", "ma_ck", "ma_cp", "ma_chung_khoan", "stock", "security",
    "ric",
))  # fmt: skip
_PERIOD = Field("period", "date", (
    "period", "date", "ngay", "tradingdate", "trading_date", "ngay_giao_dich", "ngay_gd",
    "datetime", "timestamp", "time", "day", "period_end", "ref_month",
    "report_date", "ky", "fiscal_date",
))  # fmt: skip
_KNOWN_AT = Field("known_at", "date", (
    "known_at", "release_date", "released", "available_date", "available_date_assumed", "filed",
    "filing_date", "publication_date", "published", "term_day", "ngay_cong_bo",
))  # fmt: skip

_PRICES = (
    _SYMBOL,
    _PERIOD,
    _KNOWN_AT,
    Field("open", "number", ("open", "open_price", "px_open", "gia_mo_cua", "mo_cua")),
    Field("high", "number", ("high", "high_price", "px_high", "gia_cao_nhat", "cao_nhat")),
    Field("low", "number", ("low", "low_price", "px_low", "gia_thap_nhat", "thap_nhat")),
    Field("close", "number", (
        "close", "close_price", "last", "px_last", "price", "gia_dong_cua", "dong_cua", "gia",
    )),
    Field("adj_close", "number", (
        "adj_close", "adjclose", "adjusted_close", "close_adj", "gia_dieu_chinh",
        "gia_dong_cua_dieu_chinh", "total_return_index",
    )),
    Field("volume", "number", (
        "volume", "vol", "px_volume", "kl", "klgd", "khoi_luong", "khoi_luong_khop_lenh",
        "kl_khop_lenh", "nm_volume",
    )),
    Field("value_bn", "money", (
        "value", "turnover", "traded_value", "gtgd", "gia_tri", "gia_tri_khop_lenh",
        "gt_khop_lenh", "nm_value",
    )),
    Field("put_through_bn", "money", (
        "put_through", "pt_value", "put_through_value", "gt_thoa_thuan", "gia_tri_thoa_thuan",
    )),
    Field("dividend", "number", ("dividend", "dividends", "div", "co_tuc")),
    Field("split", "number", ("split", "splits", "stock_splits", "split_ratio")),
)  # fmt: skip

_FLOWS = (
    _SYMBOL,
    _PERIOD,
    _KNOWN_AT,
    Field("investor", "text", ("investor", "investor_type", "nha_dau_tu")),
    Field("buy_bn", "money", ("buy", "buy_value")),
    Field("sell_bn", "money", ("sell", "sell_value")),
    Field("foreign_buy_bn", "money", (
        "fb_val", "fb_value", "foreign_buy", "foreign_buy_value", "nn_mua", "gt_nn_mua",
        "gia_tri_nn_mua",
    )),
    Field("foreign_sell_bn", "money", (
        "fs_val", "fs_value", "foreign_sell", "foreign_sell_value", "nn_ban", "gt_nn_ban",
        "gia_tri_nn_ban",
    )),
    Field("foreign_matched_buy_bn", "money", (
        "fb_matched_val", "foreign_matched_buy", "nn_mua_khop_lenh", "gt_nn_mua_khop_lenh",
        "gia_tri_nn_mua_khop_lenh",
    )),
    Field("foreign_matched_sell_bn", "money", (
        "fs_matched_val", "foreign_matched_sell", "nn_ban_khop_lenh", "gt_nn_ban_khop_lenh",
        "gia_tri_nn_ban_khop_lenh",
    )),
    Field("proprietary_buy_bn", "money", (
        "pb_val", "pb_value", "proprietary_buy", "prop_buy", "tu_doanh_mua", "gt_td_mua",
    )),
    Field("proprietary_sell_bn", "money", (
        "ps_val", "ps_value", "proprietary_sell", "prop_sell", "tu_doanh_ban", "gt_td_ban",
    )),
    Field("own_pct", "number", (
        "f_own_pct", "own_pct", "foreign_ownership", "foreign_ownership_pct", "foreign_own_pct",
        "ty_le_so_huu_nn", "ty_le_so_huu_nuoc_ngoai",
    )),
)  # fmt: skip

_MACRO = (
    Field("series", "text", ("series", "series_id", "indicator", "id", "chi_tieu")),
    _PERIOD,
    _KNOWN_AT,
    Field("value", "number", ("value", "gia_tri", "level")),
    Field("unit", "text", ("unit", "don_vi")),
    Field("category", "text", ("category", "type")),
    Field("item", "text", ("item",)),
    Field("group", "text", ("group",)),
    Field("dataset", "text", ("dataset", "table")),
)

_FUNDAMENTALS = (
    _SYMBOL,
    _PERIOD,
    _KNOWN_AT,
    Field("kind", "text", ("kind", "period_kind", "frequency")),
    Field("year", "number", ("year", "nam")),
    Field("quarter", "number", ("quarter", "quy")),
    Field("fiscal_year", "number", ("fiscal_year",)),
    Field("line", "text", ("line", "item", "line_item", "chi_tieu")),
    Field("value", "number", ("value", "gia_tri")),
    Field("revenue", "money", ("revenue", "sales", "total_revenue", "doanh_thu")),
    Field("gross_profit", "money", ("gross_profit", "loi_nhuan_gop")),
    Field("operating_income", "money", ("operating_income", "operating_profit", "ebit")),
    Field("net_profit", "money", (
        "net_profit", "net_income", "profit_after_tax", "loi_nhuan_sau_thue", "lnst",
    )),
    Field("net_interest_income", "money", (
        "net_interest_income", "nii", "thu_nhap_lai_thuan",
    )),
    Field("fee_income", "money", (
        "fee_income", "net_fee_income", "net_fee_and_commission_income",
        "lai_thuan_tu_hoat_dong_dich_vu", "thu_nhap_dich_vu", "thu_nhap_phi",
    )),
    Field("total_operating_income", "money", (
        "total_operating_income", "toi", "tong_thu_nhap_hoat_dong",
    )),
    Field("operating_expenses", "money", (
        "operating_expenses", "opex", "chi_phi_hoat_dong",
    )),
    Field("provisions", "money", (
        "provisions", "provision_expense", "provision_for_credit_losses", "credit_provisions",
        "chi_phi_du_phong", "chi_phi_du_phong_rui_ro_tin_dung",
    )),
    Field("loans", "money", (
        "loans", "customer_loans", "loans_to_customers", "cho_vay_khach_hang",
        "du_no_cho_vay",
    )),
    Field("deposits", "money", (
        "deposits", "customer_deposits", "deposits_from_customers", "tien_gui_khach_hang",
        "tien_gui_cua_khach_hang",
    )),
    Field("npl_ratio", "share", (
        "npl_ratio", "npl_ratio_pct", "npl", "npl_pct", "ty_le_no_xau",
    )),
    Field("casa_ratio", "share", (
        "casa_ratio", "casa_ratio_pct", "casa", "casa_pct", "ty_le_casa",
    )),
    Field("net_interest_margin", "share", (
        "net_interest_margin", "net_interest_margin_pct", "nim", "nim_pct", "bien_lai_thuan",
        "bien_lai_rong",
    )),
    Field("total_assets", "money", ("total_assets", "assets", "tong_tai_san")),
    Field("total_equity", "money", ("total_equity", "equity", "von_chu_so_huu")),
    Field("cfo", "money", ("cfo", "operating_cash_flow", "cash_from_operations")),
    Field("market_cap", "money", (
        "market_cap", "market_capital", "market_capitalization", "von_hoa",
    )),
    Field("eps", "number", ("eps", "earnings_per_share")),
    Field("pe", "number", ("pe", "p_e", "pe_ratio")),
    Field("roe", "share", ("roe", "roe_pct", "return_on_equity")),
    Field("shares", "number", (
        "shares", "outstanding_share", "outstanding_shares", "shares_outstanding",
    )),
)  # fmt: skip

_MEMBERS = (
    _SYMBOL,
    Field("sector", "text", (
        "sector_id", "sector", "gics_sector", "icb2_code", "icb_code", "icb2_name_en", "industry",
        "nganh",
    )),
    Field("start", "date", ("start", "start_date", "from", "date_added", "tu_ngay")),
    Field("end", "date", ("end", "end_date", "to", "date_removed", "den_ngay")),
    Field("name", "text", ("name", "company", "company_name", "ten_cong_ty")),
    Field("exchange", "text", ("exchange", "san", "san_giao_dich", "floor")),
    Field("industry", "text", (
        "gics_sub_industry", "sub_industry", "gics_industry", "industry", "industry_name",
        "icb4_name_en", "icb4_name_vi", "icb3_name_en", "icb3_name_vi", "nganh_con", "nganh_cap_3",
        "nganh_cap_4", "sub_sector",
    )),
)  # fmt: skip

_POSITIONS = (
    Field("manager", "text", ("manager", "filer", "fund", "holder")),
    _SYMBOL,
    _PERIOD,
    _KNOWN_AT,
    Field("shares", "number", ("shares", "sshprnamt", "quantity")),
    Field("value_bn", "money", ("value", "market_value")),
)

_WEIGHTS = (
    Field("benchmark", "text", ("benchmark", "index", "chi_so", "chuan")),
    Field("sector", "text", (
        "sector_id", "sector", "gics_sector", "icb2_code", "icb_code", "industry", "nganh",
    )),
    _SYMBOL,
    Field("period", "date", (*_PERIOD.headings, "as_of", "as_of_date", "effective_date")),
    _KNOWN_AT,
    Field("weight", "number", (
        "weight", "weight_pct", "weights", "weighting", "percent", "pct", "ty_trong",
    )),
    Field("source", "text", ("source", "publisher", "provider", "nguon")),
)  # fmt: skip

_SERIES = (
    Field("series", "text", ("series", "series_id", "signal", "indicator", "metric")),
    Field("subject", "text", (
        "subject", "sector_id", "sector", "nganh", *_SYMBOL.headings, "gics_sector", "icb_code",
        "industry",
    )),
    _PERIOD,
    _KNOWN_AT,
    Field("value", "number", ("value", "gia_tri", "level", "score")),
    Field("text", "text", (
        "text", "headline", "title", "news", "body", "content", "tin", "tin_tuc", "tieu_de",
        "noi_dung",
    )),
    Field("lag", "text", ()),
)  # fmt: skip

FIELDS: dict[Dataset, tuple[Field, ...]] = {
    "prices": _PRICES,
    "intraday": _PRICES,
    "flows": _FLOWS,
    "macro": _MACRO,
    "fundamentals": _FUNDAMENTALS,
    "members": _MEMBERS,
    "positions": _POSITIONS,
    "weights": _WEIGHTS,
    "series": _SERIES,
}


def plain(heading: str) -> str:
    """Return the heading in lower case without accents, other characters as `_`."""
    text = unicodedata.normalize("NFD", heading.strip().lower().replace("đ", "d"))
    kept = "".join(char for char in text if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9]+", "_", kept).strip("_")


def split_unit(heading: str) -> tuple[str, str | None]:
    """Return the plain heading without its unit suffix, and the unit (one, k, mn, bn) or None."""
    text = plain(heading)
    for suffix in sorted(UNIT_OF_SUFFIX, key=len, reverse=True):
        if text.endswith("_" + suffix):
            return text.removesuffix("_" + suffix), UNIT_OF_SUFFIX[suffix]
    return text, None
