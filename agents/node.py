"""What a node of the graph is: a function state -> update."""

from typing import Protocol

from agents.state import State


class Node(Protocol):
    """A node's function."""

    async def __call__(self, state: State) -> State:
        """Return what changes."""
        ...
