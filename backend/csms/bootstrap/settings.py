"""Settings from the environment and `.env`, checked once at the start."""

from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from csms.bootstrap.issuer_settings import IssuerSettings
from csms.bootstrap.people_settings import PeopleSettings
from csms.bootstrap.settings_tls import TlsSettings
from csms.kernel.errors import InvalidError

Environment = Literal["development", "production"]


class SettingsError(InvalidError):
    """The environment does not make sense; `detail` lists every fault with its variable."""


class Settings(PeopleSettings, IssuerSettings, TlsSettings):
    """All settings. Names in the environment are the field names in capitals, or the alias."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", populate_by_name=True
    )

    environment: Environment = "development"
    host: str = Field(default="127.0.0.1", alias="CSMS_HOST")
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: str | None = None
    data_dir: Path | None = Field(default=None, alias="CSMS_DATA_DIR")
    web_dir: Path | None = Field(default=None, alias="CSMS_WEB_DIR")
    map_tiles_url: str | None = Field(default=None, alias="CSMS_MAP_TILES_URL")
    map_attribution: str | None = Field(default=None, alias="CSMS_MAP_ATTRIBUTION")
    database_url: SecretStr | None = None
    redis_url: SecretStr | None = None
    cors_origins: Annotated[tuple[str, ...], NoDecode] = ()
    admin_email: str | None = Field(default=None, alias="CSMS_ADMIN_EMAIL")
    admin_password: SecretStr | None = Field(default=None, alias="CSMS_ADMIN_PASSWORD")
    allow_open_chargers: bool | None = Field(default=None, alias="CSMS_ALLOW_OPEN_CHARGERS")
    allow_insecure_cookies: bool | None = Field(default=None, alias="CSMS_ALLOW_INSECURE_COOKIES")
    log_format: Literal["auto", "json", "console"] = Field(default="auto", alias="CSMS_LOG_FORMAT")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", alias="CSMS_LOG_LEVEL"
    )
    journal_writers: int = Field(default=2, alias="CSMS_JOURNAL_WRITERS", ge=1, le=16)
    database_pool_size: int = Field(default=12, alias="CSMS_DATABASE_POOL_SIZE", ge=4, le=200)
    hold_unstored_s: float = Field(default=20, alias="CSMS_HOLD_UNSTORED_S", gt=0, le=300)
    remote_start_wait_s: float = Field(
        default=300, alias="CSMS_REMOTE_START_WAIT_S", gt=0, le=86_400
    )
    stalled_after_s: float = Field(default=1800, alias="CSMS_STALLED_AFTER_S", ge=60, le=7 * 86_400)
    ghost_after_s: float = Field(default=900, alias="CSMS_GHOST_AFTER_S", ge=60, le=7 * 86_400)
    idle_billing_wait_s: float = Field(
        default=43_200, alias="CSMS_IDLE_BILLING_WAIT_S", ge=0, le=30 * 86_400
    )
    idle_billing_look_s: float = Field(default=30, alias="CSMS_IDLE_BILLING_LOOK_S", gt=0, le=3600)
    keep_in_step_s: float = Field(default=15, alias="CSMS_KEEP_IN_STEP_S", gt=0, le=86_400)
    catch_up_delay_s: float = Field(default=10, alias="CSMS_CATCH_UP_DELAY_S", ge=0, le=3600)
    shutdown_timeout_s: float = Field(default=10, alias="CSMS_SHUTDOWN_TIMEOUT_S", gt=0, le=300)
    metrics: bool = Field(default=False, alias="CSMS_METRICS")

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_unset(cls, value: Any, info: Any) -> Any:
        if isinstance(value, str) and not value.strip():
            return cls.model_fields[info.field_name].get_default()
        return value

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split_origins(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
        return value

    @field_validator("cors_origins")
    @classmethod
    def _origins_are_exact(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            parts = urlsplit(origin)
            if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path:
                raise ValueError(f"{origin!r} is not an origin like https://app.example.org")
        return origins

    @field_validator("public_url")
    @classmethod
    def _public_url_is_http(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise ValueError("must be an http or https URL, such as https://csms.example.org")
        return url.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database_is_postgresql(cls, url: SecretStr | None) -> SecretStr | None:
        if url is None:
            return None
        scheme = urlsplit(url.get_secret_value()).scheme
        if scheme not in {"postgres", "postgresql"}:
            raise ValueError(
                "must start with postgres:// or postgresql://; no other database works"
            )
        return url

    @model_validator(mode="after")
    def _refuse_what_is_not_served(self) -> "Settings":
        if self.ocpp_tls_port is not None and self.ocpp_tls_port == self.port:
            raise ValueError("CSMS_OCPP_TLS_PORT must be another port than PORT")
        if (self.admin_email is None) != (self.admin_password is None):
            raise ValueError("CSMS_ADMIN_EMAIL and CSMS_ADMIN_PASSWORD go together; set both")
        faults = [
            *self.mail_faults(self.public_url, is_production=self.is_production),
            *self.issuer_faults(),
        ]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    @property
    def web_url(self) -> str:
        """Where the web app is: what links in letters lead to."""
        if self.public_url is not None:
            return self.public_url
        host = "localhost" if self.host in {"0.0.0.0", "::"} else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def has_outbox(self) -> bool:
        """Whether operators may read letters: in development without a mail server only."""
        return not self.is_production and self.mail_server is None

    @property
    def is_production(self) -> bool:
        """Whether defaults that suit a trial on one's own machine are refused."""
        return self.environment == "production"

    @property
    def may_open_chargers(self) -> bool:
        """Whether security profile 0 may be given to a charger."""
        if self.allow_open_chargers is None:
            return not self.is_production
        return self.allow_open_chargers

    @property
    def has_secure_cookies(self) -> bool:
        """Whether session cookies carry `Secure`: always over https, and in production."""
        if self.public_url is not None and self.public_url.startswith("https://"):
            return True
        return self.is_production and not self.allow_insecure_cookies


def load_settings(**given: object) -> Settings:
    """Read the settings; `given` (from the command line) wins over the environment.

    Raises SettingsError with one line per fault.
    """
    try:
        return Settings(**{k: v for k, v in given.items() if v is not None})  # type: ignore[arg-type]  # checked by the model itself
    except ValidationError as error:
        raise SettingsError(_describe(error)) from error


def _describe(error: ValidationError) -> str:
    lines = []
    for fault in error.errors():
        name = str(fault["loc"][0]) if fault["loc"] else ""
        field = Settings.model_fields.get(name)
        variable = (field.alias or name if field else name).upper()
        message = fault["msg"].removeprefix("Value error, ")
        lines.append(f"{variable}: {message}" if variable else message)
    return "\n".join(lines)
