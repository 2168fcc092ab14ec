from agents.steps import sector_flow, statements
from tests.servers.market import made_universe


def test_calls_that_differ_have_different_ids() -> None:
    universe = made_universe()
    sector = universe.sector_ids[0]
    steps = [
        statements(universe, ("AAA",), as_of=None, why="explains", annual=False),
        statements(universe, ("BBB",), as_of=None, why="explains", annual=False),
        statements(universe, ("BBB",), as_of=None, why="explains", annual=True),
        sector_flow(universe, sector, as_of=None, why="confirms", period="1W"),
        sector_flow(universe, sector, as_of=None, why="confirms", period="3M"),
    ]
    assert len({step.id for step in steps}) == len(steps)


def test_equal_calls_have_equal_ids() -> None:
    universe = made_universe()
    one, two = (
        statements(universe, ("AAA",), as_of=None, why=why, annual=False)
        for why in ("explains", "named_by_user")
    )
    assert one.id == two.id
