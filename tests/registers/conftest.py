"""Every provider on a loopback port, and the registers that read them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from integrations.registers import (
    Chargebee,
    GoCardless,
    QuickBooks,
    RegisterSource,
    Stripe,
    Xero,
)
from tests.crm.http_server import serving
from tests.registers import fake_chargebee, fake_gocardless, fake_stripe
from tests.registers.fake_chargebee import FakeChargebee
from tests.registers.fake_gocardless import FakeGoCardless
from tests.registers.fake_quickbooks import REALM, FakeQuickBooks
from tests.registers.fake_stripe import FakeStripe
from tests.registers.fake_tokens import CLIENT_ID, CLIENT_SECRET, PATH
from tests.registers.fake_xero import TENANT, FakeXero
from tests.registers.firm import Firm, Line
from tests.registers.keeper import Keeper

Open = Callable[..., Awaitable[Firm]]


def _stripe(url: str, books: FakeStripe, keeper: Keeper, **said: Any) -> RegisterSource:
    return Stripe(fake_stripe.KEY, base_url=url, now=books.time, **said)


def _quickbooks(url: str, books: FakeQuickBooks, keeper: Keeper, **said: Any) -> RegisterSource:
    place: dict[str, Any] = {"base_url": url, "token_url": f"{url}{PATH}"}
    return QuickBooks(CLIENT_ID, CLIENT_SECRET, REALM, keeper, **place, now=books.time, **said)


def _xero(url: str, books: FakeXero, keeper: Keeper, **said: Any) -> RegisterSource:
    place: dict[str, Any] = {"base_url": url, "token_url": f"{url}{PATH}"}
    return Xero(CLIENT_ID, CLIENT_SECRET, TENANT, keeper, **place, now=books.time, **said)


def _chargebee(url: str, books: FakeChargebee, keeper: Keeper, **said: Any) -> RegisterSource:
    return Chargebee("firm-test", fake_chargebee.KEY, base_url=url, now=books.time, **said)


def _gocardless(url: str, books: FakeGoCardless, keeper: Keeper, **said: Any) -> RegisterSource:
    return GoCardless(fake_gocardless.TOKEN, base_url=url, now=books.time, **said)


_PROVIDERS: dict[str, tuple[Callable[[], Any], Callable[..., RegisterSource]]] = {
    "stripe": (FakeStripe, _stripe),
    "quickbooks": (FakeQuickBooks, _quickbooks),
    "xero": (FakeXero, _xero),
    "chargebee": (FakeChargebee, _chargebee),
    "gocardless": (FakeGoCardless, _gocardless),
}


@pytest.fixture
async def open_at() -> AsyncIterator[Open]:
    """A register at a provider by its name, as many as a test wants. `books` and `keeper` may be
    another's, `said` goes to the register."""
    async with AsyncExitStack() as stack:

        async def opened(
            provider: str, *, books: Any = None, keeper: Keeper | None = None, **said: Any
        ) -> Firm:
            fake, register = _PROVIDERS[provider]
            books = books or fake()
            line = Line(books)
            url = await stack.enter_async_context(serving(line))
            source = register(url, books, keeper or Keeper(), **said)
            stack.push_async_callback(source.close)
            return Firm(source, books, line)

        yield opened


INVOICING = ("stripe", "quickbooks", "xero", "chargebee")


@pytest.fixture(params=INVOICING)
async def firm(request: pytest.FixtureRequest, open_at: Open) -> Firm:
    """A register that has invoices, at each provider."""
    return await open_at(request.param)


@pytest.fixture(params=tuple(_PROVIDERS))
async def any_firm(request: pytest.FixtureRequest, open_at: Open) -> Firm:
    """A register at each provider."""
    return await open_at(request.param)
