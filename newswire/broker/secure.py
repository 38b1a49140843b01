"""A guarded broker of one's own, with all that is needed to use it: certificates, a user for each principal, and the rules they are under.

Everything is in the folder `security` beside the broker's data, readable for its owner only. Once it is there, the broker on that data is
never started unguarded again.
"""

from __future__ import annotations

import secrets
import shlex
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from newswire import acls
from newswire.broker.errors import EmbeddedBrokerError
from newswire.broker.guard import BROKER_USER, Guard
from newswire.broker.ports import HOST
from newswire.log.client import Connection

FOLDER: Final = "security"
CLIENTS: Final = "clients"
_AUTHORITY, _AUTHORITY_KEY, _BROKER = "authority.pem", "authority.key", "broker.pem"
_MECHANISM: Final = "SCRAM-SHA-512"
_RENEW_DAYS: Final = 60.0


def guard_for(data_dir: Path) -> Guard:
    """Return the guard of the broker on this data folder; make its certificates where they are missing or soon out of date.

    Raises EmbeddedBrokerError when they cannot be made or read.
    """
    if find_spec("cryptography") is None:
        raise EmbeddedBrokerError(
            "a guarded broker needs certificates, and the library that makes them is not installed",
            where=data_dir / FOLDER,
            todo="pip install 'newswire[secure]'",
        )
    from newswire.broker.certificates import days_left, new_authority, read_authority, write_secret

    folder = data_dir / FOLDER
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (folder / _AUTHORITY).exists():
            authority = new_authority("newswire broker")
            write_secret(folder / _AUTHORITY_KEY, authority.key_pem())
            write_secret(folder / _AUTHORITY, authority.pem())
        authority = read_authority((folder / _AUTHORITY).read_bytes(), (folder / _AUTHORITY_KEY).read_bytes())
        certificate = folder / _BROKER
        if not certificate.exists() or days_left(certificate.read_bytes()) < _RENEW_DAYS:
            write_secret(certificate, authority.issue(BROKER_USER, [HOST, "localhost"]))
    except (OSError, ValueError) as error:
        raise EmbeddedBrokerError(
            f"the broker's certificates cannot be made or read: {error}",
            where=folder,
            todo="restore the folder from a backup, or remove it: then new ones are made, and every client needs the new authority",
        ) from error
    return Guard("SASL_SSL", (_MECHANISM,), certificate=certificate, ca=folder / _AUTHORITY, authorize=True)


def open_doors(data_dir: Path, bootstrap: str, guard: Guard, namespace: str = "") -> Path:
    """Make a user and rules for each principal on the running broker; return the folder with a file of settings for each.

    Users keep their passwords. Raises BrokerError.
    """
    from newswire.log.rights import admit, allow

    folder = data_dir / FOLDER / CLIENTS
    folder.mkdir(mode=0o700, exist_ok=True)
    names = [principal.name for principal in acls.principals()]
    to = Connection(bootstrap, guard.security())
    admit(to, {name: _password(folder / f"{name}.password") for name in names}, _MECHANISM)
    allow(to, acls.grants(namespace))
    for name in names:
        (folder / f"{name}.env").write_text(_settings(name, folder, bootstrap, guard), encoding="utf-8")
    return folder


def _password(path: Path) -> str:
    from newswire.broker.certificates import write_secret

    if not path.exists():
        write_secret(path, secrets.token_urlsafe(32).encode())
    return path.read_text(encoding="ascii").strip()


def _settings(name: str, folder: Path, bootstrap: str, guard: Guard) -> str:
    """Return the settings by which one principal comes in, for a shell or for compose. The password is not among them, only its file."""
    values = {
        "KAFKA_BOOTSTRAP_SERVERS": bootstrap,
        "NEWSWIRE_SECURITY_PROTOCOL": guard.protocol,
        "NEWSWIRE_SSL_CAFILE": str(guard.ca),
        "NEWSWIRE_SASL_MECHANISM": _MECHANISM,
        "NEWSWIRE_SASL_USERNAME": name,
        "NEWSWIRE_SASL_PASSWORD_FILE": str(folder / f"{name}.password"),
    }
    return "".join(f"{variable}={shlex.quote(value)}\n" for variable, value in values.items())
