from pathlib import Path

import pytest

from app.data import tool_context
from app.files.universes import load_universes
from app.served import server as served_module
from app.served.server import mounted
from app.settings import Settings
from tools import server as tools_module
from tools.answers import Answers, answers_of
from tools.context import ToolContext
from tools.server import SectorServer, build_server


def test_the_whole_server_keeps_one_memory_of_answers_and_the_bare_one_none_where_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Answers] = []

    def counted(context: ToolContext) -> Answers:
        made.append(answers_of(context))
        return made[-1]

    monkeypatch.setattr(served_module, "answers_of", counted)
    monkeypatch.setattr(tools_module, "answers_of", counted)
    settings, universes = Settings(home=tmp_path), load_universes()
    server, _ = mounted(settings, universes)
    assert isinstance(server, SectorServer)
    assert made == [server._answers]
    bare = build_server(tool_context(settings, universes), remembering=False)
    assert bare._answers is None
