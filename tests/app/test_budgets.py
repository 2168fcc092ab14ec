"""What an operator lets runs spend is checked before anything is spent."""

import pytest

from app.budgets import day_budget, model_seconds, run_budget
from app.settings import Settings, load_settings
from core.errors import CallerError
from core.records.budget import Budget
from core.records.plan import PLAN_CAP


@pytest.mark.parametrize("name", ["RUN_USD", "DAY_USD"])
def test_a_budget_in_dollars_needs_prices(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"SECTORWISE_{name}", "1.5")
    with pytest.raises(CallerError, match="model_price_in"):
        load_settings()
    monkeypatch.setenv("SECTORWISE_MODEL_PRICE_IN", "0.25")
    monkeypatch.setenv("SECTORWISE_MODEL_PRICE_OUT", "2")
    settings = load_settings()
    assert 1.5 in {run_budget(settings).usd, day_budget(settings).usd}


def test_the_defaults_leave_room_for_the_largest_plan_and_a_day_is_unbounded() -> None:
    most = run_budget(Settings())
    assert most.calls_count is not None
    assert most.calls_count >= PLAN_CAP
    assert most.bytes_count is not None
    assert most.bytes_count >= PLAN_CAP * 2_000_000
    assert day_budget(Settings()) == Budget()


def test_a_patient_setting_for_one_answer_leaves_time_for_two() -> None:
    assert model_seconds(Settings(model_seconds=300)) >= 600
