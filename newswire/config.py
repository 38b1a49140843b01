"""Configuration: environment variables, and nothing else. The command line sets some of them for one run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from newswire import topology
from newswire.errors import UsageError
from newswire.log.client import Connection


def beside(data_dir: Path | None) -> Path:
    """Return where the state is that belongs to a broker's data folder, unless the settings say otherwise."""
    if data_dir is None:
        return Path(platformdirs.user_data_dir("newswire", appauthor=False)) / "state"
    return data_dir / "state"


def _whole(folder: Path) -> Path:
    return folder.expanduser().absolute()


class Settings(BaseSettings):
    """All settings. Each is read from `NEWSWIRE_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="NEWSWIRE_", use_attribute_docstrings=True)

    data_dir: Path | None = None
    """Where the embedded broker keeps its data. Default: the user's data folder."""
    state_dir: Annotated[Path, Field(default_factory=lambda given: beside(given.get("data_dir")))]
    """Where stages and sources keep their local copies of state. Deleting it loses nothing. Default: `state` in the broker's data folder
    where that is named (NEWSWIRE_DATA_DIR, --data-dir), else in the user's data folder."""
    sources: Path = Path(platformdirs.user_config_dir("newswire", appauthor=False)) / "sources.toml"
    """The list of sources (docs/sources.md)."""
    contact_url: str | None = None
    """Page or mailto: that says who fetches, and how to make it stop. It goes into every request, and fetching needs it."""
    fetch_interval: Annotated[float, Field(ge=0)] = 1.0
    """Seconds between two requests to one host, at least; its robots.txt may ask for more."""
    fetch_threads: Annotated[int, Field(ge=1, le=256)] = 16
    """Hosts that are asked at the same time."""
    loopback_ports: Annotated[str, Field(pattern=r"^(\d{1,5}(,\d{1,5})*)?$")] = ""
    """Ports of this machine that may be fetched from (`8080,8081`). For tests: what a feed links to can reach them too."""
    websub_url: str | None = None
    """Address under which hubs of WebSub reach `newswire produce feeds` (`https://push.example.org`); without it, feeds are only polled."""
    websub_host: str = "127.0.0.1"
    """Address that it listens on for them: this machine only, where something forwards, unless it says otherwise."""
    websub_port: Annotated[int, Field(ge=1, le=65535)] = 8081
    """Port that it listens on for them."""
    partitions: Annotated[int, Field(ge=1, le=1000)] = topology.PARTITIONS
    """Partitions of topics that are created."""
    retention_days: Annotated[int, Field(ge=1)] = 30
    """How long raw records are kept."""
    namespace: Annotated[str, Field(pattern=r"^([A-Za-z0-9_-]+\.)?$")] = ""
    """Put before all names in Kafka (`test.`), so that several pipelines can share one."""
    lane: Annotated[str, Field(pattern=r"^([a-z0-9][a-z0-9-]*)?$")] = ""
    """A pipeline beside the live one, with topics, groups and state of its own (`backfill`): its processes give way to others."""
    lane_rate: Annotated[float, Field(gt=0)] = 20.0
    """Records a second that each stage process of a lane takes at most, so that the live lane keeps its latency."""
    slot: Annotated[int, Field(ge=0)] = 0
    """Which place of its stage a stage process takes: one process per slot, any number of slots up to the partitions."""
    standby: bool = False
    """Whether a stage process keeps the state of partitions warm that other slots hold, so that it can take them over at once."""
    metrics_port: Annotated[int, Field(ge=0, le=65535)] = 0
    """Port of the Prometheus endpoint; 0 for none."""
    metrics_host: str = "127.0.0.1"
    """Address that it listens on: this machine only, unless it says otherwise (`0.0.0.0`: all, as in a container)."""
    push_senders: Path | None = None
    """TOML file of who may push articles, and by what they are known: `docs/push.md`."""
    max_reject_share: Annotated[float, Field(gt=0)] = 0.5
    """A stage stops when more than this share of the last 1,000 records was rejected; above 1: never."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Least level of log lines on standard error."""
    log_format: Literal["auto", "json", "text"] = "auto"
    """Log lines as JSON or for people; `auto`: for people on a terminal."""
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    """How to talk to Kafka."""
    ssl_cafile: Path | None = None
    """Certificate authority of the broker (PEM). Default: those that the system trusts."""
    ssl_certfile: Path | None = None
    """Client certificate (PEM), where the broker wants one."""
    ssl_keyfile: Path | None = None
    """Its key (PEM)."""
    ssl_key_password: SecretStr | None = None
    """Password of that key, if it has one."""
    ssl_key_password_file: Path | None = None
    """File that holds it instead."""
    ssl_check_hostname: bool = True
    """Whether the broker's certificate must be for the name that we call it by. Without, any certificate of that authority will do."""
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"] | None = None
    """How to log in."""
    sasl_username: str | None = None
    """User, for PLAIN and SCRAM."""
    sasl_password: SecretStr | None = None
    """Password, for PLAIN and SCRAM."""
    sasl_password_file: Path | None = None
    """File that holds it instead, as containers are given secrets."""
    oauth_token_url: str | None = None
    """Token endpoint of the issuer, for OAUTHBEARER (client credentials): https, or http on loopback."""
    oauth_client_id: str | None = None
    """Who we are to the issuer."""
    oauth_client_secret: SecretStr | None = None
    """Our secret with the issuer."""
    oauth_client_secret_file: Path | None = None
    """File that holds it instead."""
    oauth_scope: str | None = None
    """Scope to ask for, if the issuer wants one."""
    oauth_cafile: Path | None = None
    """Certificate authority of the token endpoint (PEM). Default: those that the system trusts."""

    @field_validator("data_dir")
    @classmethod
    def _wholly(cls, data_dir: Path | None) -> Path | None:
        return data_dir and _whole(data_dir)

    @field_validator("oauth_token_url")
    @classmethod
    def _no_login_in_it(cls, url: str | None) -> str | None:
        if "@" in urlsplit(url or "").netloc:
            # Addresses are shown, in settings and in messages; what is in the settings for secrets is not.
            raise ValueError(
                "an address must hold no user or password: NEWSWIRE_OAUTH_CLIENT_ID and _SECRET are for that"
            )
        return url

    @property
    def stages_dir(self) -> Path:
        """Where the stages of this pipeline keep their copies of state: a lane's are its own."""
        return self.state_dir / f"lane-{self.lane}" if self.lane else self.state_dir

    def kept_in(self, data_dir: Path | None) -> Settings:
        """Return the settings for a data folder named on the command line: the same as when NEWSWIRE_DATA_DIR names it."""
        if data_dir is None:
            return self
        kept = {"data_dir": _whole(data_dir)}
        if "state_dir" not in self.model_fields_set:
            kept["state_dir"] = beside(_whole(data_dir))
        return self.model_copy(update=kept)

    def connection(self, bootstrap_servers: str) -> Connection:
        """Return how to reach Kafka at the given servers. Raises UsageError when the settings for that do not fit together."""
        from newswire.access import security

        lane = f"{self.lane}." if self.lane else ""
        return Connection(bootstrap_servers, security(self), self.namespace + lane)


def load() -> Settings:
    """Return the settings; UsageError names the variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"NEWSWIRE_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}"
            for e in error.errors(include_input=False)
        )
        raise UsageError(f"the environment is not right: {wrong}") from None


def bootstrap_from_environment() -> str | None:
    """Return `KAFKA_BOOTSTRAP_SERVERS`, or None where it is not set."""
    return os.environ.get("KAFKA_BOOTSTRAP_SERVERS") or None
