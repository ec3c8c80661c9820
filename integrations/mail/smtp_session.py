"""One open SMTP connection and the mail transactions on it.

aiosmtplib connects, encrypts and logs in; then the session speaks for itself, because aiosmtplib
waits for the answer to each command, while a server that offers PIPELINING (RFC 2920) takes sender,
recipients and DATA in one go: two round trips a letter in place of four.
"""

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple, Self

import aiosmtplib

from integrations.mail.message import Posting
from integrations.mail.transport import Accepted
from models.errors import AddressRejected, DunlinError, MailRefused, MailUnavailable

# RFC 5321 §4.5.3.2.6: a server may think for ten minutes about a letter that it has in hand.
# Whoever gives up sooner sends it twice.
CONFIRMATION_SECONDS = 600.0
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:]+@[^\s<>()\[\]\"',;:]+")
_LINE_START_DOT = re.compile(rb"(?m)^\.")
_LONGEST_ANSWER = 300
_MOST_LINES = 100
_CLOSING = 421
_START_INPUT = 354
# A submission server that wants a login, or a better one, first (RFC 4954, 6).
_LOGIN_NEEDED = {530, 534, 535, 538}


class Answer(NamedTuple):
    """A server's answer; `text` has its lines joined and addresses struck out."""

    code: int
    text: str

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    @property
    def later(self) -> bool:
        return self.code < 500

    @property
    def good(self) -> bool:
        return self.code < 300


class SessionLost(Exception):
    """The connection is of no more use. `content_sent`: the letter itself may have arrived."""

    def __init__(self, problem: str, *, content_sent: bool = False) -> None:
        super().__init__(problem)
        self.content_sent = content_sent


class Session:
    """A logged-in connection. `usable` says whether another letter may go over it."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        timeout: float,
        confirmation_timeout: float,
    ) -> None:
        self._reader, self._writer = reader, writer
        self._timeout, self._confirmation_timeout = timeout, confirmation_timeout
        self.pipelining = False
        self.utf8 = False
        self.usable = True
        self.letters = 0
        self.used_at = 0.0

    @classmethod
    def take_over(
        cls, client: aiosmtplib.SMTP, timeout: float, confirmation_timeout: float
    ) -> Self:
        """The connection of a connected `client`, which no longer has one.

        Raises:
            SMTPServerDisconnected: the connection was lost meanwhile.
        """
        transport = client.transport
        if not isinstance(transport, asyncio.Transport) or transport.is_closing():
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(loop=loop)
        protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        writer = asyncio.StreamWriter(transport, protocol, reader, loop)
        session = cls(reader, writer, timeout, confirmation_timeout)
        session.pipelining = client.supports_extension("pipelining")
        session.utf8 = client.supports_extension("smtputf8")
        session.used_at = loop.time()
        client.transport = client.protocol = None
        return session

    @property
    def cipher(self) -> str:
        """The version of TLS in use, "" without encryption."""
        cipher = self._writer.get_extra_info("cipher")
        return str(cipher[1]) if cipher else ""

    @property
    def stale(self) -> bool:
        """Whether the server is known to have hung up."""
        return self._reader.at_eof() or self._writer.is_closing()

    async def deliver(self, posting: Posting) -> Accepted:
        """Hand one letter over.

        Raises:
            AddressRejected: the recipient is refused for good.
            MailRefused: the sender or the content is refused for good.
            MailUnavailable: not now.
            SessionLost: the connection ended, or the server asked to end it.
        """
        # Whatever interrupts this, cancellation too, leaves a session nobody may go on with.
        self.usable = False
        opening = _opening(posting)
        if self.pipelining:
            *answers, data = await self._ask(*opening, b"DATA")
        else:
            answers, data = [a for c in opening for a in await self._ask(c)], None
        try:
            refused_cc = _refused_copies(posting, answers)
            if data is None:
                (data,) = await self._ask(b"DATA")
            if data.code != _START_INPUT:
                _require(data)
                raise SessionLost(f"an odd answer to DATA: {data}")
        except DunlinError:
            await self._start_over(data)
            raise
        answer = await self._transmit(posting.content)
        self.letters += 1
        self.used_at = asyncio.get_running_loop().time()
        self.usable = answer.code != _CLOSING
        _require(answer)
        return Accepted(str(answer), posting.refused_cc + refused_cc)

    async def quit(self) -> None:
        """Take leave and hang up; a server that no longer listens is no error."""
        self._timeout = min(self._timeout, 2.0)
        with suppress(SessionLost):
            await self._ask(b"QUIT")
        self.abort()
        with suppress(OSError):
            await self._writer.wait_closed()

    def abort(self) -> None:
        """Hang up at once."""
        self._writer.transport.abort()

    async def _start_over(self, data: Answer | None) -> None:
        """Clear the server of a transaction that did not come to its content."""
        if data is not None and data.code == _START_INPUT:
            # The server waits for a letter we will not send. RFC 2920 leaves only hanging up: an
            # end of data would deliver an empty letter to the recipients that it did accept.
            return
        with suppress(SessionLost):
            (answer,) = await self._ask(b"RSET")
            self.usable = answer.good

    async def _ask(self, *commands: bytes) -> list[Answer]:
        """Send `commands` in one go; the answers in their order."""
        try:
            async with asyncio.timeout(self._timeout):
                self._writer.write(b"".join(command + b"\r\n" for command in commands))
                await self._writer.drain()
                answers = [await self._answer() for _ in commands]
        except OSError as error:
            raise SessionLost(_lost(error)) from error
        if closing := next((answer for answer in answers if answer.code == _CLOSING), None):
            raise SessionLost(str(closing))
        return answers

    async def _transmit(self, content: bytes) -> Answer:
        try:
            async with asyncio.timeout(self._confirmation_timeout):
                self._writer.write(_LINE_START_DOT.sub(b"..", content) + b".\r\n")
                await self._writer.drain()
                return await self._answer()
        except OSError as error:
            raise SessionLost(_lost(error), content_sent=True) from error

    async def _answer(self) -> Answer:
        """The next answer.

        Raises:
            ConnectionError: the connection ended, or this is no SMTP.
            TimeoutError: from the caller's deadline.
        """
        texts: list[str] = []
        for _ in range(_MOST_LINES):
            try:
                line = await self._reader.readuntil(b"\n")
            except asyncio.IncompleteReadError:
                raise ConnectionResetError("the server hung up") from None
            except asyncio.LimitOverrunError:
                break
            if not (line[:3].isdigit() and b"200" <= line[:3] < b"600"):
                break
            texts.append(line[4:].decode(errors="replace").strip())
            if line[3:4] != b"-":
                return Answer(int(line[:3]), without_addresses(" ".join(texts)))
        raise ConnectionAbortedError("the server's answer is no SMTP")


def without_addresses(text: str) -> str:
    """A server's words on one line of at most 300 characters, addresses replaced by `…`."""
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return _ADDRESS.sub("…", text)[:_LONGEST_ANSWER]


def _opening(posting: Posting) -> Sequence[bytes]:
    # Only an address can be outside ASCII, and then header and envelope both carry it.
    options = b"" if posting.content.isascii() else b" BODY=8BITMIME SMTPUTF8"
    return [
        b"MAIL FROM:<%b>%b" % (posting.sender.encode(), options),
        *(b"RCPT TO:<%b>" % address.encode() for address, _ in (posting.to, *posting.cc)),
    ]


def _refused_copies(posting: Posting, answers: Sequence[Answer]) -> tuple[str, ...]:
    """The copies refused for good, when the letter may go on without them; else raises."""
    mail, to, *copies = answers
    _require(mail)
    if not to.good and not to.later and to.code not in _LOGIN_NEEDED:
        raise AddressRejected(posting.to.written, str(to))
    _require(to)
    for copy in copies:
        if not copy.good and copy.later:
            _require(copy)
    return tuple(cc.written for cc, copy in zip(posting.cc, copies, strict=True) if not copy.good)


def _require(answer: Answer) -> None:
    """Raise unless the server agreed."""
    if answer.good:
        return
    if answer.code in _LOGIN_NEEDED:
        raise MailUnavailable(
            f"The mail server wants a login ({answer}). "
            "Check DUNLIN_SMTP_USERNAME and DUNLIN_SMTP_PASSWORD."
        )
    if answer.later:
        raise MailUnavailable(f"The mail server asked to be tried later ({answer}).")
    raise MailRefused(f"The mail server refused the letter ({answer}).")


def _lost(error: OSError) -> str:
    return "no answer in time" if isinstance(error, TimeoutError) else str(error)
