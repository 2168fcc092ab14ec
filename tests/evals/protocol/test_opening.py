from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest

import evals.protocol.__main__ as protocol
from app.backtesting.data import HOLDOUT
from app.journals.trials import Trials
from app.settings import Settings
from core.forecast.dataset import DecisionSet
from core.records.backtest import Trial
from evals.protocol.grounds import Market
from evals.protocol.judging import Window, judged
from evals.protocol.models import Said
from tests.evals.protocol.drawn_protocol import NOW, drawn, perfect

OPEN = ("--until", "2024-12-31", "--open")
Run = Callable[..., list[tuple[str, Window]]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Plays drawn markets instead of read ones; answers what was judged, over which window."""

    def called(*arguments: str) -> list[tuple[str, Window]]:
        seen: list[tuple[str, Window]] = []

        def played(
            home: Path, shared: Path, *, until: date, names: tuple[str, ...]
        ) -> Iterator[Market]:
            return (drawn(name=name) for name in names)

        def models(decisions: DecisionSet, **_: object) -> list[Said]:
            return [perfect(drawn())]

        def noted(market: Market, models: list[Said], window: Window, **rest: object) -> object:
            seen.append((market.name, window))
            own = Window(date(2004, 1, 1), date(2009, 12, 31))
            registry, now = rest["registry"], rest["now"]
            assert isinstance(registry, Trials)
            assert isinstance(now, datetime)
            return judged(market, models, own, registry=registry, earlier=(), now=now)

        monkeypatch.setattr(protocol, "markets", played)
        monkeypatch.setattr(protocol, "said", models)
        monkeypatch.setattr(protocol, "judged", noted)
        protocol.main([str(tmp_path), str(tmp_path), *arguments])
        return seen

    return called


def opened_before(home: Path, study: str) -> None:
    trial = Trial(
        study=study, strategy="model:composite", spec_sha256="0" * 64, data_sha256="d" * 64,
        first=HOLDOUT, last=date(2024, 12, 31), bars_count=1500, sharpe_bar=0.01,
    )  # fmt: skip
    with closing(Trials(Settings(home=home).database)) as registry:
        registry.add(trial, recorded_at=NOW)


def test_it_is_played_up_to_2018_unless_said(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    seen = run("--only", "us", "vn", "--start", "2005-01-01")
    assert seen == [(name, Window(date(2005, 1, 1), date(2018, 12, 31))) for name in ("us", "vn")]
    assert capsys.readouterr().out.startswith("# Protocol, to 2018-12-31")


def test_what_was_held_back_is_judged_whole_from_its_first_day(run: Run) -> None:
    seen = run(*OPEN)
    assert seen == [(name, Window(HOLDOUT, date(2024, 12, 31))) for name in protocol.MARKETS]


def test_an_opening_is_said_whole_and_from_its_first_day(run: Run) -> None:
    for arguments, told in (
        (("--until", "2024-12-31"), "say --open"),
        ((*OPEN, "--start", "2020-01-01"), "judged from 2019-01-01"),
        ((*OPEN, "--only", "us"), "on every market at once"),
    ):
        with pytest.raises(SystemExit, match=told):
            run(*arguments)


def test_a_second_opening_is_refused_unless_asked_again(tmp_path: Path, run: Run) -> None:
    opened_before(tmp_path, "vn")
    with pytest.raises(SystemExit, match="opened on 2024-06-21; --again is logged"):
        run(*OPEN)
    assert run(*OPEN, "--again", "--only", "us") == [("us", Window(HOLDOUT, date(2024, 12, 31)))]


def test_other_studies_open_nothing(tmp_path: Path, run: Run) -> None:
    opened_before(tmp_path, "demo")
    opened_before(tmp_path, "file-0123456789ab")
    assert len(run(*OPEN)) == 4
