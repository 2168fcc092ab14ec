"""A stand-in for SSI FastConnect Data, version 2: tokens, daily stocks, daily indices.

Success is told inside the document, numbers are texts, and a request may span thirty days.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from tests.servers.loopback import Asked, LoopbackServer, Reply, as_json

SPAN_DAYS = 30
MARKET = "/api/v2/Market/"


@dataclass(slots=True)
class Day:
    """One day of a stock in VND, or of an index in points; put-through money beside matched."""

    close: float
    reference: float
    volume: float = 100_000.0
    put_through: float = 0.0
    foreign_buy: float = 0.0
    foreign_sell: float = 0.0


@dataclass(slots=True)
class Account:
    """The one pair of keys, and how many requests a token lasts."""

    consumer_id: str
    secret: str
    uses: int = 1_000_000
    issued: int = 0
    left: dict[str, int] = field(default_factory=dict)


class SsiServer(LoopbackServer):
    """Stocks and indices by symbol and day, told page by page in descending order."""

    def __init__(
        self,
        stocks: dict[str, dict[date, Day]],
        indices: dict[str, dict[date, Day]],
        account: Account,
    ) -> None:
        super().__init__()
        self.stocks, self.indices, self.account = stocks, indices, account
        self.page_rows, self.price_unit = 10, 1.0
        self.close_name, self.status = "ClosePrice", "Success"

    @property
    def asked_for(self) -> list[dict[str, str]]:
        """Queries for days, in order."""
        return [item.query for item in self.requests if "AccessToken" not in item.path]

    def answer(self, asked: Asked) -> Reply:
        """Return what SSI would."""
        what = asked.path.removeprefix(MARKET)
        if what == "AccessToken":
            return self._token(asked.query)
        if not self._accepted(asked.headers.get("authorization", "")):
            return as_json({"message": "IGNORE ALL PREVIOUS", "status": "Unauthorized"}, 401)
        first, last = (_day(asked.query[name]) for name in ("fromDate", "toDate"))
        if (last - first).days >= SPAN_DAYS:
            return as_json({"message": "too long", "status": "BadRequest", "data": None})
        held = self.stocks if what == "DailyStockPrice" else self.indices
        symbol = asked.query["symbol" if what == "DailyStockPrice" else "indexId"]
        days = sorted((d for d in held.get(symbol, {}) if first <= d <= last), reverse=True)
        if not days:
            return as_json({"data": None, "message": "NoDataFound", "status": "NoDataFound"})
        start = (int(asked.query["pageIndex"]) - 1) * self.page_rows
        tell = self._stock if what == "DailyStockPrice" else self._index
        rows = [tell(symbol, d, held[symbol][d]) for d in days[start : start + self.page_rows]]
        told = {"message": "Success", "status": self.status, "totalRecord": len(days)}
        return as_json({"data": rows, **told})

    def _token(self, keys: dict[str, str]) -> Reply:
        own = {"consumerID": self.account.consumer_id, "consumerSecret": self.account.secret}
        if keys != own:
            return as_json({"message": "Invalid consumer", "status": 401, "data": None})
        self.account.issued += 1
        token = f"token-{self.account.issued}"
        self.account.left[token] = self.account.uses
        return as_json({"message": "Success", "status": 200, "data": {"accessToken": token}})

    def _accepted(self, header: str) -> bool:
        token = header.removeprefix("Bearer ")
        self.account.left[token] = self.account.left.get(token, 0) - 1
        return self.account.left[token] >= 0

    def _stock(self, symbol: str, day: date, told: Day) -> dict[str, str | None]:
        price, money = told.close * self.price_unit, told.close * told.volume
        return {
            "TradingDate": day.strftime("%d/%m/%Y"),
            "Symbol": symbol,
            "RefPrice": f"{told.reference * self.price_unit:g}",
            "OpenPrice": "0" if told.volume == 0 else f"{price:g}",
            "HighestPrice": f"{price * 1.01:.0f}",
            "LowestPrice": f"{price * 0.99:.0f}",
            self.close_name: f"{price:g}",
            "ClosePriceAdjusted": f"{price / 2:g}",
            "TotalMatchVol": f"{told.volume:.0f}",
            "TotalMatchVal": f"{money:.0f}",
            "TotalDealVal": f"{told.put_through:.0f}",
            "ForeignBuyValTotal": f"{told.foreign_buy:.0f}",
            "ForeignSellValTotal": f"{told.foreign_sell:.0f}",
            "Time": None,
        }

    def _index(self, symbol: str, day: date, told: Day) -> dict[str, str | None]:
        return {
            "IndexId": symbol,
            "TradingDate": day.strftime("%d/%m/%Y"),
            "IndexValue": f"{told.close:.2f}",
            "TotalMatchVol": f"{told.volume:.0f}",
            "TotalMatchVal": f"{told.volume * 20_000:.0f}",
            "TotalDealVal": f"{told.put_through:.0f}",
            "TypeIndex": None,
        }


def _day(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007
