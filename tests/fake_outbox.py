"""A mail transport that keeps letters in a list and fails on request."""

from collections.abc import Callable

from integrations.mail.transport import Accepted, GoAhead, ask_leave
from models.letter import Envelope

Trouble = Callable[[Envelope], Exception | None]


class FakeOutbox:
    """`sent` are the letters that left, alerts to our own people apart in `alerts`.

    `trouble`, when set, may name an error to raise instead of sending.
    """

    def __init__(self) -> None:
        self.letters: list[Envelope] = []
        self.trouble: Trouble | None = None

    async def send(self, envelope: Envelope, go_ahead: GoAhead | None = None) -> Accepted:
        await ask_leave(go_ahead)
        error = self.trouble(envelope) if self.trouble else None
        if error is not None:
            raise error
        self.letters.append(envelope)
        return Accepted("250 kept")

    async def check(self) -> str:
        return "Letters are kept in a list."

    async def close(self) -> None:
        """Nothing to let go of."""

    @property
    def sent(self) -> list[Envelope]:
        return [one for one in self.letters if one.letter.template_version != "alert"]

    @property
    def alerts(self) -> list[Envelope]:
        return [one for one in self.letters if one.letter.template_version == "alert"]
