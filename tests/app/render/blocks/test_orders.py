"""The plan on the page: what is missing says its column's name, not a field's."""

from dataclasses import replace

import pytest

from app.render.blocks.orders import orders
from app.render.material import material
from core.records.request import Language
from tests.app.render.sample_report import universe
from tests.app.render.samples import full_report


@pytest.mark.parametrize(("language", "days"), [("en", "Days"), ("vi", "Số ngày")])
def test_a_missing_cell_names_its_column(language: Language, days: str) -> None:
    whole = material(full_report("us", language=language), universe("us"))
    assert whole.plan is not None
    unknown = {"trading_days": None, "value_bn": None, "cost_bn": None}
    plan = whole.plan.model_copy(
        update={
            "sectors": tuple(row.model_copy(update=unknown) for row in whole.plan.sectors),
            "orders": tuple(row.model_copy(update=unknown) for row in whole.plan.orders),
        }
    )
    block = orders(replace(whole, plan=plan))
    cells = [cell for table in block.tables for row in table.rows for cell in row]
    told = {cell.source.rpartition(" · ")[2] for cell in cells if cell.tone == "missing"}
    assert days in told
    assert not any("_" in name for name in told), told


@pytest.mark.parametrize(
    ("value_bn", "language", "said"),
    [
        (0.4, "en", "0.4"),
        (0.0446, "en", "44.6 mn USD"),
        (0.0446, "vi", "44,6 triệu USD"),
        (4.95e-6, "en", "4,950 USD"),
        (0.0, "en", "0.0"),
    ],
)
def test_no_trade_prints_as_nothing(value_bn: float, language: Language, said: str) -> None:
    whole = material(full_report("us", language=language), universe("us"))
    assert whole.plan is not None
    rows = tuple(row.model_copy(update={"value_bn": value_bn}) for row in whole.plan.orders)
    plan = whole.plan.model_copy(update={"orders": rows})
    table = next(t for t in orders(replace(whole, plan=plan)).tables if t.id == "orders")
    assert {row[6].plain for row in table.rows} == {said}
