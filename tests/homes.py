"""Homes with data in them, each made once a test run and shared by the workers."""

import fcntl
from collections.abc import Callable
from pathlib import Path
from typing import Final

from app.data import open_store, prepare
from app.settings import Settings
from app.universes import load_universes
from core.records.result import Dataset
from tools.intake.importing import imported

REAL_FILES: dict[str, tuple[tuple[Dataset, tuple[str, ...]], ...]] = {
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
}
"""What is imported of the shared market data for each real universe."""

WORLD_FILE = "C_global_sector_etf_daily.parquet"


FITTED_WITH: Final = "plain"
"""What the shared homes learn with: trees have their own tests, and take most of a fit."""


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """Return the folder, made by whichever worker comes first while the others wait."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / "made"
        if not done.exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            done.touch()
    return folder


def make_demo(home: Path) -> None:
    """Fill the home with the synthetic market and its forecasts."""
    settings = Settings(home=home, views=FITTED_WITH)
    prepare(settings, load_universes()["demo"], tell=_unheard)


def make_real(home: Path, shared_data: Path) -> None:
    """Fill the home with the shared market data and their forecasts."""
    settings = Settings(home=home, views=FITTED_WITH)
    store, universes = open_store(settings), load_universes()
    for name, files in REAL_FILES.items():
        for dataset, names in files:
            paths = tuple(shared_data / file for file in names)
            imported(store, paths, dataset, universes[name])
        prepare(settings, universes[name], tell=_unheard)


def make_world(home: Path, shared_data: Path) -> None:
    """Fill the home with the shared global sector funds; nothing is fitted."""
    store = open_store(Settings(home=home))
    imported(store, (shared_data / WORLD_FILE,), "prices", load_universes()["world"])


def _unheard(_: str) -> None:
    return None
