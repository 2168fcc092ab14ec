"""A mandate written as TOML reads back as the same mandate, whatever its versions change."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.web.desk.mandate_text import mandate_text
from core.mandate import parse_mandate
from core.records.mandate import (
    FactorPreference,
    GroupLimit,
    Mandate,
    MandateBook,
    SectorCap,
    SectorFloor,
)

SECTORS = ("banks", "real_estate", "technology")
FRACTIONS = st.floats(0.0, 1.0)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def some(values: st.SearchStrategy[float]) -> st.SearchStrategy[dict[str, float]]:
    return st.dictionaries(st.sampled_from(SECTORS), values).map(
        lambda held: dict(sorted(held.items()))
    )


GROUPS = st.one_of(
    st.builds(lambda cap: GroupLimit(name="vin", symbols=("VIC", "VHM"), cap=cap), FRACTIONS),
    st.builds(lambda cap: GroupLimit(name="vin", sectors=("banks",), cap=cap), FRACTIONS),
)
STATED = st.fixed_dictionaries(
    {},
    optional={
        "benchmark": st.just("vnindex"),
        "sector_cap": FRACTIONS,
        "active_cap": FRACTIONS,
        "turnover": FRACTIONS,
        "no_trade_band": FRACTIONS,
        "tracking_error_pct": st.floats(0.01, 50.0),
        "cash_floor": FRACTIONS,
        "cash_cap": FRACTIONS,
        "issuer_cap": FRACTIONS,
        "cost_bps": st.floats(0.0, 500.0),
        "risk_aversion": st.floats(0.1, 1e6),
        "groups": st.lists(GROUPS, max_size=1).map(tuple),
        "caps": some(FRACTIONS).map(
            lambda held: tuple(SectorCap(sector=name, cap=cap) for name, cap in held.items())
        ),
        "floors": some(FRACTIONS).map(
            lambda held: tuple(SectorFloor(sector=name, floor=low) for name, low in held.items())
        ),
        "excluded": st.sets(st.sampled_from(SECTORS)).map(lambda names: tuple(sorted(names))),
        "factor_weights": st.floats(-5.0, 5.0).map(
            lambda weight: (FactorPreference(factor="momentum_12m", weight=weight),)
        ),
        "author": TEXTS,
        "reason": TEXTS,
    },
)


def book_of(stated: list[dict[str, object]], jumps: list[int]) -> MandateBook:
    versions, number = [], 0
    for place, given_limits in enumerate(stated):
        number += jumps[place]
        day = date(2024, 1, 1) + timedelta(days=place)
        head = {"id": "own", "version": number, "valid_from": day}
        versions.append(Mandate.model_validate(given_limits | head))
    return MandateBook(id="own", universe="vn", versions=tuple(versions))


@given(
    st.lists(STATED, min_size=1, max_size=4), st.lists(st.integers(1, 3), min_size=4, max_size=4)
)
def test_what_is_written_reads_back_as_it_was(
    stated: list[dict[str, object]], jumps: list[int]
) -> None:
    book = book_of(stated, jumps)
    assert parse_mandate(mandate_text(book), "other") == book


def test_a_version_states_only_what_it_changes() -> None:
    first: dict[str, object] = {
        "caps": (SectorCap(sector="banks", cap=0.3),),
        "excluded": ("technology",),
    }
    second: dict[str, object] = {"caps": (SectorCap(sector="banks", cap=0.2),)}
    text = mandate_text(book_of([first, second], [1, 1, 1, 1]))
    assert text.split("[[versions]]")[2].strip().splitlines() == [
        "valid_from = 2024-01-02",
        'lift = ["excluded.technology"]',
        "caps = {banks = 0.2}",
    ]
