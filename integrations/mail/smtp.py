"""Letters over SMTP, on a few connections that are kept and used again."""

import asyncio
from pathlib import Path

from integrations.mail.message import Posting, post
from integrations.mail.smtp_dial import Route, Security, dial
from integrations.mail.smtp_session import CONFIRMATION_SECONDS, Session, SessionLost
from integrations.mail.transport import AcceptanceUnknown, Accepted, GoAhead, ask_leave
from models.errors import MailUnavailable
from models.letter import Envelope

# Shorter than what servers and firewalls allow a silent connection, which is minutes.
_IDLE_SECONDS = 60.0


class SmtpTransport:
    """A `MailTransport` for one mail server.

    `timeout` bounds, in seconds, getting connected and each wait for an answer but the last:
    `confirmation_timeout` does so for the word that the letter is taken. At most
    `max_connections` are open at any time; each is replaced after `max_messages_per_connection`.
    `ca_file` is a PEM file of authorities to trust in place of the system's.

    Raises:
        SettingInvalid: credentials would travel in the clear, or `ca_file` cannot be read.
    """

    def __init__(
        self,
        host: str,
        port: int,
        security: Security = "starttls",
        username: str = "",
        password: str = "",
        timeout: float = 30.0,
        max_connections: int = 5,
        max_messages_per_connection: int = 100,
        confirmation_timeout: float = CONFIRMATION_SECONDS,
        ca_file: Path | None = None,
    ) -> None:
        self._route = Route(
            host, port, security, username, password, timeout, confirmation_timeout, ca_file
        )
        self._max_connections = max_connections
        self._max_messages = max_messages_per_connection
        # Who holds a slot has at most one session in hand, so open sessions, idle ones included,
        # never outnumber the slots: a new one is dialled only without an idle one, or in place of
        # one just closed.
        self._slots = asyncio.Semaphore(max_connections)
        self._idle: list[Session] = []

    async def send(self, envelope: Envelope, go_ahead: GoAhead | None = None) -> Accepted:
        """Send one letter, to the recipient and all copies that the server takes.

        `go_ahead` is asked once a connection is at hand, so that no queue and no dialling comes
        between its word and the letter.

        Raises:
            Withheld: `go_ahead` did not agree.
            AddressRejected: the recipient's address is none, or refused for good.
            MailRefused: sender or content is refused for good.
            MailUnavailable: not now; `AcceptanceUnknown` when it may have left all the same.
        """
        posting = post(envelope)
        async with self._slots:
            session = await self._kept()
            if session is not None:
                try:
                    return await self._deliver(session, envelope, posting, go_ahead)
                except SessionLost as lost:
                    # It may have died of old age; before the content, a second try repeats nothing.
                    if lost.content_sent:
                        raise self._unknown(lost) from lost
            session = await dial(self._route)
            try:
                return await self._deliver(session, envelope, posting, go_ahead)
            except SessionLost as lost:
                if lost.content_sent:
                    raise self._unknown(lost) from lost
                raise MailUnavailable(
                    f"The mail server {self._route} ended the connection ({lost})."
                ) from lost

    async def check(self) -> str:
        """What a fresh connection finds, in one sentence; no letter is sent.

        Raises:
            MailUnavailable: letters cannot leave; the sentence names the remedy.
        """
        async with self._slots:
            if kept := await self._kept():
                await kept.quit()
            session = await dial(self._route)
            await session.quit()
        ways = [f"over {session.cipher}" if session.cipher else "without encryption"]
        ways.append("logged in" if self._route.username else "without a login")
        ways.append("with pipelining" if session.pipelining else "without pipelining")
        return f"Letters leave through the mail server {self._route}, {', '.join(ways)}."

    async def close(self) -> None:
        """Wait for the letters on their way, then take leave of the server."""
        for _ in range(self._max_connections):
            await self._slots.acquire()
        try:
            while self._idle:
                await self._idle.pop().quit()
        finally:
            for _ in range(self._max_connections):
                self._slots.release()

    async def _kept(self) -> Session | None:
        """An idle session that may serve again, if there is one."""
        if not self._idle:
            return None
        session = self._idle.pop()
        idle = asyncio.get_running_loop().time() - session.used_at
        if session.stale or idle > _IDLE_SECONDS:
            session.abort()
        elif session.letters >= self._max_messages:
            # Here and not after its last letter: nothing may delay, or on cancellation hide, that
            # a letter was accepted.
            await session.quit()
        else:
            return session
        return None

    async def _deliver(
        self, session: Session, envelope: Envelope, posting: Posting, go_ahead: GoAhead | None
    ) -> Accepted:
        try:
            await ask_leave(go_ahead)
            if not session.utf8 and not posting.content.isascii():
                posting = post(envelope, utf8=False)
            return await session.deliver(posting)
        finally:
            if session.usable:
                self._idle.append(session)
            else:
                session.abort()

    def _unknown(self, lost: SessionLost) -> AcceptanceUnknown:
        return AcceptanceUnknown(
            f"The mail server {self._route} took the letter and did not say that it accepted it "
            f"({lost}): it may arrive."
        )
