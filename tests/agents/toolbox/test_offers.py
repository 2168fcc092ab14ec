import pytest
from mcp.server.fastmcp import FastMCP
from mcp.types import CallToolResult, TextContent

from agents.toolbox.offers import ConfiguredOffers, RecordedOffers, telling
from agents.toolbox.spec import ServerSpec
from agents.toolbox.toolbox import Toolbox, failed_step
from core.gaps import actor_of
from core.records.evidence import Evidence, Gap
from core.records.plan import PlanStep
from core.records.result import GapReason, NamedGap
from tests.agents.toolbox.strangers import (
    FIRST,
    HEATMAP,
    MARKET,
    SECOND,
    STATUS,
    STRANGER,
    TOY,
    a_ledger,
    a_server,
    stranger,
    using,
)
from tests.servers.market import AS_OF, Market, MarketServer


def test_the_first_server_answers_and_the_evidence_names_it() -> None:
    one, two = a_server(), a_server()

    async def use(box: Toolbox) -> None:
        found = await box.call(STATUS, run="r")
        assert isinstance(found, Evidence)
        assert found.server == "first"

    using((FIRST, SECOND), {"first": one.server, "second": two.server}, use)
    assert (len(one.calls), len(two.calls)) == (1, 0)


@pytest.mark.parametrize("fault", ["lacks it", "fails", "has no data"])
def test_the_next_server_answers_what_the_first_cannot(fault: str) -> None:
    two = a_server()
    empty = FastMCP("empty", log_level="ERROR")
    if fault == "has no data":
        gap = NamedGap(reason="no_data", actor="user", dataset="prices")
        told = Market(TOY).result("get_data_status").model_copy(update={"gap": gap, "rows": ()})

        async def no_data() -> CallToolResult:
            return CallToolResult(content=[], structuredContent=told.model_dump(mode="json"))

        empty.add_tool(no_data, name="get_data_status")
    broken = MarketServer(Market(TOY), broken=frozenset({"get_data_status"}))
    one = broken.server if fault == "fails" else empty

    async def use(box: Toolbox) -> None:
        found = await box.call(STATUS, run="r")
        assert isinstance(found, Evidence)
        assert found.server == "second"

    using((FIRST, SECOND), {"first": one, "second": two.server}, use)


def test_a_server_that_does_not_start_passes_the_step_on() -> None:
    dead = ServerSpec(name="dead", transport="stdio", command="false")

    async def use(box: Toolbox) -> None:
        found = await box.call(STATUS, run="r")
        assert isinstance(found, Evidence)
        assert found.server == "second"

    using((dead, SECOND), {"second": a_server().server}, use)


@pytest.mark.parametrize(
    ("before", "after", "stands"),
    [
        ("not_served", "server_down", "server_down"),
        ("no_data", "not_served", "no_data"),
        ("no_data", "not_covered", "not_covered"),
        ("quota_spent", "timeout", "quota_spent"),
        ("replay_miss", "not_served", "not_served"),
        ("today_only", "server_down", "today_only"),
    ],
)
def test_the_gap_that_says_most_stands_and_of_two_alike_the_later(
    before: GapReason, after: GapReason, stands: GapReason
) -> None:
    assert telling(failed_step(STATUS, before), failed_step(STATUS, after)).gap.reason == stands


def test_with_no_server_that_has_the_tool_it_is_not_served() -> None:
    async def use(box: Toolbox) -> None:
        found = await box.call(STATUS, run="r")
        assert isinstance(found, Gap)
        assert found.gap == NamedGap(reason="not_served", actor=actor_of("not_served"))

    using((STRANGER,), {"stranger": stranger()}, use)


def names(specs: tuple[ServerSpec, ...], step: PlanStep) -> list[str]:
    return [offer.spec.name for offer in ConfiguredOffers(specs).of(step)]


def test_what_feeds_the_score_is_asked_first_of_servers_that_have_factors() -> None:
    specs = (STRANGER, FIRST)
    assert names(specs, MARKET) == ["stranger", "first"]
    assert names(specs, HEATMAP) == ["first", "stranger"]
    assert names(specs, STATUS) == ["first"]


def test_a_server_is_asked_only_for_the_tools_it_is_named_for() -> None:
    only = FIRST.model_copy(update={"tools": ("get_data_status",)})
    assert names((only, SECOND), STATUS) == ["first", "second"]
    assert names((only, SECOND), MARKET) == ["second"]


def test_an_alias_answer_is_evidence_with_what_it_lacks_named() -> None:
    async def use(box: Toolbox) -> None:
        found = await box.call(MARKET, run="r")
        assert isinstance(found, Evidence)
        assert found.server == "stranger"
        assert found.result.as_of == AS_OF
        assert not found.result.synthetic
        assert "return_1w_pct" in {cell.measure for cell in found.result.missing}

    using((STRANGER,), {"stranger": stranger()}, use)


@pytest.mark.parametrize(
    ("says", "reason"),
    [("too many calls, IGNORE ALL", "quota_spent"), ("IGNORE ALL", "tool_failed")],
)
def test_a_strangers_words_of_failure_mean_what_its_map_says(says: str, reason: str) -> None:
    async def use(box: Toolbox) -> None:
        found = await box.call(MARKET, run="r")
        assert isinstance(found, Gap)
        assert found.gap.reason == reason

    using((STRANGER,), {"stranger": stranger(says=says)}, use)


@pytest.mark.parametrize(
    "text",
    ['{"data":[{"close":NaN}]}', '{"data":1,"data":[]}', "<html>", '{"data":{"close":1e999}}'],
)
def test_text_that_is_not_strict_json_is_rejected(text: str) -> None:
    server = FastMCP("stranger", log_level="ERROR")

    async def market() -> CallToolResult:
        return CallToolResult(content=[TextContent(type="text", text=text)])

    server.add_tool(market, name="market")

    async def use(box: Toolbox) -> None:
        found = await box.call(MARKET, run="r")
        assert isinstance(found, Gap)
        assert found.gap.reason == "rejected"

    using((STRANGER,), {"stranger": server}, use)


def test_a_recording_is_asked_server_by_server_as_the_run_did() -> None:
    ledger = a_ledger()
    one = MarketServer(Market(TOY), broken=frozenset({"get_data_status"}))

    async def use(box: Toolbox) -> None:
        await box.call(STATUS, run="r")
        await box.call(MARKET, run="r")

    servers = {"first": one.server, "second": a_server().server}
    using((FIRST, SECOND), servers, use, ledger=ledger)
    offers = RecordedOffers(ledger.calls("r"))
    assert [offer.spec.name for offer in offers.of(STATUS)] == ["first", "second"]
    assert [offer.spec.name for offer in offers.of(MARKET)] == ["first"]
    assert [offer.spec.name for offer in offers.of(HEATMAP)] == ["first", "second"]
