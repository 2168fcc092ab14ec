"""The packaged universes, and a reading of a small table under its guessed mapping."""

from collections.abc import Callable
from importlib.resources import files

import pandas as pd
import pytest

from core.markets.universe import parse_universe
from core.records.result import Dataset
from core.records.universe import Universe
from tools.sources.files import RawFile
from tools.sources.mapping import guess_mapping
from tools.sources.reading import Reading

ReadingOf = Callable[..., Reading]


def packaged(name: str) -> Universe:
    text = files("core.universes").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return parse_universe(text)


@pytest.fixture(scope="session")
def us() -> Universe:
    return packaged("us")


@pytest.fixture(scope="session")
def vn() -> Universe:
    return packaged("vn")


@pytest.fixture(scope="session")
def demo() -> Universe:
    return packaged("demo")


@pytest.fixture
def reading_of() -> ReadingOf:
    def build(
        frame: pd.DataFrame,
        dataset: Dataset,
        universe: Universe,
        *,
        name: str = "file.csv",
        **told: str,
    ) -> Reading:
        columns = {key: value for key, value in told.items() if key != "basis"}
        mapping = guess_mapping(
            frame,
            dataset,
            universe,
            file=name,
            columns=columns,
            units={k: v for k, v in told.items() if k == "basis"},
        )
        return Reading(RawFile(name, "0" * 64, frame), mapping, universe)

    return build
