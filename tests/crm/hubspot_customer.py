"""A company in HubSpot, and a mapping that asks for everything."""

from collections.abc import Callable

from integrations.crm import HubSpot
from models.context import CustomerContext
from tests.crm.fake_hubspot import FakeHubSpot

Ask = Callable[[str], HubSpot]


FULL = """\
[customer]
key = "customer_number"
csm = "csm_owner"
backup = "backup_email"
manager = "manager_owner"
segment = "segment"
language = "language"
channel = "channel"
arr = "arr"
strategic = "is_strategic"
[flags]
insolvent = "insolvent"
legal_hold = "legal_hold"
do_not_contact = "do_not_contact"
paused_by_sales = "collections_paused"
[until]
paused_by_sales = "collections_paused_until"
[health]
property = "health"
at_risk = ["red", "yellow"]
[nps]
property = "nps"
at_risk_below = 0
[deals.renewal]
pipeline = "renewals"
[deals.expansion]
dealtype = "existingbusiness"
[tickets.open]
hs_pipeline_stage = ["1", "2", "3"]
[contacts]
role = "ar_role"
[contacts.roles]
ap = "Accounts payable"
finance_lead = ["Head of finance", "Controller"]
cfo = "CFO"
escalation = "Managing director"
"""


def acme(hubspot: FakeHubSpot, **said: str | None) -> None:
    """The company that the register knows as C-1."""
    hubspot.add("companies", "512", **said, customer_number="C-1")


async def fetched(source: HubSpot, customer_id: str = "C-1") -> CustomerContext:
    context = await source.fetch(customer_id)
    assert context is not None
    return context
