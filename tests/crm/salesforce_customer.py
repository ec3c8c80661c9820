"""An account in Salesforce, and a mapping that asks for everything."""

from collections.abc import Callable
from typing import Any

from integrations.crm import Salesforce
from models.context import CustomerContext
from tests.crm.fake_salesforce import FakeSalesforce

Ask = Callable[[str], Salesforce]


FULL = """\
[customer]
csm = "CSM__r"
backup = "Backup_Email__c"
manager = "Owner.Manager"
segment = "Segment__c"
language = "Language__c"
channel = "Channel__c"
arr = "ARR__c"
strategic = "Strategic__c"
[flags]
insolvent = "Insolvent__c"
legal_hold = "Legal_Hold__c"
do_not_contact = "Do_Not_Contact__c"
paused_by_sales = "Paused__c"
[until]
paused_by_sales = "Paused_Until__c"
[health]
property = "Health__c"
at_risk_below = 40
[nps]
property = "NPS__c"
at_risk_below = 0
[deals.renewal]
"RecordType.DeveloperName" = "Renewal"
StageName = ["Proposal", "Negotiation"]
[deals.expansion]
Type = "Upsell"
[contacts]
role = "AR_Role__c"
[contacts.roles]
ap = "AP"
cfo = "CFO"
"""


ERIN = {
    "Name": "Erin Ae",
    "Email": "erin@firm.example",
    "Manager": {"Name": "Mia", "Email": "mia@firm.example"},
}


UNSAID: dict[str, Any] = dict.fromkeys(
    (
        *("CSM__r", "Backup_Email__c", "Segment__c", "Language__c", "Channel__c", "ARR__c"),
        *("Strategic__c", "Insolvent__c", "Legal_Hold__c", "Do_Not_Contact__c", "Paused__c"),
        *("Paused_Until__c", "Health__c", "NPS__c"),
    )
)


def acme(salesforce: FakeSalesforce, **said: Any) -> dict[str, Any]:
    """The account that the register knows as C-1."""
    return salesforce.account(**{"AccountNumber": "C-1", "Owner": ERIN, **UNSAID, **said})


def opportunity(**said: Any) -> dict[str, Any]:
    none = {"RecordType": None, "StageName": None, "Type": None}
    return {**none, "IsClosed": False, "CloseDate": "2026-06-30", **said}


def contact(email: str | None, role: str | None) -> dict[str, Any]:
    return {"Name": "Anna Ap", "Email": email, "Phone": None, "AR_Role__c": role, "Title": role}


RENEWAL = {"RecordType": {"DeveloperName": "Renewal"}, "StageName": "Negotiation"}


async def fetched(source: Salesforce, customer_id: str = "C-1") -> CustomerContext:
    context = await source.fetch(customer_id)
    assert context is not None
    return context
