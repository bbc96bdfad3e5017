"""What the environment says: every variable AgentDesk reads, checked before anything starts."""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
import sys
from pathlib import Path
from typing import Any, NoReturn, Self
from urllib.parse import quote

import dj_database_url
import dj_email_url
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from agentdesk.agent.providers.naming import UnknownModel, check_model, split_models

BASE_DIR = Path(__file__).resolve().parent.parent
LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
BARE_ADDRESS = re.compile(r"https?://(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?/?")
DATABASE_ENGINES = {"django.db.backends.sqlite3", "django.db.backends.postgresql"}


class Environment(BaseSettings):
    """One field per variable, named as the variable is; empty counts as not set. What is secret is not in its repr."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True)

    secret_key: str = Field("", repr=False)
    debug: bool = False
    demo: bool = False
    allowed_hosts: str = ""
    base_url: str = ""
    database_url: str = Field(f"sqlite:///{quote(str(BASE_DIR / 'var' / 'agentdesk.sqlite3'))}", repr=False)
    redis_url: str = Field("", repr=False)
    redis_prefix: str = Field("agentdesk", pattern=r"^[A-Za-z0-9_.-]{1,60}$")
    email_url: str = Field("", repr=False)
    agentdesk_model: str = "offline"
    agentdesk_small_model: str = ""
    anthropic_api_key: str = Field("", repr=False)
    anthropic_base_url: str = ""
    openai_api_key: str = Field("", repr=False)
    openai_base_url: str = ""
    bind: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    trust_proxy: bool = False
    api_calls_per_minute: int = Field(6000, ge=1)

    @field_validator("database_url")
    @classmethod
    def check_database_url(cls, value: str) -> str:
        try:
            parsed = dj_database_url.parse(value)
        except ValueError:
            raise ValueError("is not a database URL (postgresql://… or sqlite:///PATH)") from None
        if parsed["ENGINE"] not in DATABASE_ENGINES or not parsed["NAME"]:
            raise ValueError("must be postgresql://… or sqlite:///PATH")
        return value

    @field_validator("redis_url")
    @classmethod
    def check_redis_url(cls, value: str) -> str:
        if value and not value.startswith(("redis://", "rediss://")):
            raise ValueError("must be redis://… or rediss://…")
        return value

    @field_validator("email_url")
    @classmethod
    def check_email_url(cls, value: str) -> str:
        if value and value.partition(":")[0] not in dj_email_url.SCHEMES:
            raise ValueError(f"must start with one of {', '.join(dj_email_url.SCHEMES)}")
        return value

    @field_validator("anthropic_base_url", "openai_base_url")
    @classmethod
    def check_base_url(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must be http://… or https://…")
        return value

    @field_validator("base_url")
    @classmethod
    def check_address(cls, value: str) -> str:
        if value and not BARE_ADDRESS.fullmatch(value):
            raise ValueError("must be http://HOST or https://HOST, with a port or without, and nothing behind it")
        return value.rstrip("/")

    @model_validator(mode="after")
    def check_models(self) -> Self:
        for variable, names in (
            ("AGENTDESK_MODEL", split_models(self.agentdesk_model)),
            ("AGENTDESK_SMALL_MODEL", (self.agentdesk_small_model,) if self.agentdesk_small_model else ()),
        ):
            for name in names:
                try:
                    check_model(name, self.provider_variables)
                except UnknownModel as unknown:
                    raise ValueError(f"{variable}: {unknown}") from None
        if not split_models(self.agentdesk_model):
            raise ValueError("AGENTDESK_MODEL: names no model")
        return self

    @model_validator(mode="after")
    def check_demo_is_private(self) -> Self:
        if self.demo and not is_loopback(self.bind):
            raise ValueError("DEMO: signs anybody in, so BIND must be a loopback address")
        if self.demo and not self.is_sqlite:
            raise ValueError("DEMO: signs anybody in, so DATABASE_URL must be SQLite")
        return self

    @model_validator(mode="after")
    def check_production_has_a_secret(self) -> Self:
        if self.is_production and not self.secret_key:
            raise ValueError("SECRET_KEY: must be set when DATABASE_URL is PostgreSQL and DEBUG is off")
        return self

    @property
    def database(self) -> dict[str, Any]:
        return dict(dj_database_url.parse(self.database_url))

    @property
    def provider_variables(self) -> dict[str, str]:
        """What the providers of models are configured by."""
        return {
            "ANTHROPIC_API_KEY": self.anthropic_api_key,
            "ANTHROPIC_BASE_URL": self.anthropic_base_url,
            "OPENAI_API_KEY": self.openai_api_key,
            "OPENAI_BASE_URL": self.openai_base_url,
        }

    @property
    def is_sqlite(self) -> bool:
        return str(self.database["ENGINE"]).endswith("sqlite3")

    @property
    def is_production(self) -> bool:
        return not self.is_sqlite and not self.debug

    @property
    def data_dir(self) -> Path:
        """Where this installation keeps its files: beside the SQLite database, else var/."""
        name = str(self.database["NAME"])
        if not self.is_sqlite or name.startswith((":memory:", "file:")):
            return BASE_DIR / "var"
        return Path(name).resolve().parent

    @property
    def hosts(self) -> list[str]:
        """The names it answers to; always this machine's own, which health checks use."""
        named = [host.strip() for host in self.allowed_hosts.split(",") if host.strip()]
        return [*named, *LOOPBACK_HOSTS]

    @property
    def address(self) -> str:
        """Where people reach this desk, for links in mail: as told, else by its first name, else on this machine."""
        names = [name for name in self.hosts if name not in LOOPBACK_HOSTS and name.strip("*.") == name]
        if self.base_url:
            return self.base_url
        return f"https://{names[0]}" if names else f"http://127.0.0.1:{self.port}"


def is_loopback(host: str) -> bool:
    """Whether a host names this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def read_environment() -> Environment:
    """The checked environment; a wrong value ends the process with one line and exit code 2."""
    try:
        return Environment()
    except ValidationError as wrong:
        stop_start(describe_first_error(wrong))


def describe_first_error(wrong: ValidationError) -> str:
    """The first wrong variable and what is wrong with it, in one line."""
    error = wrong.errors()[0]
    text = str(error["msg"]).removeprefix("Value error, ")
    return f"{str(error['loc'][0]).upper()}: {text}" if error["loc"] else text


def stop_start(line: str) -> NoReturn:
    """Ends the process with one line and exit code 2."""
    sys.stderr.write(f"agentdesk: {line}\n")
    raise SystemExit(2)


def read_or_make_secret_key(environment: Environment) -> str:
    """SECRET_KEY, or one made once for this installation and kept in a file only its owner reads."""
    if environment.secret_key:
        return environment.secret_key
    path = environment.data_dir / "secret-key"
    if not path.exists():
        _write_new_secret(path)
    return path.read_text(encoding="ascii").strip()


def _write_new_secret(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".secret-key.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64) + "\n")
    # A link, not a rename: of two processes starting at once the first one's key stays.
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
