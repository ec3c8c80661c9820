"""Both providers, each on a loopback port, and the adapters that speak to them."""

from collections.abc import AsyncIterator

import httpx
import pytest

from integrations.charging import GoCardlessCharging, StripeCharging
from tests.charging.fake_gocardless import TOKEN, FakeGoCardless
from tests.charging.fake_stripe import KEY, FakeStripe
from tests.crm.http_server import serving

# Long enough for a loaded machine, short enough to wait for.
_PATIENCE = httpx.Timeout(1.0)


@pytest.fixture
def stripe() -> FakeStripe:
    return FakeStripe()


@pytest.fixture
def gocardless() -> FakeGoCardless:
    return FakeGoCardless()


@pytest.fixture
async def by_stripe(stripe: FakeStripe) -> AsyncIterator[StripeCharging]:
    async with serving(stripe) as url:
        provider = StripeCharging(KEY, base_url=url, timeout=_PATIENCE)
        yield provider
        await provider.close()


@pytest.fixture
async def by_gocardless(gocardless: FakeGoCardless) -> AsyncIterator[GoCardlessCharging]:
    async with serving(gocardless) as url:
        provider = GoCardlessCharging(TOKEN, base_url=url, timeout=_PATIENCE)
        yield provider
        await provider.close()
