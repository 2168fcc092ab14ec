"""Checkpoints may name no classes here either; read once, when langgraph is first imported."""

import os

os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"
