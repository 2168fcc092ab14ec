"""Where the tools are served over HTTP, and what a client is told of it."""

from dataclasses import dataclass

from core.errors import CallerError


@dataclass(frozen=True, slots=True)
class Address:
    """Where HTTP is served: the address bound, its port, and further names clients use."""

    host: str
    port: int
    names: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """What a client is told: the first name given, else the address itself.

        Raises:
            CallerError: no port is fixed yet.
        """
        if not self.port:
            raise CallerError("--port 0 is chosen when the server starts: name a port")
        if self.names:
            scheme = "http" if ":" in self.names[0] else "https"
            return f"{scheme}://{self.names[0]}/mcp"
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{shown}:{self.port}/mcp"
