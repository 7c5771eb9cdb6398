"""Settings: the one reader of the environment. Every problem is one sentence that names the variable."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from bot.checks import Lab, comma_list, is_loopback, read_lab, refuse, split, web_address
from bot.config_guests import GuestSettings


class ConfigError(Exception):
    """The environment cannot be used; *problems* maps each variable to a sentence with the remedy."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("\n".join(problems.values()))
        self.problems = dict(problems)


class Settings(GuestSettings):
    """What the environment says, checked. Built by ``Settings.load``; secrets are not part of its repr."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    # Order matters: a check may look at the fields above it.
    slack_bot_token: str = Field(
        default="",
        validate_default=True,
        validation_alias="SLACK_BOT_TOKEN",
        repr=False,
        description="The bot's token, `xoxb-…`, from *OAuth & Permissions* of your Slack app. Required.",
    )
    slack_app_token: str | None = Field(
        default=None,
        validation_alias="SLACK_APP_TOKEN",
        repr=False,
        description="The app-level token, `xapp-…`, with the scope `connections:write`. When it is there, "
        "Slack is reached by Socket Mode and no public address is needed.",
    )
    slack_signing_secret: str | None = Field(
        default=None,
        validate_default=True,
        validation_alias="SLACK_SIGNING_SECRET",
        repr=False,
        description="The secret Slack signs its requests with, from *Basic Information*. "
        "Required without `SLACK_APP_TOKEN`.",
    )
    slack_api_url: str = Field(
        default="https://slack.com/api/",
        validation_alias="SLACK_API_URL",
        description="Base address of Slack's Web API, for every client. `http://` only for this computer.",
    )
    admins: Annotated[frozenset[str], NoDecode, BeforeValidator(comma_list)] = Field(
        default=frozenset(),
        validation_alias="SESSIONS_ADMINS",
        description="User ids that may organise, separated by commas, beside Slack's admins and owners.",
    )
    data: Path = Field(
        default=Path("data"),
        validate_default=True,
        validation_alias="SESSIONS_DATA",
        description="The directory for all that Sessions keeps on this computer. Default: `./data`.",
    )
    database_url: str = Field(
        default="",
        validate_default=True,
        validation_alias="DATABASE_URL",
        repr=False,
        description="The database: `sqlite:///path`, `postgresql://…` or `postgres://…`. "
        "Default: `sqlite:///<SESSIONS_DATA>/sessions.db`.",
    )
    redis_url: str | None = Field(
        default=None,
        validation_alias="REDIS_URL",
        repr=False,
        description="A Redis server, `redis://…` or `rediss://…`. Without it `sessions up` starts its own.",
    )
    host: str = Field(
        default="127.0.0.1",
        validation_alias="HOST",
        description="The address of this computer that the web process listens on.",
    )
    port: int = Field(
        default=3000,
        validation_alias="PORT",
        description="The port that the web process listens on.",
    )
    public_url: str | None = Field(
        default=None,
        validation_alias="PUBLIC_URL",
        description="Where people reach the web process from outside, such as `https://sessions.example.com`.",
    )
    secret_keys: Annotated[tuple[str, ...], NoDecode, BeforeValidator(comma_list)] = Field(
        default=(),
        validation_alias="SESSIONS_SECRET_KEY",
        repr=False,
        description="Keys for what is encrypted in the database, at least 16 characters each, separated by "
        "commas, newest first.",
    )
    lab: Annotated[Lab | None, NoDecode, BeforeValidator(read_lab)] = Field(
        default=None,
        validation_alias="SESSIONS_LAB",
        description="For the demo, the benchmark and the fault campaign, and only with a `SLACK_API_URL` of "
        'this computer: a JSON object `{"clock": address, "speed": number, "faults": directory, '
        '"pace": "real" or "off"}`.',
    )

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read *environ* (``os.environ``). An empty value counts as absent. Raises ConfigError."""
        given = os.environ if environ is None else environ
        try:
            present: dict[str, Any] = {
                name: given[name].strip() for name in variables() if given.get(name, "").strip()
            }
            return cls(**present)
        except ValidationError as error:
            raise ConfigError(_sentences(error)) from None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what ``load`` passes counts, so that a test's settings never depend on its surroundings."""
        return (init_settings,)

    @property
    def loopback_slack(self) -> bool:
        """Whether Slack is a local stand-in on this computer."""
        return is_loopback(urlsplit(self.slack_api_url).hostname)

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _token(cls, value: str | None, info: ValidationInfo) -> str | None:
        name, prefix, where = {
            "slack_bot_token": ("SLACK_BOT_TOKEN", "xoxb-", "OAuth & Permissions"),
            "slack_app_token": ("SLACK_APP_TOKEN", "xapp-", "Basic Information, App-Level Tokens"),
        }[str(info.field_name)]
        if value is not None and not re.fullmatch(prefix + r"[A-Za-z0-9-]+", value):
            wrong = f"is not a token that begins with {prefix}" if value else "is missing"
            raise refuse(f"{name} {wrong}: copy it from your Slack app, {where}.")
        return value

    @field_validator("slack_signing_secret")
    @classmethod
    def _secret(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None and info.data.get("slack_app_token", "") is None:
            raise refuse(
                "SLACK_SIGNING_SECRET is missing: copy it from your Slack app, Basic Information; "
                "or set SLACK_APP_TOKEN to use Socket Mode."
            )
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _api(cls, value: str) -> str:
        return web_address(value, "SLACK_API_URL")

    @field_validator("public_url")
    @classmethod
    def _public(cls, value: str | None) -> str | None:
        return None if value is None else web_address(value, "PUBLIC_URL").rstrip("/")

    @field_validator("admins")
    @classmethod
    def _admins(cls, value: frozenset[str]) -> frozenset[str]:
        for admin in sorted(value):
            if not re.fullmatch(r"[UW][A-Z0-9]{2,}", admin):
                raise refuse(
                    f'SESSIONS_ADMINS holds "{admin[:40]}", which is no user id: write ids such as '
                    "U012ABCDEF, separated by commas (in Slack: a person's profile, Copy member ID)."
                )
        return value

    @field_validator("data")
    @classmethod
    def _data(cls, value: Path) -> Path:
        found = value.expanduser().absolute()
        if found.exists() and not found.is_dir():
            raise refuse("SESSIONS_DATA names a file: name a directory.")
        return found

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str, info: ValidationInfo) -> str:
        if not value:
            return f"sqlite:///{info.data.get('data', Path('data'))}/sessions.db"
        if value.startswith("sqlite:///") and value.removeprefix("sqlite:///") not in {"", ":memory:"}:
            return value
        if re.match(r"postgres(ql)?://.", value) and split(value) is not None:
            return value
        raise refuse(
            "DATABASE_URL is no database that Sessions knows: write sqlite:///path/to/file, "
            "or postgresql://user:password@host/name."
        )

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: str | None) -> str | None:
        if value is not None and (not re.match(r"rediss?://.", value) or split(value) is None):
            raise refuse("REDIS_URL is no Redis address: write redis://host:6379/0, or rediss:// for TLS.")
        return value

    @field_validator("host")
    @classmethod
    def _host(cls, value: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9.:_-]+", value):
            raise refuse(
                "HOST is no address: write 127.0.0.1, or 0.0.0.0 for every network of this computer."
            )
        return value

    @field_validator("port", mode="before")
    @classmethod
    def _port(cls, value: object) -> object:
        if not re.fullmatch(r"[0-9]{1,5}", str(value)) or not 1 <= int(str(value)) <= 65535:
            raise refuse("PORT is no port: write a number from 1 to 65535.")
        return int(str(value))

    @field_validator("secret_keys")
    @classmethod
    def _keys(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(len(key) < 16 for key in value):
            raise refuse("SESSIONS_SECRET_KEY holds a key of fewer than 16 characters: use longer ones.")
        return value

    @field_validator("lab")
    @classmethod
    def _lab_is_local(cls, value: Lab | None, info: ValidationInfo) -> Lab | None:
        host = urlsplit(info.data.get("slack_api_url", "")).hostname
        if value is not None and not is_loopback(host):
            raise refuse("SESSIONS_LAB is for a SLACK_API_URL of this computer only: remove it.")
        return value


def variables() -> dict[str, str]:
    """Every variable that is read, and the field it fills, those for guests last."""
    inherited = set(GuestSettings.model_fields)
    fields = sorted(Settings.model_fields.items(), key=lambda one: one[0] in inherited)
    return {str(field.validation_alias): name for name, field in fields}


def _sentences(error: ValidationError) -> dict[str, str]:
    found: dict[str, str] = {}
    by_field = {field: name for name, field in variables().items()}
    for problem in error.errors(include_url=False, include_input=False):
        place = str(problem["loc"][0])  # the field's name when its default was refused
        name = by_field.get(place, place)
        ours = problem["type"] == "settings"
        found[name] = problem["msg"] if ours else f"{name} cannot be read: {problem['msg']}."
    return found


STAND_INS = {"SLACK_BOT_TOKEN": "xoxb-missing", "SLACK_SIGNING_SECRET": "missing"}


def survey(environ: Mapping[str, str] | None = None) -> tuple[Settings, dict[str, str]]:
    """Load settings in which defaults and stand-ins replace what is wrong, and the problems by variable.

    For commands that are useful with an incomplete environment: ``doctor`` and ``db upgrade``. Whoever
    calls it must not use a value whose variable is among the problems.
    """
    given = dict(os.environ if environ is None else environ)
    problems: dict[str, str] = {}
    while True:  # each turn replaces at least one variable by a value that passes
        try:
            return Settings.load(given), problems
        except ConfigError as error:
            problems.update(error.problems)
            for name in error.problems:
                given[name] = STAND_INS.get(name, "")
