"""Getting in: one connection up to the login, made by hand, so that what is wrong can be told.

The Kafka client only says that it could not connect, after ten seconds of trying, whatever the cause: a wrong password, an expired
certificate and a broker that is off all look the same. Here each step is taken once, and its failure names the setting to look at.

What the other side says is an AccessError: trying again does not help. That it closes the connection without a word is a BrokerError: a
broker that is being killed does that as well, or a proxy with none behind it; a stage that took it for an answer would never come back.
"""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Mapping
from typing import Any, Final

from newswire.errors import AccessError, BrokerError
from newswire.log.client import Connection, sasl_mechanism

_API_VERSIONS, _SASL_HANDSHAKE, _SASL_AUTHENTICATE, _METADATA = 18, 17, 36, 3
_TLS_ALERT: Final = 0x15
_LONGEST: Final = 1 << 20
_EXPIRED, _NOT_YET, _WRONG_NAME, _WRONG_ADDRESS = 10, 9, 62, 64
"""X509_V_ERR_* of OpenSSL."""
_NO_LOGIN: Final = (
    "{address} takes no login on this listener: NEWSWIRE_SECURITY_PROTOCOL={protocol} is not what it speaks"
)
Security = Mapping[str, Any]


def knock(to: Connection, *, timeout: float = 5.0) -> None:
    """Connect to the first broker that answers, log in, and ask it something. `timeout` in seconds, for each step.

    Raises AccessError when it does not let us in, BrokerError when it closes the connection, OSError when none answers.
    """
    last: OSError | None = None
    for address in to.bootstrap_servers.split(","):
        host, _, port = address.strip().rpartition(":")
        if not port.isdecimal():
            continue  # the client says what is wrong with it
        try:
            with enter(host.strip("[]"), int(port), to.security, timeout=timeout) as connection:
                _ask(connection, _METADATA, 2, struct.pack(">i", 0))
        except _ClosedError:
            raise BrokerError(
                f"{address} closes the connection unless one logs in: set NEWSWIRE_SECURITY_PROTOCOL to SASL_SSL (or SASL_PLAINTEXT), and "
                "NEWSWIRE_SASL_MECHANISM with what it needs"
            ) from None
        except OSError as error:
            last = error
        else:
            return
    if last is not None:
        raise last


def enter(host: str, port: int, security: Security, *, timeout: float) -> socket.socket:
    """Return a connection to `host:port` that is encrypted and logged in as `security` says (`Connection.security`).

    Raises AccessError when the broker does not let us in, BrokerError when it closes the connection, OSError when nothing answers.
    `timeout` in seconds, for each step.
    """
    protocol = str(security.get("security_protocol", "PLAINTEXT"))
    address = f"{host}:{port}"
    context = _tls_context(security) if protocol.endswith("SSL") else None
    connection = socket.create_connection((host, port), timeout=timeout)
    try:
        if context is not None:
            connection = _encrypted(connection, context, host, address)
        _greet(connection, address, security)
        if protocol.startswith("SASL"):
            _log_in(connection, host, address, security)
    except BaseException:
        connection.close()
        raise
    return connection


class _ClosedError(ConnectionError):
    """The other side closed the connection."""


def _tls_context(security: Security) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = bool(security.get("ssl_check_hostname", True))
    authority = security.get("ssl_cafile")
    try:
        if authority:
            context.load_verify_locations(authority)
        else:
            context.load_default_certs()
    except (OSError, ssl.SSLError) as error:
        raise AccessError(f"NEWSWIRE_SSL_CAFILE={authority} cannot be used: {_reason(error)}") from None
    if security.get("ssl_certfile"):
        try:
            context.load_cert_chain(
                security["ssl_certfile"], security.get("ssl_keyfile"), security.get("ssl_password") or ""
            )
        except (OSError, ssl.SSLError) as error:
            raise AccessError(
                f"the client certificate cannot be used ({_reason(error)}): look at NEWSWIRE_SSL_CERTFILE={security['ssl_certfile']}, "
                f"NEWSWIRE_SSL_KEYFILE={security.get('ssl_keyfile')} and NEWSWIRE_SSL_KEY_PASSWORD"
            ) from None
    return context


def _encrypted(plain: socket.socket, context: ssl.SSLContext, host: str, address: str) -> ssl.SSLSocket:
    try:
        return context.wrap_socket(plain, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        raise AccessError(_certificate_fault(error, host, address)) from None
    except ConnectionRefusedError:
        raise
    except (ssl.SSLError, ConnectionError) as error:
        without_a_word = isinstance(error, ssl.SSLEOFError | ConnectionError)
        raise (BrokerError if without_a_word else AccessError)(
            f"{address} does not speak TLS ({_reason(error)}): NEWSWIRE_SECURITY_PROTOCOL asks for it, and this may be a "
            "plaintext listener"
        ) from None


def _certificate_fault(error: ssl.SSLCertVerificationError, host: str, address: str) -> str:
    what = f"the certificate of {address} is not accepted: {error.verify_message}"
    if error.verify_code in {_EXPIRED, _NOT_YET}:
        return f"{what}. Its owner must renew it, or the authority in NEWSWIRE_SSL_CAFILE is out of date, or this machine's clock is wrong"
    if error.verify_code in {_WRONG_NAME, _WRONG_ADDRESS}:
        return (
            f"{what}. It is not for {host}: name the broker as its certificate does (--bootstrap-servers, KAFKA_BOOTSTRAP_SERVERS). "
            "NEWSWIRE_SSL_CHECK_HOSTNAME=false would take any name, and anyone's certificate of that authority"
        )
    return f"{what}. NEWSWIRE_SSL_CAFILE must be the authority that signed it"


def _greet(connection: socket.socket, address: str, security: Security) -> None:
    """Ask for the versions, which every listener tells everyone; TLS 1.3 refuses a client's certificate only in its first answer."""
    try:
        _ask(connection, _API_VERSIONS, 0, b"", check_tls=True)
    except _TlsThereError:
        raise AccessError(
            f"{address} speaks TLS, and NEWSWIRE_SECURITY_PROTOCOL is {security.get('security_protocol', 'PLAINTEXT')}: set it to "
            "SSL or SASL_SSL"
        ) from None
    except ssl.SSLError as error:
        raise AccessError(
            f"{address} refuses our certificate ({_reason(error)}): it wants one of an authority that it knows, in NEWSWIRE_SSL_CERTFILE, "
            "with its key in NEWSWIRE_SSL_KEYFILE"
        ) from None
    except TimeoutError:
        raise
    except ConnectionError as error:
        if isinstance(connection, ssl.SSLSocket):
            raise BrokerError(
                f"{address} closes the encrypted connection at once ({_reason(error)}): it may want a client certificate "
                "(NEWSWIRE_SSL_CERTFILE), or be no Kafka"
            ) from None
        raise BrokerError(
            f"{address} closes the connection at the first request ({_reason(error)}): it may speak TLS (NEWSWIRE_SECURITY_PROTOCOL=SSL or "
            "SASL_SSL), be a broker that is just ending, or be no Kafka"
        ) from None


def _log_in(connection: socket.socket, host: str, address: str, security: Security) -> None:
    name = str(security.get("sasl_mechanism"))
    try:
        answer = _ask(connection, _SASL_HANDSHAKE, 1, _text(name))
    except _ClosedError:
        raise BrokerError(_NO_LOGIN.format(address=address, protocol=security["security_protocol"])) from None
    (code,) = struct.unpack_from(">h", answer)
    if code:
        offered = _offered(answer)
        if not offered:
            raise AccessError(_NO_LOGIN.format(address=address, protocol=security["security_protocol"]))
        raise AccessError(
            f"{address} does not take NEWSWIRE_SASL_MECHANISM={name}, but {', '.join(offered)}: set it to one of them"
        )
    mechanism = sasl_mechanism(name, host, security)
    while not mechanism.is_done():
        data = mechanism.auth_bytes()
        try:
            answer = _ask(connection, _SASL_AUTHENTICATE, 0, struct.pack(">i", len(data)) + data)
            code, message, reply = _authenticated(answer)
            if not code:
                mechanism.receive(reply)
        except ValueError as error:
            code, message = -1, str(error)
        except _ClosedError as error:
            raise BrokerError(
                f"{address} closes the connection instead of letting us in ({error}): {_who(name, security)}"
            ) from None
        if code:
            raise AccessError(f"{address} does not let us in ({message}): {_who(name, security)}")


def _who(mechanism: str, security: Security) -> str:
    if mechanism == "OAUTHBEARER":
        return (
            "it does not accept the token. It may have expired, be meant for another audience (NEWSWIRE_OAUTH_SCOPE) or come from another "
            "issuer (NEWSWIRE_OAUTH_TOKEN_URL); compare the clocks of the three machines"
        )
    return (
        f"look at NEWSWIRE_SASL_USERNAME={security.get('sasl_plain_username')} and NEWSWIRE_SASL_PASSWORD (or …_FILE), and "
        f"whether the broker knows this user for {mechanism}"
    )


def _offered(answer: bytes) -> list[str]:
    """Read an answer to SaslHandshake: the mechanisms that the listener takes."""
    (count,) = struct.unpack_from(">i", answer, 2)
    at, names = 6, []
    for _ in range(count):
        (size,) = struct.unpack_from(">h", answer, at)
        names.append(answer[at + 2 : at + 2 + size].decode("ascii", "replace"))
        at += 2 + size
    return names


def _authenticated(answer: bytes) -> tuple[int, str, bytes]:
    """Read an answer to SaslAuthenticate, version 0: error code, error message, and the mechanism's own bytes."""
    code, size = struct.unpack_from(">hh", answer)
    at = 4 + max(size, 0)
    message = answer[4:at].decode("utf-8", "replace") or f"error {code}"
    (size,) = struct.unpack_from(">i", answer, at)
    return code, message, answer[at + 4 : at + 4 + max(size, 0)]


class _TlsThereError(ConnectionError):
    """The answer is TLS."""


def _ask(connection: socket.socket, api: int, version: int, body: bytes, *, check_tls: bool = False) -> bytes:
    """Send one request of the Kafka protocol, in its old encoding; return the answer's body."""
    request = struct.pack(">hhi", api, version, 1) + _text("newswire") + body
    connection.sendall(struct.pack(">i", len(request)) + request)
    head = _read(connection, 4)
    if check_tls and head[0] == _TLS_ALERT:
        raise _TlsThereError
    (size,) = struct.unpack(">i", head)
    if not 4 <= size <= _LONGEST:
        raise _ClosedError("what answers does not speak Kafka")
    return _read(connection, size)[4:]


def _read(connection: socket.socket, count: int) -> bytes:
    got = b""
    while len(got) < count:
        more = connection.recv(count - len(got))
        if not more:
            raise _ClosedError("the connection was closed")
        got += more
    return got


def _text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack(">h", len(raw)) + raw


def _reason(error: Exception) -> str:
    return str(getattr(error, "reason", None) or getattr(error, "strerror", None) or error)
