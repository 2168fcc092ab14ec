"""Makes the homes tapes are recorded of: the synthetic market's, and the real markets'.

Real data are read where they lie, beside the project, and go nowhere but into the home.
"""

from pathlib import Path
from typing import Final

from app.data import open_store, prepare
from app.files.universes import load_universes
from app.settings import Settings, Views
from core.records.result import Dataset
from evals.sources import state_of_files
from tools.intake.importing import imported

Files = tuple[tuple[Dataset, tuple[str, ...]], ...]

REAL_FILES: Final[dict[str, Files]] = {
    "us": (
        ("prices", ("A_us_sector_spdr_daily_adj.parquet",)),
        ("prices", ("A_us_other_etf_daily.parquet",)),
        ("prices", ("E_us_sp500_daily_adj.parquet",)),
        ("members", ("E_us_sp500_gics_map.csv", "E_us_sp500_membership_start_end.csv")),
        ("macro", ("F_us_macro_fred.parquet",)),
        ("macro", ("F_us_ism_pmi_release_dates.csv",)),
        ("fundamentals", ("G_us_annual_fundamentals_2012_2016.parquet",)),
        ("positions", ("H_us_13f_selected_managers.parquet",)),
    ),
    "vn": (
        ("prices", ("D_vn_stocks_daily_foreign.parquet",)),
        ("prices", ("D_vn_sector_index_daily.parquet",)),
        ("members", ("D_vn_icb_map.csv",)),
        ("macro", ("F_vn_macro_vietstock.parquet",)),
        ("fundamentals", ("G_vn_quarterly_fundamentals.parquet",)),
    ),
    "world": (("prices", ("C_global_sector_etf_daily.parquet",)),),
}
"""What is imported of the shared market data for each real universe."""
LEARNS_WITH: Final[Views] = "plain"
"""What forecasts learn with: the quickest views, without trees."""
FITTED: Final = ("us", "vn")
"""Real universes whose forecasts are fitted."""


def settings_of(home: Path) -> Settings:
    """Return the settings of such a home."""
    return Settings(home=home, views=LEARNS_WITH)


def make_demo(home: Path) -> None:
    """Fill the home with the synthetic market and its forecasts; what is there already stays."""
    prepare(settings_of(home), load_universes()["demo"], tell=_unheard)


def make_real(home: Path, shared: Path, universe: str) -> None:
    """Fill the home with one real universe's data, and with its forecasts where they are fitted.

    Raises:
        DataError: a file is not there, or breaks the frame contract.
    """
    import_real(home, shared, universe)
    if universe in FITTED:
        prepare(settings_of(home), load_universes()[universe], tell=_unheard)


def import_real(home: Path, shared: Path, universe: str) -> None:
    """Fill the home with one real universe's data; nothing is fitted.

    Raises:
        DataError: a file is not there, or breaks the frame contract.
    """
    store, of = open_store(settings_of(home)), load_universes()[universe]
    for dataset, names in REAL_FILES[universe]:
        imported(store, tuple(shared / name for name in names), dataset, of)


def state_of_real(shared: Path, universe: str) -> str:
    """Return a hash of the market data one real universe is made of; a missing file counts none."""
    files = (shared / name for _, names in REAL_FILES[universe] for name in names)
    return state_of_files((path for path in files if path.is_file()), root=shared)


def _unheard(_: str) -> None:
    return None
