import json
import shutil
import subprocess
import sys
from pathlib import Path

from tests.app.test_one_decision import reported

ROOT = Path(__file__).parents[2]

SERVER = """
import sys
sys.modules["agents"] = None
from app.cli.main import run
sys.argv = ["sectorwise", "mcp"]
run()
"""

CLIENT = """
import asyncio, json, sys
from datetime import UTC, date, datetime
from importlib.resources import files

sys.modules["tools"] = None
sys.modules["app"] = None
from agents.run import run_request
from agents.services import Services
from agents.toolbox.ledger import Ledger
from agents.toolbox.sessions import Sessions
from agents.toolbox.spec import ServerSpec
from agents.toolbox.toolbox import Toolbox
from core.records.request import Request
from core.markets.universe import parse_universe

home, server = sys.argv[1:]
demo = parse_universe(files("core.universes").joinpath("demo.toml").read_text(encoding="utf-8"))
spec = ServerSpec(name="theirs", transport="stdio", command=sys.executable, args=("-c", server),
                  env={"SECTORWISE_HOME": home, "SECTORWISE_VIEWS": "plain"},
                  benchmark_weights=True)
request = Request(text="", language="en", intent="report", universes=("demo",),
                  as_of=date(2024, 12, 31))


async def main():
    async with Sessions((spec,)) as sessions:
        ledger = Ledger(clock=lambda: datetime.now(UTC))
        toolbox = Toolbox(sessions, ledger, universes={"demo": demo},
                          today=lambda: date(2025, 1, 2))
        services = Services(universes={"demo": demo}, toolbox=toolbox,
                            today=lambda: date(2025, 1, 2))
        return (await run_request(request, services, run_id="apart")).report

report = asyncio.run(main())
print(json.dumps({"gaps": [gap.gap.reason for gap in report.gaps],
                  "allocation": report.allocations[0].model_dump(mode="json")}))
"""


def test_graph_and_tools_meet_only_over_mcp(demo_home: Path, tmp_path: Path) -> None:
    """The server's process cannot import agents, the graph's cannot import tools."""
    home = Path(shutil.copytree(demo_home, tmp_path / "home"))
    done = subprocess.run(
        [sys.executable, "-c", CLIENT, str(home), SERVER],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        cwd=ROOT,
        env={"LANGGRAPH_STRICT_MSGPACK": "true", "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    apart = json.loads(done.stdout.strip().splitlines()[-1])
    assert apart["gaps"] == []
    from datetime import date

    together = reported(home, "demo", date(2024, 12, 31), "1M").allocations[0]
    assert apart["allocation"] == together.model_dump(mode="json")
