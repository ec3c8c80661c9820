"""Secrets that have to be kept in the database: encrypted with a key that is not there."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken

from models.errors import SettingInvalid

_VARIABLE = "DUNLIN_SECRET_KEY"
_SHORTEST = 32


class Seal:
    """Encrypts and proves with one key (Fernet: AES-128-CBC and HMAC-SHA256).

    Raises:
        SettingInvalid: the key is shorter than 32 characters; it is not quoted.
    """

    def __init__(self, key: str) -> None:
        if len(key) < _SHORTEST:
            raise SettingInvalid(
                _VARIABLE,
                f"expected {_SHORTEST} random characters or more. Make some with: "
                "openssl rand -base64 32",
            )
        self._fernet = Fernet(urlsafe_b64encode(sha256(key.encode()).digest()))

    def close(self, text: str) -> str:
        """The text, for nobody to read who has not the key."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """The text again.

        Raises:
            SettingInvalid: it was sealed with another key, or changed since.
        """
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise SettingInvalid(
                _VARIABLE, "is not the key that what is kept was encrypted with."
            ) from None
