from core.panel import MarketPanels
from core.signals.catalogue import factor_values
from tools.measures.factor_table import FAMILIES, FactorTable


def test_families_asked_for_one_by_one_are_the_catalogues_all_at_once(
    tiny_panels: MarketPanels,
) -> None:
    table = FactorTable(tiny_panels, tiny_panels.last)
    parts = [table.of((family,)) for family in reversed(FAMILIES)]
    whole = factor_values(tiny_panels, as_of=tiny_panels.last)
    assert table.of(FAMILIES) == whole
    assert tuple(value for part in reversed(parts) for value in part) == whole


def test_a_family_is_computed_once(tiny_panels: MarketPanels) -> None:
    table = FactorTable(tiny_panels, tiny_panels.last)
    first = table.of(("momentum", "breadth"))
    again = table.of(("breadth", "momentum", "volume"))
    kept = {id(value) for value in again}
    assert all(id(value) in kept for value in first)
