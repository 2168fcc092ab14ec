from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from core.errors import CallerError
from core.panel import MarketPanels, Table
from tests.tools.companies.reports import Report, with_reports
from tools.companies.statements import financial_statements
from tools.context import ToolContext
from tools.measures.common import member_weights

ContextOf = Callable[[MarketPanels], ToolContext]
REPORTS: list[Report] = [
    ("B1", "revenue", "2022-12-31", 100.0, "2023-02-01"),
    ("B1", "revenue", "2023-09-30", 110.0, "2023-11-01"),
    ("B1", "revenue", "2023-12-31", 125.0, "2024-02-01"),
    ("B1", "net_profit", "2022-12-31", -5.0, "2023-02-01"),
    ("B1", "net_profit", "2023-12-31", 20.0, "2024-02-01"),
    ("B1", "total_assets", "2023-12-31", 900.0, "2024-02-01"),
    ("B1", "eps", "2023-12-31", 3.0, "2024-02-01"),
]


def test_lines_of_a_statement_come_by_period_with_growth_over_a_year(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(with_reports(tiny_panels, REPORTS))
    result = financial_statements(context, symbols=("b1",))
    assert [(row.period.isoformat(), row.line, row.value_bn) for row in result.rows] == [
        ("2022-12-31", "revenue", 100.0),
        ("2022-12-31", "net_profit", -5.0),
        ("2023-09-30", "revenue", 110.0),
        ("2023-12-31", "revenue", 125.0),
        ("2023-12-31", "net_profit", 20.0),
    ]
    growth = {(row.line, row.period.year): row.growth_1y_pct for row in result.rows[-2:]}
    assert growth["revenue", 2023] == pytest.approx(25.0)
    assert growth["net_profit", 2023] is None
    assert {row.sector for row in result.rows} == {"banks"}
    assert result.known_at == date(2024, 2, 1)


def test_without_a_period_years_are_taken_where_there_are_no_quarters(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    yearly = with_reports(tiny_panels, REPORTS, kind="A")
    assert financial_statements(context_of(yearly), symbols=("B1",)).period_kind == "A"
    asked = financial_statements(context_of(yearly), symbols=("B1",), period="Q")
    assert asked.gap is not None
    assert asked.gap.reason == "not_covered"


def test_a_balance_sheet_holds_its_own_lines_only(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(with_reports(tiny_panels, REPORTS))
    result = financial_statements(context, symbols=("B1",), statement_type="balance_sheet")
    assert [(row.line, row.value_bn) for row in result.rows] == [("total_assets", 900.0)]


def test_a_report_is_not_seen_before_it_is_public(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(with_reports(tiny_panels, REPORTS))
    result = financial_statements(context, symbols=("B1",), as_of=date(2024, 1, 31))
    assert max(row.period for row in result.rows) == date(2023, 9, 30)


def test_a_restatement_replaces_the_value_from_its_own_day_on(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    restated: Report = ("B1", "revenue", "2023-09-30", 90.0, "2024-02-10")
    context = context_of(with_reports(tiny_panels, [*REPORTS, restated]))
    before = financial_statements(context, symbols=("B1",), as_of=date(2024, 2, 9))
    after = financial_statements(context, symbols=("B1",), as_of=date(2024, 2, 10))
    values = [
        [row.value_bn for row in result.rows if row.period == date(2023, 9, 30)]
        for result in (before, after)
    ]
    assert values == [[110.0], [90.0]]


def test_a_symbol_without_reports_is_missing_beside_the_others(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(with_reports(tiny_panels, REPORTS))
    result = financial_statements(context, symbols=("B1", "TCB"))
    assert result.gap is None
    assert [(c.subject, c.measure, c.reason) for c in result.missing] == [
        ("tcb", "income_statement", "not_covered")
    ]


def test_no_reports_at_all_is_a_named_gap_with_every_symbol(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(with_reports(tiny_panels, REPORTS))
    result = financial_statements(context, symbols=("TCB", "VPB", "MBB"))
    assert result.gap is not None
    assert (result.gap.reason, result.gap.dataset) == ("not_covered", "fundamentals")
    assert [cell.subject for cell in result.missing] == ["tcb", "vpb", "mbb"]
    bare = financial_statements(context_of(tiny_panels), symbols=("B1",))
    assert bare.gap is not None
    assert (bare.gap.reason, bare.gap.actor) == ("no_data", "user")


def test_an_old_last_report_is_flagged(tiny_panels: MarketPanels, context_of: ContextOf) -> None:
    context = context_of(with_reports(tiny_panels, REPORTS))
    fresh = financial_statements(context, symbols=("B1",), as_of=date(2024, 7, 18))
    stale = financial_statements(context, symbols=("B1",), as_of=date(2024, 7, 19))
    assert all("stale" not in row.flags for row in fresh.rows)
    assert all("stale" in row.flags for row in stale.rows)


def test_a_sector_stands_for_its_three_largest_members(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(with_reports(tiny_panels, REPORTS))
    result = financial_statements(context, sector="banks")
    assert {row.symbol for row in result.rows} == {"B1"}
    assert [cell.subject for cell in result.missing] == ["b2", "b3"]
    assert financial_statements(context, sector="tech").gap is not None


def test_the_largest_members_come_by_weight(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    assert tiny_panels.members is not None
    rows = tiny_panels.members.rows.assign(sector="banks")
    assert tiny_panels.stocks is not None
    values = tiny_panels.stocks.values.assign(T2=99.0, B3=50.0)
    stocks = replace(tiny_panels.stocks, values=values)
    five = replace(tiny_panels, members=Table("members", rows), stocks=stocks)
    weights = member_weights(five).sort_values(ascending=False, kind="stable")
    expected = [str(name).lower() for name in weights.index[:3]]
    result = financial_statements(context_of(with_reports(five, [])), sector="banks")
    assert [cell.subject for cell in result.missing] == expected


@pytest.mark.parametrize("arguments", [{}, {"symbols": ("B1",), "sector": "banks"}])
def test_symbols_and_a_sector_exclude_each_other(
    tiny_panels: MarketPanels, context_of: ContextOf, arguments: dict[str, object]
) -> None:
    context = context_of(with_reports(tiny_panels, REPORTS))
    with pytest.raises(CallerError, match="either symbols or a sector"):
        financial_statements(context, **arguments)  # type: ignore[arg-type]  # parametrized


BANK: list[Report] = [
    ("B1", "net_interest_income", "2022-12-31", 40.0, "2023-02-01"),
    ("B1", "net_interest_income", "2023-12-31", 50.0, "2024-02-01"),
    ("B1", "fee_income", "2023-12-31", 8.0, "2024-02-01"),
    ("B1", "provisions", "2023-12-31", 6.0, "2024-02-01"),
    ("B1", "net_profit", "2023-12-31", 20.0, "2024-02-01"),
    ("B1", "loans", "2023-12-31", 900.0, "2024-02-01"),
    ("B1", "deposits", "2023-12-31", 800.0, "2024-02-01"),
    ("B1", "npl_ratio", "2022-12-31", 0.012, "2023-02-01"),
    ("B1", "npl_ratio", "2023-12-31", 0.017, "2024-02-01"),
    ("T1", "revenue", "2023-12-31", 30.0, "2024-02-01"),
]


def test_a_bank_answers_with_a_banks_lines_and_another_company_with_its_revenue(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(with_reports(tiny_panels, BANK))
    result = financial_statements(context, symbols=("B1", "T1"), as_of=date(2024, 2, 16))
    last = [(row.symbol, row.line) for row in result.rows if row.period == date(2023, 12, 31)]
    assert last == [
        ("B1", "net_interest_income"), ("B1", "fee_income"), ("B1", "provisions"),
        ("B1", "net_profit"), ("T1", "revenue"),
    ]  # fmt: skip
    assert result.missing == ()


def test_a_banks_balance_sheet_has_loans_deposits_and_the_bad_loan_ratio_in_percent(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(with_reports(tiny_panels, BANK))
    result = financial_statements(context, symbols=("B1",), statement_type="balance_sheet")
    assert [(row.line, row.value_bn) for row in result.rows] == [
        ("loans", 900.0),
        ("deposits", 800.0),
    ]
    before, now = result.ratios
    assert now.line == "npl_ratio"
    assert now.value_pct == pytest.approx(1.7)
    assert before.change_1y_pp is None
    assert now.change_1y_pp == pytest.approx(0.5)
    assert now.released == date(2024, 2, 1)


def test_a_ratio_alone_is_an_answer(tiny_panels: MarketPanels, context_of: ContextOf) -> None:
    only = [report for report in BANK if report[1] == "npl_ratio"]
    context = context_of(with_reports(tiny_panels, only))
    result = financial_statements(context, symbols=("B1",), statement_type="balance_sheet")
    assert (result.gap, result.rows, len(result.ratios)) == (None, (), 2)
    assert result.missing == ()
    assert result.known_at == date(2024, 2, 1)
