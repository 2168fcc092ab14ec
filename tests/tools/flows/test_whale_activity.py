from collections.abc import Callable
from dataclasses import fields, replace

import pandas as pd
import pytest

from core.panel import MarketPanels, PricePanel, Table
from core.records.payloads import WhaleRow
from tools.context import ToolContext
from tools.flows.whale_activity import whale_activity

ContextOf = Callable[[MarketPanels], ToolContext]


def stocks_of(panels: MarketPanels) -> PricePanel:
    assert panels.stocks is not None
    return panels.stocks


def rows_of(panels: MarketPanels, context_of: ContextOf) -> dict[tuple[str, str], WhaleRow]:
    return {(row.sector, row.kind): row for row in whale_activity(context_of(panels)).rows}


def filings(shares: list[tuple[str, str, str, float]]) -> Table:
    rows = pd.DataFrame(shares, columns=["manager", "symbol", "period", "shares"])
    rows["period"] = pd.to_datetime(rows["period"])
    rows["known_at"] = rows["period"] + pd.Timedelta(days=45)
    rows["assumed"] = True
    rows["value_bn"] = rows["shares"] / 10.0
    columns = ["manager", "symbol", "period", "known_at", "assumed", "shares", "value_bn"]
    return Table("positions", rows.sort_values(["known_at", "period"])[columns])


def test_a_spike_is_twice_the_mean_of_the_twenty_sessions_before(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    volumes = stocks_of(tiny_panels).volumes.copy()
    volumes.iloc[-1, 0] = 2001.0
    volumes.iloc[-1, 1] = 2000.0
    stocks = replace(stocks_of(tiny_panels), volumes=volumes)
    row = rows_of(replace(tiny_panels, stocks=stocks), context_of)["banks", "volume_spike"]
    assert (row.events_count, row.watched_count, row.top) == (1, 60, ("B1",))
    assert row.signed_pct == pytest.approx(100.0 / 60.0)
    assert row.value_bn == 10.0


def test_the_signed_share_is_the_factor_the_score_uses(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    stocks = stocks_of(tiny_panels)
    volumes, closes = stocks.volumes.copy(), stocks.closes.copy()
    volumes.iloc[-5, 0] = volumes.iloc[-3, 1] = volumes.iloc[-3, 2] = 9000.0
    closes.iloc[-5:, 0] *= 0.9
    panels = replace(tiny_panels, stocks=replace(stocks, volumes=volumes, closes=closes))
    result = whale_activity(context_of(panels))
    factor = {
        value.sector: value.value for value in result.factors if value.factor == "whale_volume_20d"
    }
    spikes = {row.sector: row.signed_pct for row in result.rows if row.kind == "volume_spike"}
    assert factor["banks"] == pytest.approx(spikes["banks"])
    assert spikes["banks"] == pytest.approx(100.0 / 60.0)


def test_a_negotiated_block_is_counted_with_its_value(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    negotiated = stocks_of(tiny_panels).put_throughs.copy()
    negotiated.iloc[-1, 2] = 40.0
    stocks = replace(stocks_of(tiny_panels), put_throughs=negotiated)
    row = rows_of(replace(tiny_panels, stocks=stocks), context_of)["banks", "put_through"]
    assert (row.events_count, row.value_bn, row.top, row.signed_pct) == (1, 40.0, ("B3",), None)


def test_a_market_without_negotiated_trades_has_no_row_of_them(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    stocks = stocks_of(tiny_panels)
    silent = replace(stocks, put_throughs=stocks.put_throughs * float("nan"))
    rows = rows_of(replace(tiny_panels, stocks=silent), context_of)
    assert {kind for _, kind in rows} == {"volume_spike"}


def test_filings_count_what_each_manager_changed_since_the_quarter_before(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    table = filings(
        [
            ("one", "B1", "2023-09-30", 100.0),
            ("one", "B2", "2023-09-30", 50.0),
            ("one", "B1", "2023-12-31", 150.0),
            ("two", "B3", "2023-09-30", 10.0),
            ("two", "B3", "2023-12-31", 10.0),
        ]
    )
    row = rows_of(replace(tiny_panels, positions=table), context_of)["banks", "manager_position"]
    assert (row.events_count, row.watched_count) == (2, 3)
    assert row.value_bn == pytest.approx(16.0)
    assert row.signed_pct == pytest.approx(100.0 * (5.0 - 5.0) / 15.0 + 0.0)
    assert row.flags == ("assumed_known_at",)


def test_a_filing_is_not_seen_before_it_is_public(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    table = filings(
        [("one", "B1", day, 100.0) for day in ("2023-06-30", "2023-09-30")]
        + [("one", "B1", "2023-12-31", 150.0)]
    )
    context = context_of(replace(tiny_panels, positions=table))
    last = tiny_panels.last
    assert table.rows["known_at"].max().date() > pd.Timestamp("2024-02-13").date()
    early = whale_activity(context, as_of=pd.Timestamp("2024-02-13").date())
    row = next(row for row in early.rows if row.kind == "manager_position")
    assert row.period.isoformat() == "2023-09-30"
    late = whale_activity(context, as_of=last)
    row = next(row for row in late.rows if row.kind == "manager_position")
    assert row.period.isoformat() == "2023-12-31"


def test_an_amended_filing_replaces_the_one_before(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    table = filings([("one", "B1", "2023-09-30", 100.0), ("one", "B1", "2023-12-31", 100.0)])
    amended = table.rows.iloc[[-1]].assign(
        shares=130.0, value_bn=13.0, known_at=pd.Timestamp("2024-02-20")
    )
    panels = replace(tiny_panels, positions=Table("positions", pd.concat([table.rows, amended])))
    row = rows_of(panels, context_of)["banks", "manager_position"]
    assert (row.events_count, row.value_bn) == (1, 13.0)
    assert row.released.isoformat() == "2024-02-20"


def test_a_managers_first_filing_changes_nothing(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    known = [("one", "B1", "2023-09-30", 100.0), ("one", "B1", "2023-12-31", 100.0)]
    table = filings([*known, ("new", "B2", "2023-12-31", 70.0), ("new", "B3", "2023-12-31", 9.0)])
    row = rows_of(replace(tiny_panels, positions=table), context_of)["banks", "manager_position"]
    assert (row.events_count, row.watched_count, row.value_bn) == (0, 1, 10.0)
    alone = replace(tiny_panels, positions=filings(known[:1]))
    assert ("banks", "manager_position") not in rows_of(alone, context_of)


def test_a_first_trade_after_silence_is_an_event_to_the_tool_and_the_factor(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    volumes = stocks_of(tiny_panels).volumes.copy()
    volumes["B1"] = 0.0
    volumes.iloc[-1, 0] = 500.0
    stocks = replace(stocks_of(tiny_panels), volumes=volumes)
    result = whale_activity(context_of(replace(tiny_panels, stocks=stocks)))
    factor = {
        value.sector: value.value for value in result.factors if value.factor == "whale_volume_20d"
    }
    row = next(row for row in result.rows if (row.sector, row.kind) == ("banks", "volume_spike"))
    assert (row.events_count, row.watched_count) == (1, 60)
    assert row.signed_pct == pytest.approx(factor["banks"])


def test_sectors_are_watched_by_their_own_series_where_no_member_has_prices(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    alone = replace(tiny_panels, stocks=None, members=None)
    others = stocks_of(tiny_panels)
    renamed = {name: f"X{name}" for name in others.closes.columns}
    columns = (getattr(others, field.name).rename(columns=renamed) for field in fields(PricePanel))
    beside = replace(tiny_panels, stocks=PricePanel(*columns))
    assert rows_of(alone, context_of)
    assert rows_of(beside, context_of) == rows_of(alone, context_of)
