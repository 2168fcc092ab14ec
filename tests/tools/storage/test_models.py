from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from core.errors import DataError
from core.forecast.model import ForecastModel
from core.forecast.walkforward import recipe
from core.markets.universe import parse_universe
from core.records.universe import Universe
from core.signals.catalogue import FACTORS
from tools.storage.models import ModelStore

US = parse_universe(files("core.universes").joinpath("us.toml").read_text("utf-8"))
RECIPE = recipe()
FACTOR_IDS = tuple(sorted(spec.id for spec in FACTORS))


def _model(*factors: str, universe: Universe = US, told: str = RECIPE) -> ForecastModel:
    return ForecastModel(
        universe="us",
        universe_hash=universe.content_hash(),
        factors=factors or FACTOR_IDS,
        recipe=told,
        data_until=date(2024, 12, 31),
        folds=(),
        outcomes=(),
    )


def test_a_model_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    models = ModelStore(tmp_path)
    assert models.load("us") is None
    path = models.save("us", _model(), "a" * 64)
    assert ModelStore(tmp_path).load("us") == _model()
    assert sorted(item.name for item in path.parent.iterdir()) == ["us.json"]


def test_a_model_is_current_only_for_the_rows_it_was_fitted_on(tmp_path: Path) -> None:
    models = ModelStore(tmp_path)
    assert not models.is_current(US, "a" * 64, RECIPE)
    models.save("us", _model(), "a" * 64)
    assert models.is_current(US, "a" * 64, RECIPE)
    assert not models.is_current(US, "b" * 64, RECIPE)


def test_a_model_of_another_universe_file_or_recipe_is_not_current(tmp_path: Path) -> None:
    models = ModelStore(tmp_path)
    models.save("us", _model(), "a" * 64)
    renamed = US.model_copy(update={"sectors": US.sectors[1:]})
    assert not models.is_current(renamed, "a" * 64, RECIPE)
    models.save("us", _model(told="another"), "a" * 64)
    assert not models.is_current(US, "a" * 64, RECIPE)


def test_a_model_saved_by_another_process_is_seen(tmp_path: Path) -> None:
    reader, writer = ModelStore(tmp_path), ModelStore(tmp_path)
    writer.save("us", _model(), "a" * 64)
    assert reader.load("us") == _model()
    writer.save("us", _model("breadth_200d"), "a" * 64)
    assert reader.load("us") == _model("breadth_200d")


def test_a_damaged_model_is_named_with_the_command(tmp_path: Path) -> None:
    models = ModelStore(tmp_path)
    models.save("us", _model(), "a" * 64).write_text('{"fingerprint": 1}')
    with pytest.raises(DataError, match="`sectorwise fit --universe us`"):
        models.load("us")
    assert not models.is_current(US, "a" * 64, RECIPE)
