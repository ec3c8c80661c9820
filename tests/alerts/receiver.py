"""A real web server on a loopback port that keeps what it is sent and answers as it is told."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Received:
    """A request as the server got it. Header names are in small letters."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """Answers `status` with `headers`; while `silent` it answers nothing."""

    port: int = 0
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    requests: list[Received] = field(default_factory=list)

    def url(self, path: str = "/") -> str:
        return f"http://{LOOPBACK}:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await _head(reader):
                request = _request(head)
                length = int(request.headers.get("content-length", "0"))
                body = await reader.readexactly(length)
                self.requests.append(
                    Received(request.method, request.target, request.headers, body)
                )
                if not self.silent:
                    writer.write(self._answer())
                    await writer.drain()
        finally:
            writer.close()

    def _answer(self) -> bytes:
        lines = [
            f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}",
            *(f"{name}: {value}" for name, value in self.headers.items()),
            "content-length: 2",
        ]
        return ("\r\n".join(lines) + "\r\n\r\nok").encode()


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver, until the test is done with it. Its clients have to be closed before."""
    receiver = Receiver()
    async with await asyncio.start_server(receiver.serve, LOOPBACK, 0) as server:
        receiver.port = server.sockets[0].getsockname()[1]
        yield receiver


async def nobody_at() -> str:
    """A URL at whose port nothing listens."""
    async with receiving() as gone:
        return gone.url("/services/T000/B000/gone")


async def _head(reader: asyncio.StreamReader) -> str:
    try:
        return (await reader.readuntil(b"\r\n\r\n")).decode()
    except asyncio.IncompleteReadError:
        return ""


def _request(head: str) -> Received:
    first, *lines = head.strip().split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
    return Received(method, target, headers, b"")
