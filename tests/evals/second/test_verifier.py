"""The second verifier agrees with the product on whole pages and with nobody on changed ones."""

import json
import shutil
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from agents.llm.protocol import LanguageModel
from core.records.holdings import Position
from core.records.request import Language
from core.records.universe import Horizon
from evals.kit.good import Good
from evals.numbers.reports import Wanted
from evals.second.decision import weight_faults
from evals.second.inert import activity
from evals.second.reading import Object, read_page
from evals.second.verifier import disagreements
from tests.evals.second.finished import After, finished
from tests.evals.second.held import (
    LIMITED,
    SECTORS,
    SHARES,
    SYMBOLS,
    VALUED,
    holdings,
    owned,
    weighed,
)
from tests.evals.second.tampering import ENGLISH, HELD, Edit

SAMPLE = ((0, "a sentence nobody verified"), (1, "an order's lots"))
"""Edits judged in every run; all of them with `-m prove`."""


def test_a_finished_page_says_what_its_report_says(pages: list[tuple[str, Object]]) -> None:
    for html, report in pages:
        assert disagreements(html, report) == ()


@pytest.mark.parametrize(("place", "kind"), SAMPLE)
def test_a_changed_page_is_told(pages: list[tuple[str, Object]], place: int, kind: str) -> None:
    html, report = pages[place]
    changed = (ENGLISH | HELD)[kind](html)
    assert changed != html
    assert disagreements(changed, report)


def test_weights_that_do_not_follow_are_told_of_a_whole_report(
    pages: list[tuple[str, Object]],
) -> None:
    html, report = pages[0]
    changed = json.loads(json.dumps(report))
    changed["allocations"][0]["lines"][0]["target_weight"] += 0.01
    own = {fault.said for fault in weight_faults(changed["allocations"][0])}
    assert own
    assert own <= set(disagreements(html, changed))


def test_what_runs_on_a_whole_page_is_told(pages: list[tuple[str, Object]]) -> None:
    html, report = pages[0]
    changed = ENGLISH["a handler"](html)
    own = set(activity(read_page(changed).root))
    assert own
    assert own <= set(disagreements(changed, report))


def test_another_reports_page_is_told(pages: list[tuple[str, Object]]) -> None:
    (html, _), (_, report) = pages
    assert disagreements(html, report)


@pytest.mark.prove
@pytest.mark.parametrize(("place", "edits"), [(0, ENGLISH), (1, HELD)])
def test_every_kind_of_change_is_told(
    pages: list[tuple[str, Object]], place: int, edits: dict[str, Edit]
) -> None:
    html, report = pages[place]
    missed = []
    for kind, edit in edits.items():
        changed = edit(html)
        assert changed != html, kind
        found = disagreements(changed, report)
        print(f"{kind:36} {len(found):3}  {found[0][:100] if found else 'MISSED'}")
        missed += [] if found else [kind]
    assert missed == []


@pytest.mark.prove
def test_no_page_of_many_is_accused(evals_home: Path, tmp_path: Path) -> None:
    days = [
        date(2020, 9, 30), date(2021, 3, 31), date(2021, 12, 31), date(2022, 9, 30),
        date(2023, 4, 28), date(2024, 5, 31), date(2024, 9, 30), date(2024, 11, 29),
    ]  # fmt: skip
    wanted = [
        Wanted(day, horizon, language, model)
        for place, day in enumerate(days)
        for language in ("en", "vi")
        for horizon in ("1W", "1M", "3M")
        for model in ((Good(seed=place),) if horizon == "1W" else (None,))
    ]
    told = against(finished(evals_home, wanted, tmp_path))
    assert told == {}


@pytest.mark.prove
def test_no_page_of_somebody_who_holds_something_is_accused(
    evals_home: Path, tmp_path: Path
) -> None:
    wanted: list[Wanted | After] = []
    spans: list[tuple[date, date, Horizon]] = [
        (date(2024, 11, 29), date(2024, 12, 31), "1M"),
        (date(2021, 3, 31), date(2022, 6, 30), "3M"),
        (date(2023, 4, 28), date(2023, 9, 29), "1W"),
    ]
    for before, after, horizon in spans:
        wanted.append(Wanted(before, horizon, "en"))
        for language in ("en", "vi"):
            one = Wanted(after, horizon, language)
            wanted += [
                After(one),
                After(one, SECTORS, judged=True),
                After(one, VALUED, LIMITED, judged=True),
                After(replace(one, model=Good(noise=0.3)), SHARES, judged=True),
                After(one, SYMBOLS),
            ]
    last = Wanted(date(2024, 12, 31), "1M", "en")
    wanted += [last, After(last), After(replace(last, language="vi"))]  # nothing changed
    assert against(finished(evals_home, wanted, tmp_path)) == {}


@pytest.mark.prove
@pytest.mark.real_data
def test_no_page_of_real_markets_is_accused(real_home: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(real_home, tmp_path / "home"))
    asked: list[tuple[date, Horizon, Language, LanguageModel | None]] = [
        (date(2018, 9, 28), "1M", "en", None),
        (date(2017, 6, 30), "1W", "vi", None),
        (date(2015, 12, 31), "3M", "en", Good()),
        (date(2018, 12, 31), "1M", "vi", Good(noise=0.3)),
    ]
    wanted = [Wanted(*each, universe=universe) for universe in ("us", "vn") for each in asked]
    told = against(finished(home, wanted, tmp_path))
    assert told == {}


@pytest.mark.prove
@pytest.mark.real_data
@pytest.mark.parametrize(
    ("universe", "positions"),
    [
        ("us", weighed(("technology", 0.5), ("energy", 0.2))),
        ("vn", owned(("VCB", 100_000), ("FPT", 50_050), ("HPG", 200_000))),
    ],
)
def test_no_page_of_somebody_who_holds_real_names_is_accused(
    real_home: Path, tmp_path: Path, universe: str, positions: tuple[Position, ...]
) -> None:
    home = Path(shutil.copytree(real_home, tmp_path / "home"))
    dated, money = date(2017, 1, 3), {"nav_bn": 1.0} if universe == "us" else {"cash_bn": 5.0}
    held = holdings(universe, dated=dated, positions=positions, **money)
    wanted: list[Wanted | After] = [Wanted(date(2018, 6, 29), "1M", "en", universe=universe)]
    wanted += [
        After(Wanted(date(2018, 9, 28), "1M", language, universe=universe), held, judged=True)
        for language in ("en", "vi")
    ]
    assert against(finished(home, wanted, tmp_path)) == {}


def against(pages: list[tuple[str, Object]]) -> Counter[str]:
    """Return how many pages say each thing their reports do not, and print the sum."""
    told = Counter(each for html, report in pages for each in disagreements(html, report))
    print(f"{len(pages)} pages, {told.total()} disagreements")
    return told
