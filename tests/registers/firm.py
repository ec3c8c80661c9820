"""What a test needs of any provider: a register there with invoices that change, and trouble."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from integrations.registers import RegisterSource
from models.billing import InvoiceStated, News
from tests.crm.http_server import Answer, Request, Service

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)


@dataclass
class Time:
    """The clock of a provider and of us."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **spans: float) -> datetime:
        self.now += timedelta(**spans)
        return self.now


class Books(Protocol):
    """A fake provider's books."""

    time: Time

    def open_invoice(self, number: int) -> str:
        """A new open invoice; our id for it."""

    def change(self, number: int) -> None:
        """Something about an open invoice changes, so that its amount is one more."""

    def pay(self, number: int) -> None:
        """An invoice is paid, so that it is no longer open."""

    def __call__(self, request: Request) -> Answer: ...


@dataclass
class Line:
    """The way to a provider, on which a request can be met by trouble."""

    service: Service
    trouble: dict[int, Answer] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    before: Callable[[int], None] = lambda number: None

    def __call__(self, request: Request) -> Answer:
        self.requests.append(request)
        self.before(len(self.requests))
        return self.trouble.pop(len(self.requests), None) or self.service(request)

    def fail_next(self, answer: Answer, skip: int = 0) -> None:
        self.trouble[len(self.requests) + 1 + skip] = answer


@dataclass
class Firm:
    """A register, the books behind it, and the way there."""

    source: RegisterSource
    books: Books
    line: Line


async def read_all(source: RegisterSource, since: datetime | None = None) -> list[News]:
    """Every page from the first on."""
    news: list[News] = []
    cursor = ""
    for _ in range(200):
        page = await source.page(since, cursor)
        news += page.news
        if not (cursor := page.next):
            return news
    raise AssertionError("the register never ends")


def invoices(news: list[News]) -> list[InvoiceStated]:
    return [one for one in news if isinstance(one, InvoiceStated)]


def ids(news: list[News]) -> list[str]:
    return [one.invoice.id for one in invoices(news)]
