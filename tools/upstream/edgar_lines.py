"""Which concepts of US-GAAP are which stored line, first choice first; it reads no document."""

from dataclasses import dataclass
from typing import Final, Literal

Measure = Literal["flow", "stock", "mean"]


@dataclass(frozen=True, slots=True)
class Line:
    """One stored line.

    measure: a flow adds up over quarters, a stock is of one day, a mean is of a period and does
    not add up. unit: as EDGAR writes it. per: how many of them are one as stored.
    """

    name: str
    concepts: tuple[str, ...]
    measure: Measure = "flow"
    unit: str = "USD"
    per: float = 1e9


LINES: Final = (
    Line("revenue", (
        "Revenues", "RevenuesNetOfInterestExpense",
        "RevenueFromContractWithCustomerExcludingAssessedTax",
        "RevenueFromContractWithCustomerIncludingAssessedTax", "SalesRevenueNet",
        "SalesRevenueGoodsNet",
    )),
    Line("gross_profit", ("GrossProfit",)),
    Line("operating_income", ("OperatingIncomeLoss",)),
    Line("net_profit", ("NetIncomeLoss", "ProfitLoss")),
    Line("cfo", (
        "NetCashProvidedByUsedInOperatingActivities",
        "NetCashProvidedByUsedInOperatingActivitiesContinuingOperations",
    )),
    Line("net_interest_income", ("InterestIncomeExpenseNet",)),
    Line("provisions", (
        "ProvisionForLoanLeaseAndOtherLosses", "ProvisionForLoanAndLeaseLosses",
    )),
    Line("total_assets", ("Assets",), "stock"),
    Line("total_liabilities", ("Liabilities",), "stock"),
    Line("total_equity", (
        "StockholdersEquity",
        "StockholdersEquityIncludingPortionAttributableToNoncontrollingInterest",
    ), "stock"),
    Line("deposits", ("Deposits",), "stock"),
    Line("shares", ("CommonStockSharesOutstanding",), "stock", "shares", 1.0),
    Line("eps", (
        "EarningsPerShareDiluted", "EarningsPerShareBasicAndDiluted", "EarningsPerShareBasic",
    ), "mean", "USD/shares", 1.0),
)  # fmt: skip
"""Money in billions of dollars, shares as counted, earnings a share in dollars. A total comes
before its parts: a maker of cars that lends tells `Revenues` beside revenue from contracts."""
