"""What every register outside does: tell what is in it page by page, and tell of one object."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from models.billing import News, ObjectChanged, RegisterPage


class RegisterSource(Protocol):
    """Invoices, customers and payments of a billing system, read over HTTP.

    Raises (every method):
        PeerUnavailable: it does not answer now; with its `Retry-After` where it gave one.
        PeerRefused: it refuses, or answers what cannot be read; asking again does not help.
    """

    name: str

    async def page(self, since: datetime | None, cursor: str) -> RegisterPage:
        """The page at `cursor` ("" for the first) of what changed from `since` on: all that is
        open where it is None. Asking for the same page again is harmless."""

    async def fetch(self, changed: ObjectChanged) -> Sequence[News]:
        """The object as it is now; for one that is no more, what that means."""

    async def close(self) -> None:
        """Let go of all connections."""
