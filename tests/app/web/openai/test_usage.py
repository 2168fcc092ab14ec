import asyncio
from datetime import UTC, datetime
from pathlib import Path

from agents.llm.protocol import LanguageModel, ModelAnswer
from agents.llm.recorded import RecordedModel
from app.compose import open_ledger
from app.settings import Settings
from app.web.openai.usage import usage_of
from app.web.openai.wire import Usage


class _Counted:
    """A model that says what it read and wrote."""

    name, server = "counted", "here"

    async def complete(
        self, *, system: str, user: str, schema: dict[str, object], max_tokens: int
    ) -> ModelAnswer:
        del system, schema, max_tokens
        return ModelAnswer(text=user, model="counted", input_tokens=10, output_tokens=3)


async def _asked(settings: Settings, *texts: str) -> None:
    model: LanguageModel = _Counted()
    ledger = open_ledger(settings, lambda: datetime.now(UTC))
    try:
        recorded = RecordedModel(model, ledger, run="run-1")
        for text in texts:
            await recorded.complete(system="", user=text, schema={}, max_tokens=9)
    finally:
        ledger.close()


def test_usage_is_what_our_model_read_and_wrote_for_the_run(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, model="counted", openai_base_url="http://127.0.0.1:9")
    asyncio.run(_asked(settings, "plan", "report"))
    used = asyncio.run(usage_of(settings, "run-1"))
    assert used == Usage(prompt_tokens=20, completion_tokens=6, total_tokens=26)
    assert asyncio.run(usage_of(settings, "run-2")) == Usage()


def test_usage_is_nothing_without_a_model(tmp_path: Path) -> None:
    assert asyncio.run(usage_of(Settings(home=tmp_path), "run-1")) == Usage()
    assert not (tmp_path / "ledger.sqlite").exists()
