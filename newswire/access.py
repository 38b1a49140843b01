"""How we get into Kafka, from the settings: what the Kafka client is given. What does not fit together is refused at once."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from newswire.errors import UsageError
from newswire.log.client import token_provider
from newswire.log.oauth import ClientCredentials

if TYPE_CHECKING:
    from newswire.config import Settings

_LONGEST_SECRET: Final = 64 * 1024  # bytes


def security(settings: Settings) -> dict[str, Any]:
    """Return kafka-python's security settings. Raises UsageError, which names the variable that is wrong; no secret is in its message."""
    found: dict[str, Any] = {"security_protocol": settings.security_protocol}
    if settings.security_protocol.endswith("SSL"):
        found |= _tls(settings)
    if settings.security_protocol.startswith("SASL"):
        found |= _login(settings)
    elif settings.sasl_mechanism is not None:
        raise UsageError(
            f"NEWSWIRE_SASL_MECHANISM is set, but NEWSWIRE_SECURITY_PROTOCOL={settings.security_protocol} has no login: set it to SASL_SSL"
        )
    return found


def _tls(settings: Settings) -> dict[str, Any]:
    found: dict[str, Any] = {"ssl_check_hostname": settings.ssl_check_hostname}
    for name in ("ssl_cafile", "ssl_certfile", "ssl_keyfile"):
        path: Path | None = getattr(settings, name)
        if path is not None:
            if not path.is_file():
                raise UsageError(f"NEWSWIRE_{name.upper()}={path}: there is no such file")
            found[name] = str(path)
    password = _secret(settings, "ssl_key_password")
    if password is not None:
        found["ssl_password"] = password
    return found


def _login(settings: Settings) -> dict[str, Any]:
    mechanism = settings.sasl_mechanism
    if mechanism is None:
        raise UsageError(
            f"NEWSWIRE_SECURITY_PROTOCOL={settings.security_protocol} needs NEWSWIRE_SASL_MECHANISM: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 "
            "or OAUTHBEARER"
        )
    if mechanism == "OAUTHBEARER":
        return {
            "sasl_mechanism": mechanism,
            "sasl_oauth_token_provider": token_provider(_credentials(settings).token),
        }
    password = _secret(settings, "sasl_password")
    if not settings.sasl_username or not password:
        raise UsageError(
            f"NEWSWIRE_SASL_MECHANISM={mechanism} needs NEWSWIRE_SASL_USERNAME and NEWSWIRE_SASL_PASSWORD (or NEWSWIRE_SASL_PASSWORD_FILE)"
        )
    return {
        "sasl_mechanism": mechanism,
        "sasl_plain_username": settings.sasl_username,
        "sasl_plain_password": password,
    }


def _credentials(settings: Settings) -> ClientCredentials:
    secret = _secret(settings, "oauth_client_secret")
    if not settings.oauth_token_url or not settings.oauth_client_id or not secret:
        raise UsageError(
            "NEWSWIRE_SASL_MECHANISM=OAUTHBEARER needs NEWSWIRE_OAUTH_TOKEN_URL, NEWSWIRE_OAUTH_CLIENT_ID and NEWSWIRE_OAUTH_CLIENT_SECRET "
            "(or NEWSWIRE_OAUTH_CLIENT_SECRET_FILE)"
        )
    url = urlsplit(settings.oauth_token_url)
    if url.scheme != "https" and not (url.scheme == "http" and _is_loopback(url.hostname)):
        raise UsageError(
            f"NEWSWIRE_OAUTH_TOKEN_URL={settings.oauth_token_url}: the secret is sent there, so it must be https (http on loopback only)"
        )
    return ClientCredentials(
        settings.oauth_token_url,
        settings.oauth_client_id,
        secret,
        scope=settings.oauth_scope,
        ca=settings.oauth_cafile,
    )


def _is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _secret(settings: Settings, name: str) -> str | None:
    """Return a secret from its variable, or from the file that `…_FILE` names: a secret of a container is a file."""
    given: SecretStr | None = getattr(settings, name)
    path: Path | None = getattr(settings, f"{name}_file")
    variable = f"NEWSWIRE_{name.upper()}"
    if path is None:
        return None if given is None else given.get_secret_value()
    if given is not None:
        raise UsageError(f"{variable} and {variable}_FILE are both set: set one of them")
    try:
        with path.open("rb") as file:
            text = file.read(_LONGEST_SECRET).decode()
    except OSError as error:
        raise UsageError(f"{variable}_FILE={path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{variable}_FILE={path} is not text in UTF-8") from None
    # Editors and `echo` end a file with a line break, which no secret means.
    text = text.removesuffix("\n").removesuffix("\r")
    if not text:
        raise UsageError(f"{variable}_FILE={path} is empty")
    return text
