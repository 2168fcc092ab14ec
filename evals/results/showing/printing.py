"""Results as tables of the command line, and as one JSON document: only how they look."""

from collections.abc import Sequence

from app.cli.output import counted, say, say_table
from evals.records import Score
from evals.results.asking.models import Price, part_of
from evals.results.comparing.difference import difference
from evals.results.comparing.means import verdict_mean
from evals.results.comparing.table import Row, by_kind, figures, kinds, worst
from evals.results.records import Results
from evals.results.showing.figures import figure, share, signed

WHY_LENGTH = 96
"""Characters of a reason that are printed."""


def show_results(results: Results, table: Sequence[Row], failed: Sequence[str] | None) -> None:
    """Print the table, then by kind, then the worst cases, then what is worse than agreed."""
    title = f"{counted(len(results.cases), 'case')}, {results.model or 'rules and templates'}"
    headings = ("scorer", "mean", "error", "n", "unscored", "baseline", "change")
    say_table(title, headings, [_cells(row) for row in table])
    names = kinds(results)
    say_table(
        "mean by kind of case",
        ("scorer", *(name.replace("_", " ") for name in names)),
        [(row.scorer, *(share(row.means[name]) for name in names)) for row in by_kind(results)],
    )
    say_table(
        "what a case took",
        ("measure", "total", "mean", "median", "most"),
        [
            (row.measure, *map(figure, (row.total, row.mean, row.middle, row.most)))
            for row in figures(results)
        ],
    )
    _show_worst(results, errors=failed is None)
    _show_verdicts(results)
    for note in results.notes:
        say(note)
    for said in failed or ():
        say(f"worse: {said}")


def show_beside(rules: Results, modelled: Results, costs: Price) -> None:
    """Print what a model changes of the rules' scores, and what it took."""
    say_table(
        f"{modelled.model} beside rules and templates",
        ("scorer", "rules", modelled.model, "change", "error", "n"),
        [
            (row.scorer, share(row.before.mean), share(row.after.mean), signed(row.change),
             share(row.error), row.count)
            for row in difference(rules, modelled).scorers
        ],
    )  # fmt: skip
    for case in modelled.cases:
        if case.error:
            say(f"case {case.id}: {case.error}")
    part = part_of(modelled.cases)
    answers = counted(part.answers_count, "answer")
    sentences = counted(part.sentences_count, "sentence")
    say(
        f"{modelled.model} planned {part.planned_count:,} of {answers} and wrote "
        f"{part.written_count:,} of {sentences}; rules and templates made the rest"
    )
    missed = sum(
        call.missed for case in modelled.cases for turn in case.exchanges for call in turn.called
    )
    if missed:
        say(f"{counted(missed, 'call')} it asked for stood on no tape, and were gaps")
    paid = "no price is set" if costs.usd is None else f"{costs.usd:.4f} US dollars"
    say(
        f"{modelled.model} took {counted(costs.calls_count, 'call')}, "
        f"{costs.tokens_read_count:,} tokens read, {costs.tokens_written_count:,} written, "
        f"{costs.seconds:,.0f} s: {paid}"
    )


def document(
    rules: Results,
    table: Sequence[Row],
    failed: Sequence[str] | None,
    modelled: Results | None,
    costs: Price | None,
) -> dict[str, object]:
    """Return everything that is printed, for programs; whole answers are in the kept results."""
    told: dict[str, object] = {
        "cases": len(rules.cases),
        "errors": {case.id: case.error for case in rules.cases if case.error},
        "scorers": table,
        "kinds": by_kind(rules),
        "figures": figures(rules),
        "worst": worst(rules.cases),
        "notes": rules.notes,
        "worse": failed,
    }
    if rules.judge:
        told |= {"judge": rules.judge, "verdicts": verdict_mean(rules)}
    if modelled is not None:
        found = difference(rules, modelled)
        told |= {"model": modelled.model, "part": part_of(modelled.cases)}
        told |= {"beside": found.scorers, "price": costs}
    return told


def _cells(row: Row) -> tuple[object, ...]:
    before = None if row.baseline is None else row.baseline.mean
    now = row.now
    return (
        row.scorer, share(now.mean), share(now.error), now.count, now.unscored, share(before),
        signed(row.change),
    )  # fmt: skip


def _show_worst(results: Results, *, errors: bool) -> None:
    """Print them; errors only where the gate does not tell them."""
    found = [(row.id, score) for row in worst(results.cases) for score in row.scores]
    if found:
        lines = [(name, score.scorer, share(score.value), _why(score)) for name, score in found]
        say_table("worst cases", ("case", "scorer", "value", "why"), lines)
    for case in results.cases:
        if errors and case.error:
            say(f"case {case.id}: {case.error}")


def _show_verdicts(results: Results) -> None:
    if results.judge:
        mean = verdict_mean(results)
        say(
            f"verdicts of {results.judge}: mean {share(mean.mean)}, error {share(mean.error)}, "
            f"n {mean.count}, unscored {mean.unscored}; they count in nothing above"
        )


def _why(score: Score) -> str:
    return score.why if len(score.why) <= WHY_LENGTH else f"{score.why[:WHY_LENGTH]}…"
