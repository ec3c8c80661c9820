"""A real HTTP server on a loopback port that answers as a service tells it to."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Request:
    """What a client sent. `query` holds the last value of each name."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[-1] for name, values in parse_qs(self.content.decode()).items()}


@dataclass(frozen=True)
class Answer:
    """What it gets, after so many seconds; `content` is JSON unless it is bytes."""

    status: int = 200
    content: Any = b""
    headers: dict[str, str] = field(default_factory=dict)
    after: float = 0.0

    @property
    def body(self) -> bytes:
        return (
            self.content if isinstance(self.content, bytes) else json.dumps(self.content).encode()
        )


Service = Callable[[Request], Answer]


@asynccontextmanager
async def serving(service: Service) -> AsyncIterator[str]:
    """The address at which `service` answers; whoever still waits at the end is cut off."""
    at_work: set[asyncio.Task[None]] = set()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        at_work.add(task)
        try:
            answer = service(await _read(reader))
            await asyncio.sleep(answer.after)
            writer.write(_head(answer) + answer.body)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            at_work.discard(task)

    server = await asyncio.start_server(take, LOOPBACK, 0)
    try:
        yield f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in at_work:
            task.cancel()
        await asyncio.gather(*at_work, return_exceptions=True)


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()
    method, target, _ = head[0].split(" ")
    lines = (line.partition(":") for line in head[1:] if line)
    headers = {name.lower(): value.strip() for name, _, value in lines}
    content = await reader.readexactly(int(headers.get("content-length", "0")))
    place = urlsplit(target)
    query = {name: values[-1] for name, values in parse_qs(place.query).items()}
    return Request(method, unquote(place.path), query, headers, content)


def _head(answer: Answer) -> bytes:
    headers = {
        "Content-Type": "application/json",
        "Content-Length": str(len(answer.body)),
        "Connection": "close",
        **answer.headers,
    }
    lines = [f"HTTP/1.1 {answer.status} Made up", *(f"{k}: {v}" for k, v in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
