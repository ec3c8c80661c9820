"""Tokens of an app that somebody at the firm let into a billing system, and who keeps them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Tokens:
    """What an app holds (RFC 6749 §1.5). Without `access_token` it has not been asked for yet."""

    refresh_token: str = field(repr=False)
    access_token: str = field(default="", repr=False)
    expires_at: datetime | None = None


class TokenKeeper(Protocol):
    """Keeps one app's tokens between two starts, and for all workers alike.

    Every renewal may bring another refresh token and end the one before, so what `keep` was given
    last is what `load` has to answer. Before there is any, it answers with the first one, as the
    settings have it; and again when the settings have a new one since.
    """

    async def load(self) -> Tokens:
        """The tokens kept last."""

    async def keep(self, tokens: Tokens) -> None:
        """Keep these from now on. They are not used before this has returned."""
