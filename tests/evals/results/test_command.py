import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from core.errors import CallerError, DataError
from evals.cases.reading import load_cases
from evals.command import WORSE, register
from evals.kit.asked import Body
from evals.kit.endpoint import FaultyEndpoint
from evals.kit.good import Good
from evals.kit.model import over_http
from evals.records import Case
from evals.results.asking.running import Told
from evals.results.comparing.baseline import Baseline, write_baseline
from evals.results.records import Marked, read_results
from tests.evals.results.made import a_case, results

DEMO_CASE = tuple(case for case in load_cases() if case.universe == "demo")[:1]
ONE = DEMO_CASE[0].id
PROJECT = Path(__file__).parents[3]


def command(*words: str | Path) -> tuple[int, str]:
    """Return the exit code and what was printed."""
    done = invoked(*words)
    return done.exit_code, done.stdout


def invoked(*words: str | Path) -> Result:
    """Return how the command ended."""
    app = typer.Typer()
    app.callback()(lambda: None)
    register(app)
    done = CliRunner().invoke(app, ["eval", *map(str, words)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


@pytest.fixture(scope="module")
def high(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A baseline in which a scorer that has nothing to judge of the case was right."""
    path = tmp_path_factory.mktemp("baseline") / "offline.json"
    write_baseline(Baseline(sectorwise="0.1.0", values={ONE: {"thread-kept": 1.0}}), path)
    return path


def test_one_table_is_printed_and_what_is_worse_ends_with_one(high: Path, tmp_path: Path) -> None:
    options = ("--cases", ONE, "--workers", "1", "--baseline", high, "--out", tmp_path / "out")
    code, said = command(*options, "--check")
    assert code == WORSE
    assert "numeric-fidelity" in said
    assert "worse: thread-kept could not score 1 it had scored" in " ".join(said.split())
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"page.html", "results.json"}
    done = invoked(*options, "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["cases"], len(told["worse"])) == (0, 1, 1)
    assert done.stderr == "rules and templates: 1 of 1 cases\n"
    code, said = command("diff", tmp_path / "out", tmp_path / "out", "--out", tmp_path / "d.html")
    assert (code, (tmp_path / "d.html").exists()) == (0, True)
    assert said.startswith("0 cases differ")


def test_a_model_is_run_beside_the_rules_with_its_price_and_a_judge_beside_both(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    good = over_http(Good())

    def answer(body: Body) -> str:
        judging = "You judge whether" in json.dumps(body)
        return '{"verdict": "partly", "why": "so"}' if judging else good(body)

    monkeypatch.setenv("SECTORWISE_MODEL_PRICE_IN", "1")
    monkeypatch.setenv("SECTORWISE_MODEL_PRICE_OUT", "2")
    with FaultyEndpoint(answer=answer, counts=True).serving() as url:
        monkeypatch.setenv("OPENAI_BASE_URL", url)
        code, said = command(
            "--cases", ONE, "--workers", "1", "--model", "kit", "--judge", "kit", "--json",
            "--out", tmp_path,
        )  # fmt: skip
    told = json.loads(said)
    assert code == 0
    assert told["price"]["calls_count"] >= 1
    assert told["part"]["planned_count"] == told["part"]["answers_count"] >= 1
    assert 0 < told["part"]["written_count"] < told["part"]["sentences_count"]
    read, written = told["price"]["tokens_read_count"], told["price"]["tokens_written_count"]
    assert min(read, written) > 0
    assert told["price"]["usd"] == pytest.approx((read + 2 * written) / 1e6)
    assert told["verdicts"]["mean"] == 0.5
    assert {row["scorer"] for row in told["beside"]} >= {"numeric-fidelity", "direction"}
    assert "judge" not in {row["scorer"] for row in told["scorers"]}
    assert (tmp_path / "difference.html").exists()


def test_a_model_that_never_answers_is_not_taken_for_one_as_good_as_the_rules(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with FaultyEndpoint("401").serving() as url:
        monkeypatch.setenv("OPENAI_BASE_URL", url)
        code, said = command("--cases", ONE, "--workers", "1", "--model", "kit")
    assert code == 0
    assert "kit planned 0 of 1 answer and wrote 0 of" in " ".join(said.split())


def test_what_cannot_be_kept_is_refused_before_anything_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("evals.results.evaluating.marked", None)
    file, other = tmp_path / "file", tmp_path / "other"
    other.mkdir()
    for path in (file, other / "mine.json"):
        path.write_text("{}")
    for words, said in (
        (("--cases", ONE, "--out", file), "cannot be written"),
        (("--cases", ONE, "--keep", PROJECT / "kept"), "out of the project"),
        (("--cases", "us", "--shared", other, "--keep", file), "cannot be written"),
        (("--cases", ONE, "--judge", "m"), "needs a server"),
        (("--cases", ONE, "--baseline", other), "cannot be read"),
        (("--cases", ONE, "--baseline", file), "is no baseline"),
        (("record", "--into", other), "is no tape"),
        (("record", "--into", file), "cannot be written"),
    ):
        with pytest.raises(CallerError, match=said):
            command(*words)
    assert (other / "mine.json").exists()


def test_what_runs_the_cases_is_missed_before_anything_is_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("evals.results.asking.running.find_spec", lambda name: None)
    with pytest.raises(CallerError, match=r"make \.venv/\.dev"):
        command("--cases", "us", "--keep", tmp_path / "kept", "--shared", tmp_path)
    assert not (tmp_path / "kept").exists()


@pytest.fixture
def no_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Leave no market data beside the project."""
    monkeypatch.setattr("evals.results.evaluating.SHARED", tmp_path / "none")


@pytest.mark.usefixtures("no_data")
def test_a_run_of_nothing_passes_no_check() -> None:
    with pytest.raises(DataError, match="left out"):
        command("--cases", "us", "--check")


@pytest.mark.usefixtures("no_data")
def test_a_case_that_is_gone_fails_a_check_and_one_without_data_does_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real = DEMO_CASE[0].model_copy(update={"id": "held", "universe": "us"})
    monkeypatch.setattr("evals.results.evaluating.load_cases", lambda: (*DEMO_CASE, real))
    ran = (a_case(ONE, coverage=1.0),)
    monkeypatch.setattr("evals.results.evaluating.marked", lambda *_, **__: ran)
    path = tmp_path / "offline.json"
    words = ("--check", "--baseline", path)
    values = {ONE: {"coverage": 1.0}, "held": {"coverage": 1.0}}
    write_baseline(Baseline(sectorwise="0.1.0", values=values), path)
    assert command(*words)[0] == 0
    write_baseline(Baseline(sectorwise="0.1.0", values=values | {"gone": {}}), path)
    code, said = command(*words)
    assert (code, "1 case of the baseline was not run, gone first" in said) == (WORSE, True)
    assert command(*words, "--cases", ONE)[0] == 0


def test_a_tape_that_cannot_be_used_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("evals.results.evaluating.marked", None)
    monkeypatch.setattr("evals.results.asking.grounds.RECORDINGS", tmp_path)
    with pytest.raises(CallerError, match="no tape in demo"):
        command("--cases", ONE)


def test_an_interrupted_run_goes_on_and_a_whole_one_leaves_only_its_results(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names, asked = ("a", "b", "c"), list[str]()
    cases = tuple(DEMO_CASE[0].model_copy(update={"id": name}) for name in names)
    monkeypatch.setattr("evals.results.evaluating.load_cases", lambda: cases)

    def stopped_at(last: str) -> Callable[..., tuple[Marked, ...]]:
        def marked(left: list[Case], *_: object, tell: Told, **__: object) -> tuple[Marked, ...]:
            for case in left:
                if case.id == last:
                    raise KeyboardInterrupt
                asked.append(case.id)
                tell((a_case(case.id, coverage=1.0),))
            return tuple(a_case(case.id, coverage=1.0) for case in left)

        return marked

    monkeypatch.setattr("evals.results.evaluating.BASELINE", tmp_path / "none.json")
    words = ("--workers", "1", "--out", tmp_path / "out")
    monkeypatch.setattr("evals.results.evaluating.marked", stopped_at("c"))
    assert invoked(*words).exit_code != 0
    monkeypatch.setattr("evals.results.evaluating.marked", stopped_at("none"))
    done = invoked(*words)
    assert (done.exit_code, asked) == (0, ["a", "b", "c"])
    assert done.stderr.splitlines()[0] == "rules and templates: 3 cases, 2 kept from before"
    kept = read_results(tmp_path / "out")
    assert kept.cases == tuple(a_case(name, coverage=1.0) for name in names)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"page.html", "results.json"}
    assert (invoked(*words).exit_code, len(asked)) == (0, 6), "a whole run is asked again"


@pytest.mark.usefixtures("no_data")
def test_a_baseline_leaves_no_case_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "offline.json"
    words = ("--baseline-write", "--baseline", path)
    with pytest.raises(CallerError, match="left out"):
        command(*words)
    broken = (a_case(ONE, error="broke"),)
    monkeypatch.setattr("evals.results.evaluating.load_cases", lambda: DEMO_CASE)
    monkeypatch.setattr("evals.results.evaluating.marked", lambda *_, **__: broken)
    with pytest.raises(CallerError, match=f"a broken run: case {ONE}: broke"):
        command(*words)
    assert not path.exists()


def test_the_page_of_two_runs_makes_its_folder_and_is_no_folder(tmp_path: Path) -> None:
    kept = tmp_path / "results.json"
    kept.write_text(results(a_case("a", coverage=1.0)).model_dump_json())
    assert command("diff", kept, kept, "--out", tmp_path / "new" / "d.html")[0] == 0
    with pytest.raises(CallerError, match="cannot be written"):
        command("diff", kept, kept, "--out", tmp_path / "new")


def test_options_that_do_not_go_together_are_refused(tmp_path: Path) -> None:
    none = tmp_path / "none.json"
    for words, said in (
        (("--model", "m", "--check"), "the baseline is of the rules alone"),
        (("--cases", ONE, "--baseline-write"), "the baseline is of all cases"),
        (("--check", "--baseline", none), "is not there"),
        (("--cases", "us", "--shared", none), "no market data"),
        (("--check", "--baseline-write"), "against the baseline it makes"),
        (("--cases", ONE, "--model", "m"), "needs a server"),
        (("record", "--shared", tmp_path), "stay out of the project"),
        (("diff", none, none), "No such file"),
    ):
        with pytest.raises(CallerError, match=said):
            command(*words)
