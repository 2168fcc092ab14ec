"""Reads the environment and `sectorwise.toml`, once; everything else takes arguments."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from core.errors import CallerError

DEFAULT_MODEL = "gpt-5-mini"


Views = Literal["plain", "packaged", "deep"]


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
    ledger_url: str | None = Field(default=None, description="SQLAlchemy URL; absent: in home")
    model: str | None = Field(default=None, description="model name; absent with a key: see below")
    openai_api_key: Annotated[SecretStr | None, Field(validation_alias="OPENAI_API_KEY")] = None
    openai_base_url: Annotated[str | None, Field(validation_alias="OPENAI_BASE_URL")] = None
    views: Views = Field(
        default="packaged",
        description="what forecasts learn with: plain (no trees), packaged, deep (networks too)",
    )
    call_seconds: float = Field(default=20.0, gt=0, description="limit of one tool call")
    model_seconds: float = Field(default=60.0, gt=0, description="limit of one model answer")

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

    @property
    def model_name(self) -> str | None:
        """The language model in use; None means rules and templates."""
        return self.model or (DEFAULT_MODEL if self.has_endpoint else None)

    @property
    def has_endpoint(self) -> bool:
        """Whether a key or an own OpenAI-compatible server is given."""
        return bool(self.openai_api_key or self.openai_base_url)

    @property
    def ledger(self) -> str:
        """The ledger's SQLAlchemy URL."""
        return self.ledger_url or f"sqlite:///{self.home_dir / 'ledger.sqlite'}"


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
    return settings
