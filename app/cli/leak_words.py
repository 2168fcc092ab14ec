"""An audit's findings in words, one sentence each."""

from typing import Final, assert_never

from app.cli.output import counted
from core.records.audit import AuditResult, AuditTest, Leak, Oddity, OddityKind

TESTS: Final[dict[AuditTest, str]] = {
    "truncation": "future forgotten",
    "perturbation": "other future prices",
    "vintage": "other later releases",
    "download": "two downloads",
    "scaling": "whole-sample scale",
    "calendar": "dates",
    "filling": "filled values",
    "timing": "returns around its bar",
}

UNTESTED: Final[dict[AuditTest, str]] = {
    "truncation": "recomputing without the future: give module:function instead of a file",
    "perturbation": "recomputing with another future: give module:function instead of a file",
    "vintage": "later releases: declare the function's parameter as MarketPanels, with --universe",
    "download": "revisions: give the same series downloaded before as --earlier FILE",
    "scaling": "the whole sample's scale",
    "calendar": "its dates",
    "filling": "filled values",
    "timing": "returns around its bar: give --prices FILE or --universe with columns of its names",
}

ODDITIES: Final[dict[OddityKind, str]] = {
    "rebased": "all its past is {value:.6g} times the earlier download: only rebased",
    "provisional": "the earlier download's last value, of {first}, was still to change",
    "assumed_dates": "{count} of its releases ({value:.0%}) have an assumed date, not their own",
    "unlagged": "{count} values known by the end of their own period, the first of {first}",
    "period_dated": (
        "all {count} dates are starts or ends of months, sessions or not: if these are the periods "
        "measured, date them by publication"
    ),
    "no_session": "{count} dates are no sessions, the first {first}",
    "before_listing": "{count} values before its first close, from {first} on",
    "constant_start": "it begins with {count} equal values from {first} on: filled in?",
    "interpolated": (
        "{value:.0%} of its moves lie on lines between two values: interpolation uses the later one"
    ),
    "same_bar": (
        "rank correlation {value:+.2f} with the return of its own bar, far above earlier bars': "
        "tradable from the next bar at best"
    ),
    "next_bar": "rank correlation {value:+.2f} with the next bar: too good to be known",
}

EXPLAINED: Final[tuple[OddityKind, ...]] = ("rebased", "provisional")
"""What the audit itself explains: no ground for suspicion."""

GRAVEST: Final[tuple[OddityKind, ...]] = ("next_bar", "same_bar")
"""Told first."""

PLANTED_COUNT: Final = 13
PROVEN_ALONE, SUSPECTED_ALONE, PROVEN_WITH_EARLIER = 1, 4, 5
"""Of the planted leaks of tests/core/controls, what a file's tests prove or only suspect."""

FILE_POWER: Final = (
    f"A finished file proves little: of {PLANTED_COUNT} planted leaks its tests prove "
    f"{PROVEN_ALONE} and suspect {SUSPECTED_ALONE}; with an earlier download they prove "
    f"{PROVEN_WITH_EARLIER}. A function of yours is tested far harder: module:function."
)


def leak_sentence(leak: Leak) -> str:
    """Return what changed, where it begins and by how much."""
    cells = f"{leak.cells_count} date{'s' if leak.cells_count > 1 else ''}"
    change = f"{_value(leak.before)} -> {_value(leak.after)}"
    match leak.kind:
        case "truncation":
            why = f"once all after {leak.cut} is forgotten"
        case "perturbation":
            why = f"with other prices or members after {leak.cut}"
        case "vintage":
            why = f"with other releases after {leak.cut}"
        case "outside":
            return (
                f"{leak.column}: values from {leak.first} on although its data end on {leak.cut}: "
                "it reads data it was not given, so nothing about it can be proven"
            )
        case "revision" | "backfill" | "splice":
            return _download_sentence(leak, cells, change)
        case "scaling":
            return (
                f"{leak.column}: the whole sample of {cells} has exactly the mean 0 and standard "
                "deviation 1, or the extremes 0 and 1: it was scaled with values to come"
            )
        case _:
            assert_never(leak.kind)
    seen = f", at {leak.cuts_count} cuts" if leak.cuts_count > 1 else ""
    return f"{leak.column}: {cells} from {leak.first} on change {why} ({change}){seen}"


def leak_sentences(leaks: tuple[Leak, ...]) -> list[str]:
    """Return one sentence a kind: its clearest column's, and how many more columns there are."""
    sentences = []
    for kind in dict.fromkeys(leak.kind for leak in leaks):
        alike = [leak for leak in leaks if leak.kind == kind]
        clearest = max(alike, key=lambda leak: (leak.cuts_count, leak.cells_count))
        more = f"; so do {len(alike) - 1} more columns" if len(alike) > 1 else ""
        sentences.append(leak_sentence(clearest) + more)
    return sentences


def oddity_sentence(odd: Oddity) -> str:
    """Return what is odd and what would explain it."""
    where = f"{odd.column}: " if odd.column else ""
    return where + ODDITIES[odd.kind].format(count=odd.count, first=odd.first, value=odd.value)


def verdict(result: AuditResult) -> str:
    """Return the one sentence an audit ends with."""
    tests = ", ".join(TESTS[test] for test in result.tests)
    at = f" at {result.cuts_count} cuts" if result.cuts_count else ""
    if result.leaks:
        columns = len({leak.column for leak in result.leaks})
        return f"{result.signal}: sees the future in {columns} of {result.columns_count} columns"
    where = f"{at} in {counted(result.columns_count, 'column')} ({tests})"
    odd = sorted(
        (odd for odd in result.oddities if odd.kind not in EXPLAINED),
        key=lambda odd: odd.kind not in GRAVEST,
    )
    if not odd:
        return f"{result.signal}: no leak found{where}"
    more = f"; and {len(odd) - 1} more" if len(odd) > 1 else ""
    return (
        f"{result.signal}: nothing proven, but suspicious: {oddity_sentence(odd[0])}{more}{where}"
    )


def _download_sentence(leak: Leak, cells: str, change: str) -> str:
    if leak.kind == "splice":
        return (
            f"{leak.column}: the ratio of the two downloads jumps on {leak.first}: one is joined "
            "from two bases, and its return there is false"
        )
    if leak.kind == "backfill":
        return f"{leak.column}: {cells} from {leak.first} on were filled in later ({change})"
    return f"{leak.column}: {cells} from {leak.first} on were revised later ({change})"


def _value(value: float | None) -> str:
    return "none" if value is None else f"{value:.6g}"
