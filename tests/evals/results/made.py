"""Results made by hand: cases with the scores they are given, no run behind them."""

from evals.records import Measure, Score
from evals.results.records import Exchange, Marked, Results, Said


def a_case(
    name: str, /, *, error: str = "", said: tuple[str, ...] = (), **scores: float | None
) -> Marked:
    """Return a case of that id; a scorer's name has underscores here and hyphens there."""
    return Marked(
        id=name,
        base=name.partition("--")[0],
        kind="question",
        universe="demo",
        error=error,
        exchanges=(
            Exchange(
                text=f"What of {name}?",
                understood={"intent": "report"},
                said=tuple(Said(section="answer", text=text, author="template") for text in said),
            ),
        ),
        scores=tuple(_score(name, *score) for score in scores.items()),
        measures=(Measure(case=name, measure="calls", value=12.0, unit="calls"),),
    )


def results(*cases: Marked, model: str = "") -> Results:
    """Return a run of the cases."""
    return Results(
        sectorwise="0.1.0", model=model, made_at="2025-01-02T00:00:00+00:00", cases=cases
    )


def _score(case: str, scorer: str, value: float | None) -> Score:
    why = "" if value in (None, 1.0) else f"{scorer} short"
    return Score(case=case, scorer=scorer.replace("_", "-"), value=value, why=why)
