"""A keeper of tokens that keeps them in memory, and can be away."""

from dataclasses import dataclass, field

from integrations.registers import Tokens
from models.errors import DatabaseUnavailable


@dataclass
class Keeper:
    """`kept` is all that was ever kept, the first tokens before it."""

    kept: list[Tokens] = field(default_factory=lambda: [Tokens("first refresh token")])
    is_away: bool = False

    async def load(self) -> Tokens:
        return self.kept[-1]

    async def keep(self, tokens: Tokens) -> None:
        if self.is_away:
            raise DatabaseUnavailable("made up")
        self.kept.append(tokens)
