"""A real mail server on a loopback port that keeps what it gets and answers as it is told."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from models.letter import Envelope, Letter

LOOPBACK = "127.0.0.1"
LOGIN = LoginPassword(b"dunlin", b"w\xc3\xa4der")


def letter_to(to: str = "anna@customer.example", number: int = 1, **changes: Any) -> Envelope:
    """An envelope like any other, with what the test is about changed."""
    values: dict[str, Any] = {
        "letter": Letter("Invoice 4711", "Please pay.\n", "<p>Please pay.</p>\n", "en/notice@1"),
        "sender_name": "Accounts",
        "sender_email": "accounts@firm.example",
        "reply_to": "reply@firm.example",
        "to": to,
        "to_name": "Anna",
        "message_id": f"INV-{number}/notice/1@firm.example",
        "dated": datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
    }
    return Envelope(**{**values, **changes})


@dataclass(frozen=True)
class Received:
    """A letter as the server got it."""

    sender: str
    recipients: list[str]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.SMTP)


@dataclass
class PostOffice:
    """`answers` maps a command, or an address for its RCPT, to what is said in place of 250."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    pipelining: bool = False
    takes_utf8: bool = True
    hangs_up_after_content: bool = False
    answers_after: float = 0.0
    letters: list[Received] = field(default_factory=list)
    logins: int = 0
    connections: int = 0
    most_open: int = 0
    open: dict[SMTP, asyncio.Transport] = field(default_factory=dict)
    empty: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_EHLO(  # noqa: N802 - the name aiosmtpd calls
        self, _server: SMTP, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], *(["250-PIPELINING"] if self.pipelining else []), responses[-1]]

    async def handle_MAIL(  # noqa: N802 - the name aiosmtpd calls
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd calls
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the name aiosmtpd calls
        self, server: SMTP, _session: Any, envelope: Any
    ) -> str:
        await asyncio.sleep(self.answers_after)
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.letters.append(Received(envelope.mail_from, envelope.rcpt_tos, envelope.content))
        if self.hangs_up_after_content:
            self.open[server].abort()
        return f"250 2.0.0 queued as {len(self.letters)}"

    def authenticate(
        self, _server: SMTP, _session: Any, _envelope: Any, _mechanism: str, login: LoginPassword
    ) -> AuthResult:
        self.logins += 1
        return AuthResult(success=login == LOGIN, handled=False)

    async def hang_up(self, last_words: bytes = b"") -> None:
        """Close every connection, as a server does with silent ones."""
        for transport in list(self.open.values()):
            transport.write(last_words)
            transport.close()
        await self.empty.wait()


@asynccontextmanager
async def post_office(
    starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None, **traits: Any
) -> AsyncIterator[PostOffice]:
    """An open post office; whoever is still connected at the end is cut off."""
    office = PostOffice(**traits)
    office.empty.set()
    loop = asyncio.get_running_loop()

    class Counter(SMTP):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            office.connections += self not in office.open
            assert isinstance(transport, asyncio.Transport)
            office.open[self] = transport
            office.empty.clear()
            office.most_open = max(office.most_open, len(office.open))
            super().connection_made(transport)

        def connection_lost(self, error: Exception | None) -> None:
            office.open.pop(self, None)
            if not office.open:
                office.empty.set()
            super().connection_lost(error)

    def counter() -> Counter:
        return Counter(
            office,
            loop=loop,
            hostname="mail.example",
            enable_SMTPUTF8=office.takes_utf8,
            tls_context=starttls,
            authenticator=office.authenticate,
            auth_require_tls=starttls is not None,
        )

    server = await loop.create_server(counter, LOOPBACK, 0, ssl=tls)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        server.close()
        await office.hang_up()
