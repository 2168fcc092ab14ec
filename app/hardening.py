"""Process-wide protections that must stand before the graph library is imported."""

import logging
import os


def harden() -> None:
    """Let a checkpoint name no class to build, send no trace anywhere, keep stderr ours.

    langgraph reads the first variable once, when it is imported; `agents.run` refuses to run
    without it.
    """
    os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"
    os.environ["LANGSMITH_TRACING"] = "false"
    os.environ["LANGCHAIN_TRACING_V2"] = "false"
    # Without any handler, libraries' warnings would be printed between our sentences.
    logging.getLogger().addHandler(logging.NullHandler())
