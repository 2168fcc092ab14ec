from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd
import pytest

from core.records.result import Dataset
from core.records.universe import Universe
from tools.sources.demo import PLANTED_LEADERS, demo_frames, ensure_demo
from tools.storage.panels import market_panels, panels_from_frames
from tools.storage.partition import Lot
from tools.storage.schema import SCHEMAS, empty_frame
from tools.storage.store import Store

Frames = dict[Dataset, pd.DataFrame]


@pytest.fixture(scope="module")
def frames(demo: Universe) -> Frames:
    return demo_frames(demo)


def test_the_same_seed_draws_the_same_rows_and_another_one_does_not(
    demo: Universe, frames: Frames
) -> None:
    again, other = demo_frames(demo), demo_frames(demo, seed=8)
    for name, rows in again.items():
        pd.testing.assert_frame_equal(rows, frames[name])
    assert not other["prices"].equals(frames["prices"])


def test_every_data_set_has_the_stored_columns_and_sound_cells(
    frames: Frames,
) -> None:
    assert set(frames) == set(SCHEMAS) - {"intraday", "weights", "series", "news"}
    for name, rows in frames.items():
        schema = SCHEMAS[name]
        assert tuple(rows.columns) == schema.columns
        assert not rows.duplicated(list(schema.key)).any()
        assert not np.isinf(rows[list(schema.numbers)].to_numpy(dtype=float)).any()
    assert (frames["prices"]["close"] > 0).all()
    assert frames["prices"]["period"].max() == pd.Timestamp("2024-12-31")


def test_reports_become_known_after_their_period(frames: Frames) -> None:
    names: tuple[Dataset, ...] = ("fundamentals", "positions")
    for name in names:
        late = (frames[name]["known_at"] - frames[name]["period"]).dt.days
        assert late.min() >= 20
    assert (frames["macro"]["known_at"] >= frames["macro"]["period"]).all()


def test_the_planted_leaders_lead_and_foreigners_buy_them(demo: Universe, frames: Frames) -> None:
    panels = panels_from_frames(demo, frames)
    closes = panels.sectors.closes
    gains = (closes.iloc[-1] / closes.iloc[-64]).sort_values(ascending=False)
    assert set(gains.index[:2]) == set(PLANTED_LEADERS)
    assert panels.flows is not None
    assert panels.members is not None
    sector = panels.members.rows.set_index("symbol")["sector"]
    net = (panels.flows.buys - panels.flows.sells).iloc[-20:].sum().groupby(sector).sum()
    traded = panels.flows.traded.iloc[-20:].sum().groupby(sector).sum()
    assert ((net / traded)[list(PLANTED_LEADERS)] > 0.05).all()


def test_dividends_and_splits_are_in_the_adjusted_closes(demo: Universe, frames: Frames) -> None:
    """A published close halves on its split's day; the panel's close does not."""
    prices = frames["prices"]
    split = prices[prices["split"] == 2.0].iloc[0]
    panels = panels_from_frames(demo, frames)
    assert panels.stocks is not None
    moves = panels.stocks.closes[split["symbol"]].pct_change()
    assert abs(moves[split["period"]]) < 0.2


def test_the_market_is_stored_once_and_fast(demo: Universe, tmp_path: Path) -> None:
    store = Store(tmp_path)
    begun = process_time()
    ensure_demo(store, demo)
    assert process_time() - begun < 3.0
    state = store.fingerprint(demo.id)
    ensure_demo(store, demo)
    assert store.fingerprint(demo.id) == state
    assert len(store.partitions(demo.id)) == 6
    other = Store(tmp_path / "other")
    ensure_demo(other, demo)
    assert other.fingerprint(demo.id) == state
    assert market_panels(store, demo) is market_panels(store, demo)


def test_another_edition_of_the_synthetic_market_is_replaced(
    demo: Universe, tmp_path: Path
) -> None:
    store = Store(tmp_path)
    ensure_demo(store, demo)
    fewer = demo.model_copy(update={"sectors": demo.sectors[:-1]})
    ensure_demo(store, fewer)
    assert set(store.read(demo.id, "members")["sector"]) == set(fewer.sector_ids)


def test_a_real_market_is_never_drawn(us: Universe, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="us is a real market"):
        ensure_demo(Store(tmp_path), us)
    assert Store(tmp_path).partitions("us") == ()


def test_foreign_flow_of_the_synthetic_market_is_split_into_matched_and_put_through(
    demo: Universe, frames: Frames
) -> None:
    flows = panels_from_frames(demo, frames).flows
    assert flows is not None
    assert flows.matched_net is not None
    net = flows.buys - flows.sells
    assert (flows.matched_net.abs() <= net.abs() + 1e-12).all(axis=None)
    assert (flows.matched_net.abs() < net.abs() - 1e-9).any(axis=None)


def test_what_a_user_imports_beside_the_drawn_market_stays(demo: Universe, tmp_path: Path) -> None:
    store = Store(tmp_path)
    ensure_demo(store, demo)
    day = pd.Timestamp("2024-06-03")
    empty = empty_frame("series")
    own = pd.DataFrame(
        {"series": ["visits"], "subject": ["energy"], "period": [day], "known_at": [day]}
    ).assign(value=1.0, assumed=False)
    lot = Lot(dataset="series", origin="mine.csv", input_sha256="a" * 64, recipe_sha256="b" * 64)
    store.write(demo.id, own[list(empty.columns)].astype(empty.dtypes.to_dict()), lot)
    ensure_demo(store, demo)
    assert len(store.read(demo.id, "series")) == 1
    assert {part.origin for part in store.partitions(demo.id)} == {"synthetic seed 1", "mine.csv"}
