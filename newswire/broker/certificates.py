"""Certificates for a broker of one's own: an authority, and what it signs. Needs the library `cryptography` (`newswire[secure]`)."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

_AUTHORITY_DAYS = 3650
_DAYS = 397  # what browsers take at most; a broker's is renewed at its starts
_SKEW = timedelta(hours=1)  # clocks that are behind must not take a new certificate for one of the future


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate authority with its key."""

    certificate: x509.Certificate
    key: EllipticCurvePrivateKey

    def issue(
        self, name: str, hosts: Sequence[str] = (), *, days: float = _DAYS, now: datetime | None = None
    ) -> bytes:
        """Return a new key and its certificate in PEM, for servers called `hosts` and for clients called `name`."""
        from cryptography import x509
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.x509.oid import ExtendedKeyUsageOID

        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(name, self.certificate.subject, key.public_key(), days, now).add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),
            critical=False,
        )
        if hosts:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([_name(host) for host in hosts]), critical=False
            )
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
        )
        return _key_pem(key) + _certificate_pem(_signed(builder, self.key))

    def pem(self) -> bytes:
        """Return its certificate, for those who are to trust it."""
        return _certificate_pem(self.certificate)

    def key_pem(self) -> bytes:
        """Return its key, which only it may have."""
        return _key_pem(self.key)


def new_authority(name: str) -> Authority:
    """Return a new authority."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        _builder(name, None, key.public_key(), _AUTHORITY_DAYS, None)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False, key_encipherment=False,
                data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )  # fmt: skip
    return Authority(_signed(builder, key), key)


def read_authority(certificate: bytes, key: bytes) -> Authority:
    """Return the authority that was written as PEM. Raises ValueError when it is none."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    loaded = load_pem_private_key(key, None)
    if not isinstance(loaded, ec.EllipticCurvePrivateKey):
        raise ValueError("the authority's key is none of ours: an elliptic curve's is expected")  # noqa: TRY004 - the file is wrong
    return Authority(x509.load_pem_x509_certificate(certificate), loaded)


def days_left(pem: bytes) -> float:
    """Return how many days the first certificate in `pem` is good for. Raises ValueError when there is none."""
    from cryptography import x509

    expires = x509.load_pem_x509_certificate(pem).not_valid_after_utc
    return (expires - datetime.now(UTC)) / timedelta(days=1)


def write_secret(path: Path, data: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    temporary = path.with_name(f"{path.name}.tmp")
    temporary.unlink(missing_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    temporary.replace(path)


def _builder(
    name: str, issuer: x509.Name | None, public_key: Any, days: float, now: datetime | None
) -> x509.CertificateBuilder:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begins = (now or datetime.now(UTC)) - _SKEW
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + _SKEW + timedelta(days=days))
    )


def _signed(builder: x509.CertificateBuilder, key: EllipticCurvePrivateKey) -> x509.Certificate:
    from cryptography.hazmat.primitives import hashes

    return builder.sign(key, hashes.SHA256())


def _name(host: str) -> x509.GeneralName:
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _key_pem(key: EllipticCurvePrivateKey) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    # PKCS 8: the one form that Kafka reads.
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _certificate_pem(certificate: x509.Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.PEM)
