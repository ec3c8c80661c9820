"""Both systems, each on a loopback port, and the sources that speak to them."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import pytest

from integrations.crm import (
    HubSpot,
    Salesforce,
    parse_hubspot_mapping,
    parse_salesforce_mapping,
)
from tests.crm.fake_hubspot import TOKEN, FakeHubSpot
from tests.crm.fake_salesforce import CLIENT_ID, CLIENT_SECRET, FakeSalesforce
from tests.crm.http_server import serving


@pytest.fixture
def hubspot() -> FakeHubSpot:
    return FakeHubSpot()


@pytest.fixture
def salesforce() -> FakeSalesforce:
    return FakeSalesforce()


@pytest.fixture
async def ask_hubspot(hubspot: FakeHubSpot) -> AsyncIterator[Callable[[str], HubSpot]]:
    """The source under a mapping, as many as a test wants."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serving(hubspot))

        def under(mapping: str) -> HubSpot:
            source = HubSpot(TOKEN, parse_hubspot_mapping(mapping, "hubspot.toml"), url)
            stack.push_async_callback(source.close)
            return source

        yield under


@pytest.fixture
async def ask_salesforce(salesforce: FakeSalesforce) -> AsyncIterator[Callable[[str], Salesforce]]:
    """The source under a mapping, as many as a test wants."""
    async with AsyncExitStack() as stack:
        salesforce.url = await stack.enter_async_context(serving(salesforce))

        def under(mapping: str) -> Salesforce:
            asked = parse_salesforce_mapping(mapping, "salesforce.toml")
            source = Salesforce(salesforce.url, CLIENT_ID, CLIENT_SECRET, asked)
            stack.push_async_callback(source.close)
            return source

        yield under
