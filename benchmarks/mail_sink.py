"""A mail server that takes every letter, forgets it and answers at once.

python -m benchmarks.mail_sink        says its port on the first line

It speaks as much SMTP (RFC 5321, PIPELINING of RFC 2920) as one well-behaved client needs, because
a complete server would cost as much of the machine as the touches that are measured.
"""

import asyncio
import signal
from typing import cast

_END_OF_CONTENT = b"\r\n.\r\n"
_ANSWERS = {
    b"EHLO": b"250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
    b"DATA": b"354 go ahead\r\n",
    b"QUIT": b"221 bye\r\n",
}


class Sink(asyncio.Protocol):
    """One connection."""

    _transport: asyncio.Transport

    def __init__(self) -> None:
        self._unread = b""
        self._in_content = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(b"220 sink.example\r\n")

    def data_received(self, data: bytes) -> None:
        self._unread += data
        end = _END_OF_CONTENT if self._in_content else b"\r\n"
        while end in self._unread:
            part, _, self._unread = self._unread.partition(end)
            self._transport.write(self._answer(part))
            end = _END_OF_CONTENT if self._in_content else b"\r\n"

    def _answer(self, part: bytes) -> bytes:
        if self._in_content:
            self._in_content = False
            return b"250 taken\r\n"
        command = part[:4].upper()
        self._in_content = command == b"DATA"
        return _ANSWERS.get(command, b"250 fine\r\n")


async def _serve() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    server = await loop.create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await stop.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve())
