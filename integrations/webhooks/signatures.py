"""Comparing signatures so that the time it takes tells nothing."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from models.errors import SettingInvalid, SignatureWrong, TooOld

_LONGEST_HEADER = 4096
_LATEST = 2**34


def variable(source: str) -> str:
    """The setting that holds a source's secrets."""
    return f"DUNLIN_{source.upper()}_WEBHOOK_SECRETS"


def live_secrets(source: str, secrets: Sequence[str]) -> tuple[str, ...]:
    """The secrets without the space around them.

    Raises:
        SettingInvalid: there is none, or one is blank.
    """
    stripped = tuple(secret.strip() for secret in secrets)
    if not stripped or not all(stripped):
        raise SettingInvalid(variable(source), "expected a secret, or several with commas between.")
    return stripped


def header(headers: Mapping[str, str], name: str) -> str:
    """A header's value, in ASCII and of a sensible length.

    Raises:
        SignatureWrong: it has none such.
    """
    value = headers.get(name, "").strip()
    if not value or len(value) > _LONGEST_HEADER or not value.isascii():
        raise SignatureWrong(f"the header {name} is missing, or is none that can be read")
    return value


def sha256(secrets: Iterable[str], message: bytes) -> list[bytes]:
    """HMAC-SHA256 of `message` by each secret."""
    return [hmac.digest(secret.encode(), message, hashlib.sha256) for secret in secrets]


def must_match(source: str, ours: Iterable[bytes], given: Iterable[str | bytes]) -> None:
    """Compare each of ours with each that was given, to the end even when one has matched.

    Raises:
        SignatureWrong: none of them match.
    """
    theirs = [one.encode() if isinstance(one, str) else one for one in given]
    matches = [hmac.compare_digest(one, other) for one in ours for other in theirs]
    if not any(matches):
        raise SignatureWrong(f"{source}: signed with none of the secrets")


def seconds(source: str, written: str) -> datetime:
    """The moment of a signature, from digits.

    Raises:
        SignatureWrong: these are no seconds since 1970.
    """
    if not written.isdecimal() or not written.isascii() or len(written) > 11:
        raise SignatureWrong(f"{source}: the signature has no time")
    number = int(written)
    if number > _LATEST or str(number) != written:
        raise SignatureWrong(f"{source}: the signature has no time")
    return datetime.fromtimestamp(number, UTC)


def must_be_fresh(source: str, made: datetime, now: datetime, tolerance: timedelta) -> None:
    """
    Raises:
        TooOld: a signature made then is too old by now, or comes from ahead of it.
    """
    if abs(now - made) > tolerance:
        raise TooOld(f"{source}: signed more than {tolerance} ago, or ahead of the time")
