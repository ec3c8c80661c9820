"""Tokens of billing systems, kept between two starts and for all workers alike."""

import json
from datetime import datetime
from hashlib import sha256

from sqlmodel import Session

from integrations.registers.tokens import Tokens
from models.tables import RegisterMark
from store.database import Database
from store.sealing import Seal


class KeptTokens:
    """The tokens of one source, sealed in the database (`TokenKeeper`).

    `first` is the refresh token that somebody set; one that was set anew since counts instead of
    what was kept.
    """

    def __init__(self, database: Database, seal: Seal, source: str, first: str) -> None:
        self._database = database
        self._seal = seal
        self._source = source
        self._first = first
        self._mark = sha256(first.encode()).hexdigest()

    async def load(self) -> Tokens:
        """The tokens kept last, or the first ones.

        Raises:
            SettingInvalid: they were sealed with another key.
        """
        sealed = await self._database.read(self._sealed)
        if not sealed:
            return Tokens(self._first)
        kept = json.loads(self._seal.open(sealed))
        if kept["first"] != self._mark:
            return Tokens(self._first)
        expires = kept["expires_at"]
        return Tokens(
            refresh_token=kept["refresh_token"],
            access_token=kept["access_token"],
            expires_at=datetime.fromisoformat(expires) if expires else None,
        )

    async def keep(self, tokens: Tokens) -> None:
        """Keep these from now on."""
        sealed = self._seal.close(
            json.dumps(
                {
                    "first": self._mark,
                    "refresh_token": tokens.refresh_token,
                    "access_token": tokens.access_token,
                    "expires_at": tokens.expires_at.isoformat() if tokens.expires_at else "",
                }
            )
        )

        def write(session: Session) -> None:
            mark = session.get(RegisterMark, self._source) or RegisterMark(source=self._source)
            mark.tokens = sealed
            session.add(mark)

        await self._database.write(write)

    def _sealed(self, session: Session) -> str:
        mark = session.get(RegisterMark, self._source)
        return mark.tokens if mark else ""
