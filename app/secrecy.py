"""Gathers what no file may hold: secrets of the settings, of the environment, of the servers."""

from pydantic import SecretStr

from agents.toolbox.redaction import Redactor, secrets_of_environment, secrets_of_server
from app.files.servers import load_servers
from app.settings import Settings, environment


def redactor(settings: Settings) -> Redactor:
    """Return what takes them out of texts.

    Raises:
        CallerError: the servers' file cannot be used.
    """
    held = (getattr(settings, name) for name in Settings.model_fields)
    own = {value.get_secret_value() for value in held if isinstance(value, SecretStr)}
    ledger = {"database_url": settings.database_url or ""}
    around = secrets_of_environment({**environment(), **ledger})
    specs = load_servers(settings.mcp_config, settings.server) if settings.mcp_config else ()
    given = (secrets_of_server(env=s.env, headers=s.headers, url=s.url, args=s.args) for s in specs)
    return Redactor(around.union(own, *given))
