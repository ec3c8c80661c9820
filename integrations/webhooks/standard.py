"""Secrets of Standard Webhooks (standardwebhooks.com, version 1.0.0)."""

import re
from base64 import b64decode
from collections.abc import Sequence

from standardwebhooks import Webhook

from models.errors import SettingInvalid

_WRITTEN = re.compile(r"whsec_([A-Za-z0-9+/]+)={0,2}")
# What the specification asks of a secret, in octets.
_SHORTEST, _LONGEST = 24, 64


def signers(variable: str, secrets: Sequence[str]) -> list[Webhook]:
    """What signs with each of `secrets`: `whsec_` and 24 to 64 octets in base64.

    Raises:
        SettingInvalid: there is none, or one is not so written; no secret is quoted.
    """
    keys = [_key(secret.strip()) for secret in secrets]
    if not keys or not all(_SHORTEST <= len(key) <= _LONGEST for key in keys):
        raise SettingInvalid(
            variable,
            f"expected whsec_ and {_SHORTEST} to {_LONGEST} random octets in base64. Make one with:"
            ' echo "whsec_$(openssl rand -base64 32)"',
        )
    # As octets: from text the package would drop what is no base64, and sign with what is left.
    return [Webhook(key) for key in keys]


def _key(secret: str) -> bytes:
    """The octets of `secret`; none when it is not written as one."""
    written = _WRITTEN.fullmatch(secret)
    if written is None or len(written[1]) % 4 == 1:
        return b""
    return b64decode(written[1] + "=" * (-len(written[1]) % 4))
