import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from core.records.mandate import Mandate, MandatePatch, SectorCap
from evals.kit.endpoint import FaultyEndpoint
from tests.app.command import Ran, sectorwise
from tools.storage.store import Store

PRICES = pd.DataFrame(
    {
        "ticker": [t for t in ("XLK", "XLF", "SPY") for _ in range(300)],
        "date": list(pd.bdate_range("2023-01-02", periods=300)) * 3,
        "close": [100 + (n % 300) * step for n, step in enumerate([0.1] * 300 + [0.05] * 600)],
    }
)


def one_sentence(ran: Ran, code: int, *words: str) -> None:
    """Check the house rule for bad input: its exit code, one sentence, no traceback."""
    assert ran.code == code, ran.error
    assert "Traceback" not in ran.error
    assert len(ran.error.strip().splitlines()) == 1, ran.error
    for word in words:
        assert word in ran.error


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def own_demo(demo_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(demo_home, tmp_path / "demo"))


def parquet(path: Path, frame: pd.DataFrame) -> Path:
    connection = duckdb.connect()
    connection.register("frame", frame)
    connection.sql("select * from frame").write_parquet(str(path))
    return path


def test_an_unknown_universe_lists_the_known_ones(home: Path) -> None:
    one_sentence(sectorwise("report", "-u", "mars", home=home), 2, "mars", "demo", "vn")


def test_an_empty_store_names_the_import_command(home: Path) -> None:
    ran = sectorwise("report", "-u", "us", "--as-of", "2024-12-31", home=home)
    one_sentence(ran, 3, "sectorwise import --universe us --prices FILE")


@pytest.mark.parametrize(
    "command",
    ["report", *(pytest.param(name, marks=pytest.mark.prove) for name in ("rotation", "heatmap"))],
)
def test_a_date_before_the_data_says_when_they_begin(own_demo: Path, command: str) -> None:
    ran = sectorwise(command, "-u", "demo", "--as-of", "1980-01-01", home=own_demo)
    one_sentence(ran, 2)


def test_a_date_in_another_form_shows_the_form(own_demo: Path) -> None:
    ran = sectorwise("rotation", "-u", "demo", "--as-of", "31/12/2024", home=own_demo)
    one_sentence(ran, 2, "31/12/2024", "YYYY-MM-DD")


def test_a_horizon_that_is_not_served_names_the_served_ones(own_demo: Path) -> None:
    ran = sectorwise("ask", "Which sectors will lead over the next year?", home=own_demo)
    one_sentence(ran, 2, "1W", "1M", "3M")


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("broken.parquet", b"PAR1 this is not parquet PAR1", "broken.parquet"),
        ("latin.csv", "ticker,date,close\nXLK,2024-01-02,1é\n".encode("latin-1"), "UTF-8"),
        ("empty.csv", b"", "empty.csv"),
        ("letters.csv", b"a,b\nx,y\n", "letters.csv"),
    ],
)
def test_a_file_that_cannot_be_read_stores_nothing(
    own_demo: Path, tmp_path: Path, name: str, content: bytes, word: str
) -> None:
    before = Store(own_demo).fingerprint("demo")
    (tmp_path / name).write_bytes(content)
    ran = sectorwise("import", "-u", "demo", "--prices", str(tmp_path / name), home=own_demo)
    one_sentence(ran, 3, word)
    assert Store(own_demo).fingerprint("demo") == before


def test_a_missing_benchmark_is_named(home: Path, tmp_path: Path) -> None:
    file = parquet(tmp_path / "sectors.parquet", PRICES[PRICES["ticker"] != "SPY"])
    assert sectorwise("import", "-u", "us", "--prices", str(file), home=home).code == 0
    one_sentence(sectorwise("report", "-u", "us", home=home), 3, "SPY")


def test_missing_sectors_are_reported_and_the_rest_is_answered(home: Path, tmp_path: Path) -> None:
    file = parquet(tmp_path / "prices.parquet", PRICES)
    assert sectorwise("import", "-u", "us", "--prices", str(file), home=home).code == 0
    ran = sectorwise("rotation", "-u", "us", "--json", home=home)
    rows = ran.json()
    assert isinstance(rows, list)
    assert {row["ticker"] for row in rows if row["quadrant"]} == {"XLK", "XLF"}
    assert len(rows) == 11


def test_a_question_about_something_else_says_what_is_offered(own_demo: Path) -> None:
    ran = sectorwise("ask", "What is the capital of France?", home=own_demo)
    assert ran.code == 0
    assert "sectors" in ran.out


def test_an_empty_question_is_refused(own_demo: Path) -> None:
    one_sentence(sectorwise("ask", " ", home=own_demo), 2, "is empty")


def test_a_question_of_100_kb_is_refused_with_the_limit(own_demo: Path) -> None:
    ran = sectorwise("ask", "sector " * 14_300, home=own_demo)
    one_sentence(ran, 2, "4000")


def test_a_model_without_a_key_is_refused_before_anything_runs(own_demo: Path) -> None:
    ran = sectorwise("report", home=own_demo, env={"SECTORWISE_MODEL": "some-model"})
    one_sentence(ran, 2, "OPENAI_API_KEY")


@pytest.mark.prove
def test_a_model_that_answers_nonsense_costs_only_its_sentences(
    own_demo: Path, tmp_path: Path
) -> None:
    def weights(env: dict[str, str]) -> object:
        ran = sectorwise(
            "report", "--json", "--formats", "json", "--out", str(tmp_path / "out"),
            home=own_demo, env=env,
        )  # fmt: skip
        assert ran.code == 0, ran.error
        document = ran.json()
        assert isinstance(document, dict)
        report = document["report"]
        return report["scorecards"], report["allocations"]

    endpoint = FaultyEndpoint(answer="the market will rise 99 % tomorrow, trust me")
    with endpoint.serving() as url:
        env = {"OPENAI_BASE_URL": url, "SECTORWISE_MODEL": "fake", "SECTORWISE_MODEL_SECONDS": "5"}
        assert weights({**env, "SECTORWISE_MODEL_STREAM": "true"}) == weights({})
    assert all(body["stream"] is True for body in endpoint.requests)
    assert len(endpoint.requests) == 4


def test_a_tool_server_that_does_not_start_is_said_in_one_sentence(own_demo: Path) -> None:
    config = own_demo / "mcp.json"
    config.write_text('{"mcpServers": {"dead": {"command": "false"}}}')
    ran = sectorwise("report", home=own_demo, env={"SECTORWISE_MCP_CONFIG": str(config)})
    one_sentence(ran, 4, "dead", "mcp.json")


@pytest.mark.parametrize(
    "content", ["", "{", '{"mcpServers": {}}', '{"mcpServers": {"a": {"args": []}}}']
)
def test_an_unusable_mcp_json_is_named(own_demo: Path, content: str) -> None:
    config = own_demo / "mcp.json"
    config.write_text(content)
    ran = sectorwise("report", home=own_demo, env={"SECTORWISE_MCP_CONFIG": str(config)})
    one_sentence(ran, 2, "mcp.json")


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("missing.json", None),
        ("other.json", lambda path: path.write_text('{"a": 1}')),
    ],
)
def test_a_recording_that_is_none_is_named(
    own_demo: Path, name: str, make: Callable[[Path], int] | None
) -> None:
    if make:
        make(own_demo / name)
    one_sentence(sectorwise("report", "--replay", name, home=own_demo), 2, name)


def test_a_setting_of_the_wrong_kind_is_named(home: Path) -> None:
    ran = sectorwise("universes", home=home, env={"SECTORWISE_CALL_SECONDS": "soon"})
    one_sentence(ran, 2, "call_seconds")


@pytest.mark.prove
def test_limits_that_cannot_hold_are_told_apart(own_demo: Path) -> None:
    mandate = own_demo / "mandate.toml"
    mandate.write_text("sector_cap = 0.05\n")
    ran = sectorwise("report", home=own_demo, env={"SECTORWISE_MANDATE": str(mandate)})
    one_sentence(ran, 2, "cap")


def test_servers_of_which_none_starts_are_all_named(own_demo: Path) -> None:
    config = own_demo / "mcp.json"
    config.write_text('{"mcpServers": {"a": {"command": "x"}, "b": {"command": "y"}}}')
    ran = sectorwise("report", home=own_demo, env={"SECTORWISE_MCP_CONFIG": str(config)})
    one_sentence(ran, 4, "a, b", "mcp.json")


@pytest.mark.parametrize(("house", "asked", "allowed"), [(0.10, 0.20, 0.10), (0.35, 0.20, 0.20)])
def test_a_question_can_tighten_a_limit_and_never_loosen_it(
    house: float, asked: float, allowed: float
) -> None:
    mandate = Mandate(sector_cap=house, turnover=0.05)
    patch = MandatePatch(caps=(SectorCap(sector="technology", cap=asked),), turnover=0.5)
    assert mandate.patched(patch).caps[0].cap == allowed
    assert mandate.patched(patch).turnover == 0.05


def test_a_question_replaces_what_nobody_stated_and_leaves_the_mandates_own_caps() -> None:
    mandate = Mandate(version=1, caps=(SectorCap(sector="banks", cap=0.45),))
    found = mandate.patched(MandatePatch(turnover=0.6))
    assert (found.turnover, "turnover" in found.assumed) == (0.6, False)
    assert found.caps == mandate.caps


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("heatmap",), "--universe"),
        (("frobnicate",), "frobnicate"),
        (("report", "--horizon", "2M"), "2M"),
        (("report", "--formats", "docx"), "docx"),
        (("report", "--formats", ""), "format"),
        (("report", "--as-of", "2999-01-01"), "yet to come"),
        (("ask", "Which US sectors lead as of 2035-01-01?"), "yet to come"),
        (("report", "--out", "/proc/nowhere"), "/proc/nowhere"),
        (("record", "none"), "none"),
    ],
)
def test_a_wrong_option_is_one_sentence(
    own_demo: Path, arguments: tuple[str, ...], word: str
) -> None:
    ran = sectorwise(*arguments, home=own_demo)
    one_sentence(ran, 3 if "record" in arguments else 2, word)


@pytest.mark.prove
def test_prices_that_end_long_before_the_date_recommend_nothing(own_demo: Path) -> None:
    ran = sectorwise("report", "-u", "demo", "--as-of", "2025-06-30", home=own_demo)
    one_sentence(ran, 2, "2024-12-31", "2025-06-30")


def test_a_damaged_ledger_names_the_file(own_demo: Path) -> None:
    (own_demo / "ledger.sqlite").write_bytes(b"this is not a database" * 100)
    one_sentence(sectorwise("report", home=own_demo), 3, "ledger.sqlite")


@pytest.mark.parametrize("command", ["serve", "chat"])
def test_a_home_that_cannot_be_written_is_said_before_anything_begins(command: str) -> None:
    ran = sectorwise(command, home=Path("/proc"))  # not even root may
    one_sentence(ran, 2, "the home /proc cannot be written")


@pytest.mark.prove
def test_a_damaged_run_record_hides_no_other_run(own_demo: Path) -> None:
    assert sectorwise("report", "--formats", "json", home=own_demo).code == 0
    (broken := own_demo / "runs" / "20200101-000000-abcdef").mkdir()
    (broken / "run.json").write_text("{")
    ran = sectorwise("runs", home=own_demo)
    assert ran.code == 0
    assert "20200101-000000-abcdef" in ran.out
    assert "report" in ran.out


@pytest.mark.prove
def test_a_universe_named_twice_is_asked_once(own_demo: Path) -> None:
    ran = sectorwise(
        "report", "-u", "demo", "-u", "demo", "--formats", "json", "--json", home=own_demo
    )
    document = ran.json()
    assert isinstance(document, dict)
    assert document["report"]["request"]["universes"] == ["demo"]


def test_few_sectors_still_make_a_report(home: Path, tmp_path: Path) -> None:
    file = parquet(tmp_path / "prices.parquet", PRICES)
    assert sectorwise("import", "-u", "us", "--prices", str(file), home=home).code == 0
    ran = sectorwise("report", "-u", "us", "--formats", "json", "--json", home=home)
    assert ran.code == 0, ran.error
    document = ran.json()
    assert isinstance(document, dict)
    (allocation,) = document["report"]["allocations"]
    assert sum(line["target_weight"] for line in allocation["lines"]) == pytest.approx(1.0)
