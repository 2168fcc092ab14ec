import numpy as np
import pandas as pd
import pytest

from core.market_state.balance import balance
from core.records.universe import Style, Universe
from tests.core.market import framed, universe

STYLES: dict[str, Style] = {"autos": "cyclical", "banks": "cyclical", "drugs": "defensive"}
N = 800


def styled(*names: str) -> Universe:
    plain = universe(names)
    sectors = tuple(
        sector.model_copy(update={"style": STYLES.get(sector.id, "neutral")})
        for sector in plain.sectors
    )
    return plain.model_copy(update={"sectors": sectors})


def closes(turn: int = 600) -> pd.DataFrame:
    """Return cyclicals that gain on defensives until a session, and lose from then on."""
    steps = np.where(np.arange(N) < turn, 0.001, -0.004)
    path = 100 * np.cumprod(1 + steps)
    return framed({"autos": path.tolist(), "banks": (2 * path).tolist(), "drugs": [50.0] * N})


def test_the_ratio_is_of_equal_parts_and_starts_at_100() -> None:
    frame = closes()
    row = balance(frame, styled("autos", "banks", "drugs"))
    assert row is not None
    gained = frame["autos"].iloc[-1] / frame["autos"].iloc[0]
    assert row.style_ratio_index == pytest.approx(100 * gained, rel=2e-3)
    quarter = frame["autos"].iloc[-1] / frame["autos"].iloc[-64]
    assert row.style_change_3m_pct == pytest.approx(100 * (quarter - 1))
    assert (row.cyclical_count, row.defensive_count) == (2, 1)


def test_the_lead_is_by_the_ratios_own_mean_and_since_it_crossed() -> None:
    frame = closes()
    before = balance(frame.iloc[:600], styled("autos", "banks", "drugs"))
    after = balance(frame, styled("autos", "banks", "drugs"))
    assert before is not None
    assert after is not None
    assert (before.style_lead, after.style_lead) == ("cyclical", "defensive")
    ratio = frame["autos"] / frame["drugs"]
    under = ratio < ratio.rolling(200).mean()
    crossed = under.index[under & ~under.shift(fill_value=False)][-1]
    assert after.style_since == crossed.date()


def test_a_percentile_needs_two_years_of_distances() -> None:
    names = styled("autos", "banks", "drugs")
    late, early = balance(closes(), names), balance(closes().iloc[:650], names)
    assert late is not None
    assert early is not None
    assert late.style_percentile_pct is not None
    assert late.style_percentile_pct < 50
    assert early.style_percentile_pct is None


def test_a_market_without_one_side_or_without_history_has_no_balance() -> None:
    assert balance(closes()[["autos", "banks"]], styled("autos", "banks")) is None
    assert balance(closes().iloc[:199], styled("autos", "banks", "drugs")) is None
    gone = closes().assign(drugs=np.nan)
    assert balance(gone, styled("autos", "banks", "drugs")) is None
