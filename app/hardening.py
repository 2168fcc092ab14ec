"""Process-wide protections that must stand before the graph library is imported."""

import os


def harden() -> None:
    """Let a checkpoint name no class to build, and send no trace anywhere.

    langgraph reads the first variable once, when it is imported; `agents.run` refuses to run
    without it.
    """
    os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"
    os.environ["LANGSMITH_TRACING"] = "false"
    os.environ["LANGCHAIN_TRACING_V2"] = "false"
