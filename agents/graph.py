"""Wires dates, planner, router, approval, tool nodes, drill-down, scorer, reporter, verifier."""

from typing import Literal

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Send

from agents import model_nodes, nodes
from agents.services import Services
from agents.state import State, StepState, dumped, evidence_of, pending_of
from agents.tool_node import Earlier, stored_sources, tool_node
from agents.tracing import told
from core.records.plan import NodeName

TOOL_NODES: tuple[NodeName, ...] = (
    "macro",
    "heatmap",
    "fundamentals",
    "foreign_flow",
    "whale_activity",
)
GRACE_SECONDS = 30.0
"""A node bounds its own calls; the graph's limit is the backstop behind them."""
Graph = CompiledStateGraph[State, None, State, State]


def build_graph(
    services: Services, checkpointer: BaseCheckpointSaver[str] | None, *, earlier: Earlier
) -> Graph:
    """Return the compiled graph; `earlier` is evidence a follow-up may reuse."""
    graph = StateGraph(State)
    tools = services.limits.tool_seconds + services.limits.pace_seconds + GRACE_SECONDS
    model = services.limits.model_seconds + GRACE_SECONDS
    graph.add_node("dates", told("dates", nodes.dates_node(services)), timeout=tools)
    graph.add_node("planner", told("planner", model_nodes.planner_node(services)), timeout=model)
    graph.add_node("router", told("router", nodes.router_node(services, earlier)), timeout=tools)
    graph.add_node("approval", nodes.approval_node(services, earlier), timeout=tools)
    for name in TOOL_NODES:
        step_node = told(name, tool_node(name, services, earlier))
        graph.add_node(name, step_node, input_schema=StepState, timeout=tools)
        graph.add_edge(name, "join")
    graph.add_node("join", nodes.join_node, timeout=tools)
    graph.add_node(
        "drill_down", told("drill_down", nodes.drill_down_node(services, earlier)), timeout=tools
    )
    graph.add_node("scorer", told("scorer", nodes.scorer_node(services)), timeout=tools)
    graph.add_node("reporter", told("reporter", model_nodes.reporter_node(services)), timeout=model)
    graph.add_node("verifier", told("verifier", nodes.verifier_node(services)), timeout=tools)
    graph.add_edge(START, "dates")
    graph.add_edge("dates", "planner")
    graph.add_edge("planner", "router")
    after_router = _approved_first if services.approve else _dispatched
    graph.add_conditional_edges("router", after_router, ["approval", *TOOL_NODES, "join"])
    graph.add_conditional_edges("approval", _after_approval, [*TOOL_NODES, "join", END])
    graph.add_conditional_edges("join", _after_join, ["drill_down", "scorer"])
    graph.add_conditional_edges("drill_down", _dispatched, [*TOOL_NODES, "join"])
    graph.add_edge("scorer", "reporter")
    graph.add_edge("reporter", "verifier")
    graph.add_edge("verifier", END)
    return graph.compile(checkpointer=checkpointer)


def _dispatched(state: State) -> list[Send] | Literal["join"]:
    steps = pending_of(state)
    if not steps:
        return "join"
    sources = stored_sources(evidence_of(state))
    return [
        Send(
            step.node,
            StepState(
                run=state["run"], step=dumped(step), sources=sorted(sources.get(step.universe, ()))
            ),
        )
        for step in steps
    ]


def _approved_first(state: State) -> list[Send] | Literal["join", "approval"]:
    return "approval" if pending_of(state) else _dispatched(state)


def _after_approval(state: State) -> list[Send] | Literal["join", "__end__"]:
    return "__end__" if state.get("declined") else _dispatched(state)


def _after_join(state: State) -> Literal["drill_down", "scorer"]:
    return "drill_down" if state.get("rounds") == 1 else "scorer"
