"""Three reports on a worker; then what became of their folders."""

import json
import pickle
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app.batching.batch import Heard, Order, estimate, run_batch
from app.batching.engine import Crew
from app.batching.index import INDEX
from app.batching.plan import parse_plan
from app.batching.records import Job, Outcome
from app.batching.site import travelling
from app.batching.standing import STANDING, Standing, alone, keep, standing
from app.batching.summary import SUMMARY, Summary, read_summary, shortfall, totals
from app.compose import Composition
from app.settings import Settings
from app.snapshots import predecessor
from app.status.readings import status
from core.errors import ConflictError, NothingMadeError, PartialError
from core.records.request import Request
from tests.app.batching.batches import copied, dask_cluster, full_at, half, kill_a_worker, sums
from tests.app.command import sectorwise

PLAN = """
universes = ["us", "demo"]
dates = ["2024-12-31"]
horizons = ["1W", "1M", "3M"]
languages = ["vi"]
mandates = ["bold.toml"]
formats = ["md", "json"]
"""
BOLD = "sector_cap = 0.6\n"

REQUEST = Request(text="", language="en", intent="report", universes=("demo",))


def _never(_: str) -> None:
    raise AssertionError


@dataclass(frozen=True)
class Batched:
    """A batch that has ended."""

    order: Order
    composition: Composition
    summary: Summary

    def is_whole(self) -> bool:
        """Whether each report of the demo market was made, once."""
        states = [row.state for row in self.summary.reports if row.name.startswith("demo")]
        runs = list((self.composition.settings.home_dir / "runs").iterdir())
        return states == ["made"] * 3 and len(sums(self.order.out)) == len(runs) == 3


def ended(
    home: Path, folder: Path, *, workers: int, done: Callable[[Outcome], None] = lambda _: None
) -> Batched:
    """Return a batch on a copy of the home; `done` hears each outcome."""
    (folder / "bold.toml").write_text(BOLD)
    composition = copied(home, folder / "home")
    order = Order(parse_plan(PLAN, folder=folder), folder / "out", Crew(workers=workers))
    order.out.mkdir()
    return Batched(order, composition, run_batch(order, composition, Heard(done=done)))


@pytest.fixture(scope="module")
def batched(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Batched:
    """A batch on one worker: each takes seconds to start, and `test_engine` has two."""
    return ended(demo_home, tmp_path_factory.mktemp("batch"), workers=1)


def test_a_worker_makes_every_report_once(batched: Batched) -> None:
    assert batched.is_whole()


@pytest.mark.prove
def test_two_workers_make_every_report_once_and_the_same(
    batched: Batched, demo_home: Path, tmp_path: Path
) -> None:
    found = ended(demo_home, tmp_path, workers=2)
    assert found.is_whole()
    assert sums(found.order.out) == sums(batched.order.out)


@pytest.mark.prove
def test_a_killed_worker_loses_no_report(batched: Batched, demo_home: Path, tmp_path: Path) -> None:
    killed: list[int] = []
    told: list[Outcome] = []

    def done(outcome: Outcome) -> None:
        told.append(outcome)
        if len(told) == 2:  # the third is under way
            killed.append(kill_a_worker())

    found = ended(demo_home, tmp_path, workers=2, done=done)
    assert killed
    assert found.is_whole()
    assert sums(found.order.out) == sums(batched.order.out)


def test_one_markets_failure_stops_no_other(batched: Batched) -> None:
    counts = batched.summary.totals
    assert (counts.made, counts.failed, counts.left) == (3, 3, 0)
    assert "import --universe us" in str(batched.summary.reports[0].error)
    assert "import --universe us" in (batched.order.out / INDEX).read_text()
    error = shortfall(batched.summary)
    assert isinstance(error, PartialError)
    assert str(error).startswith("3 of 6 reports could not be made; the first, us-2024-12-31")


def test_a_batch_without_one_report_is_another_error(batched: Batched) -> None:
    failed = batched.summary.reports[:2]
    none = batched.summary.model_copy(update={"reports": failed, "totals": totals(failed)})
    assert isinstance(shortfall(none), NothingMadeError)


def test_workers_that_can_make_no_report_end_the_batch_and_say_why_once(
    batched: Batched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = replace(batched.order, out=tmp_path / "out", crew=Crew(workers=1))
    order.out.mkdir()
    heard: list[Outcome] = []
    monkeypatch.setenv("SECTORWISE_HOME", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("SECTORWISE_DATABASE_URL", "sqlite:///elsewhere.sqlite")
    summary = run_batch(order, batched.composition, Heard(done=heard.append))
    assert (summary.totals.failed, summary.totals.left) == (3, 3), "those without data, the others"
    assert len(heard) == 1
    assert "another database" in str(heard[0].error)
    said = str(shortfall(summary.model_copy(update={"reports": summary.reports[3:]})))
    assert "another database" in said


def test_a_batch_that_ends_without_its_reports_is_told_as_failed(tmp_path: Path) -> None:
    ran = sectorwise("batch", "-u", "us", "--out", str(tmp_path / "night"), home=tmp_path)
    assert (ran.code, "import --universe us" in ran.error) == (3, True), ran.error
    found = status(f"sqlite:///{tmp_path / 'ledger.sqlite'}", now=datetime.now(UTC))
    assert ([row.name for row in found.failed], found.jobs) == (["batch:night"], ())


def test_the_summary_is_what_programs_read(batched: Batched) -> None:
    assert read_summary(batched.order.out) == batched.summary
    told = json.loads((batched.order.out / SUMMARY).read_text())
    assert {row["state"] for row in told["reports"]} == {"made", "failed"}
    assert told["estimate"]["reports_count"] == 3


def test_the_index_links_every_report_in_the_plans_language(batched: Batched) -> None:
    page = (batched.order.out / INDEX).read_text()
    assert "6 báo cáo" in page
    for row in batched.summary.reports:
        for file in ("report.md", "report.json"):
            assert (f'href="{row.name}/{file}"' in page) == (row.state == "made")


def test_a_report_of_a_batch_holds_no_clock(batched: Batched) -> None:
    names = {path.name for path in (batched.order.out / batched.summary.reports[-1].name).iterdir()}
    assert names == {"report.json", "report.md", "SHA256SUMS"}


@pytest.mark.prove
def test_a_full_disk_ends_the_batch_with_its_sentence_and_the_same_run_is_told_later(
    batched: Batched,
) -> None:
    out, before = batched.order.out, sums(batched.order.out)
    order = replace(batched.order, crew=Crew())
    for name in tuple(before)[:2]:
        shutil.rmtree(out / name)
    with full_at(4, out) as disk:  # the first two are the standing's and its folder's
        summary = run_batch(order, batched.composition)
    assert disk.written[3].endswith(".pending"), "a report's"
    assert (summary.totals.kept, summary.totals.left) == (1, 2)
    assert str(summary.reports[3].error).startswith("no space is left for out: free some")
    assert not half(out)
    assert run_batch(order, batched.composition).totals.made == 2
    assert sums(out) == before
    assert len(list((batched.composition.settings.home_dir / "runs").iterdir())) == 3


def test_what_is_whole_is_kept_and_what_is_half_is_made_again(batched: Batched) -> None:
    out = batched.order.out
    before = sums(out)
    first, second = (row.name for row in batched.summary.reports[-2:])
    (out / first / "report.json").write_text("half")
    (out / second / "report.json").unlink()
    shutil.rmtree(batched.composition.settings.home_dir / "runs")  # asked anew, in this process
    order = replace(batched.order, crew=Crew())
    summary = run_batch(order, batched.composition)
    assert (summary.totals.made, summary.totals.kept) == (2, 1)
    assert sums(out) == before


@pytest.mark.prove
def test_dask_workers_make_the_same_bytes(
    batched: Batched, demo_home: Path, tmp_path: Path
) -> None:
    composition = copied(demo_home, tmp_path / "home")
    fewer = {"universes": ("demo",), "horizons": ("1W", "1M")}
    plan = batched.order.plan.model_copy(update=fewer)
    env = {"SECTORWISE_HOME": str(tmp_path / "home")}
    with dask_cluster(tmp_path, workers=1, env=env) as address:
        order = Order(plan, tmp_path / "out", Crew("dask", address=address))
        order.out.mkdir()
        summary = run_batch(order, composition)
    assert summary.totals.made == 2
    mine = sums(order.out)
    assert mine == {name: row for name, row in sums(batched.order.out).items() if name in mine}


def test_the_desk_of_a_batch_knows_none_of_its_own_runs(batched: Batched) -> None:
    batch = Standing.model_validate_json((batched.order.out / STANDING).read_bytes())
    home, later = batched.composition.settings.home_dir, date(2025, 1, 31)
    assert predecessor(home, "demo", later, "1M", tell=_never) is not None
    assert predecessor(home, "demo", later, "1M", before=batch.begun_at, tell=_never) is None


def test_a_job_is_the_same_run_until_it_fails_or_is_made_again(tmp_path: Path) -> None:
    jobs, now = (Job(name="demo", request=REQUEST),), datetime.now(UTC)
    batch = standing(tmp_path, jobs, limits={}, now=now, again=False)
    assert batch.task(jobs[0]) == batch.task(jobs[0])
    failed = Outcome(name="demo", state="failed")
    assert batch.after(failed).task(jobs[0]).run != batch.task(jobs[0]).run
    assert batch.after(failed.model_copy(update={"lost": True})) == batch
    keep(tmp_path, batch)
    later = now + timedelta(days=1)
    assert standing(tmp_path, jobs, limits={}, now=later, again=False) == batch
    assert standing(tmp_path, jobs, limits={}, now=later, again=True) != batch


def test_limits_edited_between_two_starts_are_refused(batched: Batched) -> None:
    plan = batched.order.plan
    fewer = replace(batched.order, plan=plan.model_copy(update={"horizons": ("1M",)}))
    bold = Path(plan.mandates[0])
    bold.write_text("sector_cap = 0.5\n")
    for order in (batched.order, fewer):
        with pytest.raises(ConflictError, match=r"limits of bold.toml have changed .* --again"):
            estimate(order, batched.composition)
    bold.write_text(f"# as before\n{BOLD}")
    assert estimate(batched.order, batched.composition).kept_count == 3


def test_no_secret_travels_to_a_worker(tmp_path: Path) -> None:
    settings = Settings.model_validate(
        {"home": tmp_path, "OPENAI_API_KEY": "sk-secret", "token": "t" * 20,
         "database_url": "postgresql://me:word@db/sectorwise", "ssi_secret": "s3"}
    )  # fmt: skip
    sent = pickle.dumps(travelling(settings))
    assert not any(word in sent for word in (b"sk-secret", b"t" * 20, b"word@db", b"s3"))


def test_two_batches_in_one_folder_are_refused(tmp_path: Path, batched: Batched) -> None:
    with alone(tmp_path), pytest.raises(ConflictError, match="another batch is at work"):
        run_batch(Order(batched.order.plan, tmp_path), batched.composition)
