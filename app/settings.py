"""Reads the environment and `sectorwise.toml`, once; everything else takes arguments."""

import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryFile
from typing import Annotated, Final, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from core.errors import CallerError
from core.records.record import Slug
from core.records.sink import SinkSpec

DEFAULT_MODEL = "gpt-5-mini"
LEDGER: Final = "ledger.sqlite"
"""The database's file in the home."""
CHECKPOINTS: Final = "checkpoints.sqlite"
"""The file of runs' checkpoints in the home."""
UNFINISHED: Final = "research"
"""The folder of what belongs to unfinished runs in the home."""
DRIVERS: Final = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
"""How SQLAlchemy spells the URLs that PostgreSQL's own tools take."""


Views = Literal["plain", "packaged", "deep"]


MANAGERS: Final[Mapping[str, int]] = {
    "Abrams Capital": 1358706,
    "Akre Capital": 1112520,
    "Appaloosa": 1656456,
    "Baupost": 1061768,
    "Berkshire Hathaway": 1067983,
    "Brave Warrior": 1553733,
    "Dalal Street": 1549575,
    "Fairholme": 1056831,
    "Himalaya Capital": 1709323,
    "Pershing Square": 1336528,
    "Southeastern": 807985,
}
"""Well-known managers with few, long-held positions, and their CIK at the SEC."""


class Settings(BaseSettings):
    """What an operator may set, as `SECTORWISE_<NAME>` or a key of `sectorwise.toml`."""

    model_config = SettingsConfigDict(
        env_prefix="SECTORWISE_", toml_file="sectorwise.toml", extra="forbid", frozen=True
    )

    home: Path = Field(default=Path("~/.sectorwise"), description="store, models, ledger, runs")
    universe: str = Field(default="demo", description="universe of a question that names none")
    universe_files: tuple[Path, ...] = Field(default=(), description="own universes, TOML")
    mandate: Path | None = Field(default=None, description="limits, TOML")
    mcp_config: Path | None = Field(default=None, description="mcp.json; absent: our own server")
    server: str | None = Field(default=None, description="the mcp.json entry that serves the tools")
    mcp_token: SecretStr | None = Field(
        default=None, min_length=16, description="bearer token that `mcp --http` asks for"
    )
    token: SecretStr | None = Field(
        default=None, min_length=16, description="bearer token that `serve` asks for"
    )
    allowed_origins: tuple[str, ...] = Field(
        default=(), description="web origins whose pages may ask /agents.json and /v1 (CORS)"
    )
    requests_a_minute: int = Field(
        default=3000, ge=1, description="how many one client may send to `serve`"
    )
    database_url: str | None = Field(
        default=None, description="SQLite's or PostgreSQL's URL; absent: in home"
    )
    model: str | None = Field(default=None, description="model name; absent with a key: see below")
    openai_api_key: Annotated[SecretStr | None, Field(validation_alias="OPENAI_API_KEY")] = None
    openai_base_url: Annotated[str | None, Field(validation_alias="OPENAI_BASE_URL")] = None
    model_price_in: float | None = Field(
        default=None, ge=0, description="US dollars a million tokens the model reads"
    )
    model_price_out: float | None = Field(
        default=None, ge=0, description="US dollars a million tokens the model writes"
    )
    views: Views = Field(
        default="packaged",
        description="what forecasts learn with: plain (no trees), packaged, deep (networks too)",
    )
    keep_runs_days: int | None = Field(
        default=None, ge=1, description="days `prune` keeps runs; absent: for ever"
    )
    keep_runs_count: int = Field(
        default=10, ge=0, description="latest runs of a universe `prune` keeps, however old"
    )
    keep_calls_days: int | None = Field(
        default=None, ge=1, description="days `prune` keeps calls no kept run needs"
    )
    pace_seconds: float = Field(
        default=300.0, ge=0, description="how long a call may wait for its server's minute"
    )
    log: Literal["off", "text", "json"] | None = Field(
        default=None, description="lines on stderr; absent: text of what serves or loops, else off"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="of our own lines; libraries tell of warnings and errors"
    )
    ping_url: SecretStr | None = Field(
        default=None,
        description="asked after each success of a job; {name} in it becomes the job's",
    )
    otlp_endpoint: Annotated[
        str | None,
        Field(
            validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT",
            description="collector of traces and metrics (OTLP over HTTP); absent: none are sent",
        ),
    ] = None
    otlp_headers: Annotated[
        SecretStr | None,
        Field(validation_alias="OTEL_EXPORTER_OTLP_HEADERS", description="name=value, by comma"),
    ] = None
    sinks: dict[Slug, SinkSpec] = Field(
        default_factory=dict, description="where messages go, by name; secrets as ${NAME} only"
    )
    fred_api_key: Annotated[SecretStr | None, Field(validation_alias="FRED_API_KEY")] = None
    sec_identity: str | None = Field(
        default=None,
        pattern=r"^[ -?A-~]*[!-?A-~]@[!-?A-~]+\.[!-?A-~]+$",
        description="name and e-mail address of who asks SEC EDGAR, which the SEC demands",
    )
    sec_managers: dict[str, int] = Field(
        default=dict(MANAGERS), description="whose 13F filings are read: name to CIK"
    )
    ssi_id: SecretStr | None = Field(default=None, description="ConsumerID of SSI FastConnect Data")
    ssi_secret: SecretStr | None = Field(default=None, description="ConsumerSecret beside it")
    sync_sources: dict[Slug, tuple[str, ...]] = Field(
        default_factory=dict, description="what `watch` fetches from, by universe: vn = ['ssi']"
    )
    source_urls: dict[str, str] = Field(
        default_factory=dict, description="other addresses of sources, by name: a proxy, a test"
    )
    source_pause_seconds: float | None = Field(
        default=None, ge=0, description="between two requests to a source; absent: its own pace"
    )
    call_seconds: float = Field(default=20.0, gt=0, description="limit of one tool call")
    model_seconds: float = Field(default=60.0, gt=0, description="limit of one model answer")
    model_stream: bool = Field(
        default=False,
        description="ask the model to answer in pieces: for gateways that end silent connections",
    )
    model_calls_at_once: int = Field(
        default=4, ge=1, description="questions to the model at once, of all processes"
    )
    run_calls: int | None = Field(default=100, ge=1, description="calls of one run at most")
    run_tokens: int | None = Field(default=60_000, ge=1, description="tokens of one run's model")
    run_usd: float | None = Field(default=None, gt=0, description="US dollars of one run's model")
    run_seconds: float | None = Field(default=900.0, gt=0, description="from a run's start to end")
    run_bytes: int | None = Field(
        default=256_000_000, ge=1, description="bytes of the answers one run's calls may bring"
    )
    day_calls: int | None = Field(default=None, ge=1, description="calls of all runs of a day, UTC")
    day_tokens: int | None = Field(default=None, ge=1, description="tokens of all runs of a day")
    day_usd: float | None = Field(default=None, gt=0, description="US dollars of all runs of a day")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Rank the sources: arguments, environment, then sectorwise.toml."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def home_dir(self) -> Path:
        """The home, expanded and created, readable by its owner only."""
        path = self.home.expanduser()
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise CallerError(
                f"setting home: {path} cannot be made: {error.strerror}; set SECTORWISE_HOME"
            ) from error
        return path

    def require_writable_home(self) -> None:
        """Refuse a home nothing can be kept in.

        Raises:
            CallerError: the home, or the ledger in it, cannot be written.
        """
        path = self.home_dir
        try:
            with TemporaryFile(dir=path):
                pass
            if (path / LEDGER).exists():
                (path / LEDGER).open("ab").close()
        except OSError as error:
            raise CallerError(
                f"the home {path} cannot be written: {error.strerror}; set SECTORWISE_HOME"
            ) from error

    @property
    def model_name(self) -> str | None:
        """The language model in use; None means rules and templates."""
        return self.model or (DEFAULT_MODEL if self.has_endpoint else None)

    @property
    def has_endpoint(self) -> bool:
        """Whether a key or an own OpenAI-compatible server is given."""
        return bool(self.openai_api_key or self.openai_base_url)

    @property
    def database(self) -> str:
        """The SQLAlchemy URL of what processes share: ledger, threads, leases, outbox."""
        if self.database_url is None:
            return f"sqlite:///{self.home_dir / LEDGER}"
        scheme, colon, rest = self.database_url.partition(":")
        return f"{DRIVERS.get(scheme, scheme)}{colon}{rest}"


def names_set() -> tuple[str, ...]:
    """Return the environment variables that hold settings, by name, sorted; never their values."""
    known = {f"SECTORWISE_{name.upper()}" for name in Settings.model_fields}
    return tuple(sorted((known | {"OPENAI_API_KEY", "OPENAI_BASE_URL"}) & set(os.environ)))


def environment() -> dict[str, str]:
    """Return the process's environment, for files that name variables in place of secrets."""
    return dict(os.environ)


def load_settings() -> Settings:
    """Return the settings.

    Raises:
        CallerError: a setting does not fit; the message names it.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise CallerError(
            f"setting {name}: {first['msg']} (SECTORWISE_* or sectorwise.toml)"
        ) from error
    if settings.model and not settings.has_endpoint:
        raise CallerError(
            f"model {settings.model!r} is set but neither OPENAI_API_KEY nor OPENAI_BASE_URL is: "
            "set one, or unset SECTORWISE_MODEL to run without a model"
        )
    unpriced = settings.model_price_in is None or settings.model_price_out is None
    if unpriced and (settings.run_usd or settings.day_usd):
        raise CallerError(
            "a budget in dollars (run_usd, day_usd) needs what tokens cost: set model_price_in "
            "and model_price_out"
        )
    return settings
