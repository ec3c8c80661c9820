"""An account is found in Salesforce, and what is mapped of it is known."""

import asyncio
from datetime import date
from decimal import Decimal

import pytest

from integrations.crm import Salesforce, parse_salesforce_mapping
from models.context import CustomerContext, KnownContact
from models.errors import PeerRefused
from models.vocabulary import Channel, Role
from tests.crm.fake_salesforce import CLIENT_ID, FakeSalesforce
from tests.crm.salesforce_customer import (
    FULL,
    RENEWAL,
    Ask,
    acme,
    contact,
    fetched,
    opportunity,
)


async def test_everything_that_is_mapped_is_known_after_one_query(
    salesforce: FakeSalesforce, ask_salesforce: Ask
) -> None:
    account = acme(
        salesforce,
        CSM__r={"Name": "Carl", "Email": "carl@firm.example"},
        Backup_Email__c="backup@firm.example",
        Segment__c="Enterprise",
        Language__c="German",
        Channel__c="Email",
        ARR__c=120000.5,
        Strategic__c=True,
        Insolvent__c=False,
        Paused__c=True,
        Paused_Until__c="2026-04-15",
        Health__c=35.0,
        NPS__c=30.0,
    )
    account["Opportunities"] += [opportunity(**RENEWAL), opportunity(Type="Upsell")]
    account["Cases"] += [{"IsClosed": False, "Priority": "High", "Id": "500"}]
    account["Contacts"] += [contact("anna@customer.example", "AP")]

    assert await fetched(ask_salesforce(FULL)) == CustomerContext(
        owner_name="Erin Ae",
        owner_email="erin@firm.example",
        backup_email="backup@firm.example",
        manager_email="mia@firm.example",
        csm_name="Carl",
        csm_email="carl@firm.example",
        segment="Enterprise",
        language="de",
        channel=Channel.MAIL,
        arr=Decimal("120000.5"),
        strategic=True,
        insolvent=False,
        paused_by_sales=True,
        renewal_under_way=True,
        renewal_on=date(2026, 6, 30),
        expansion_under_way=True,
        severe_tickets=1,
        health="35.0",
        nps=30,
        health_at_risk=True,
        contacts=(KnownContact(email="anna@customer.example", name="Anna Ap", role=Role.AP),),
        until={"paused_by_sales": date(2026, 4, 15)},
    )
    assert salesforce.calls == [
        "POST /services/oauth2/token",
        "GET /services/data/v62.0/query",
    ]


@pytest.mark.parametrize("mapping", [FULL, "", '[customer]\nkey = "Id"\n'])
@pytest.mark.parametrize("customer_id", ["C-2", "", "0", "' OR AccountNumber != '", "\\", "\x00"])
async def test_an_unknown_customer_is_none(
    salesforce: FakeSalesforce, ask_salesforce: Ask, mapping: str, customer_id: str
) -> None:
    acme(salesforce)

    assert await ask_salesforce(mapping).fetch(customer_id) is None


@pytest.mark.parametrize("customer_id", ["O'Brien & Co", "a\\", "\\'", "100%_", "tab\t\n", "é\x01"])
async def test_an_id_is_found_whatever_signs_it_has(
    salesforce: FakeSalesforce, ask_salesforce: Ask, customer_id: str
) -> None:
    acme(salesforce)
    acme(salesforce, AccountNumber=customer_id, Segment__c="the one")

    assert (await fetched(ask_salesforce(FULL), customer_id)).segment == "the one"


async def test_a_customer_may_be_known_by_the_record_id(
    salesforce: FakeSalesforce, ask_salesforce: Ask
) -> None:
    account = acme(salesforce)

    await fetched(ask_salesforce('[customer]\nkey = "Id"\n'), account["Id"])


async def test_two_accounts_with_the_same_id_are_for_a_person_to_sort_out(
    salesforce: FakeSalesforce, ask_salesforce: Ask
) -> None:
    acme(salesforce)
    acme(salesforce)

    with pytest.raises(PeerRefused, match="two accounts have the AccountNumber 'C-1'"):
        await ask_salesforce(FULL).fetch("C-1")


async def test_only_what_is_mapped_is_asked_for(
    salesforce: FakeSalesforce, ask_salesforce: Ask
) -> None:
    acme(salesforce)
    mapping = """\
[customer]
owner = "Owner_Email__c"
segment = "Segment__c"
[deals]
renewal = {}
expansion = {}
[tickets]
severe = {}
[contacts]
role = ""
"""
    salesforce.accounts[0]["Owner_Email__c"] = "erin@firm.example"
    context = await fetched(ask_salesforce(mapping))

    assert salesforce.queries == [
        "SELECT Id, Segment__c, Owner_Email__c FROM Account WHERE AccountNumber = 'C-1' LIMIT 2"
    ]
    assert context == CustomerContext(owner_email="erin@firm.example")


async def test_what_cannot_be_read_is_left_unsaid_alone(
    salesforce: FakeSalesforce, ask_salesforce: Ask
) -> None:
    account = acme(
        salesforce,
        Owner=None,
        ARR__c="abc",
        NPS__c="high",
        Strategic__c="perhaps",
        Channel__c="pigeon",
        Backup_Email__c="nobody",
        Paused_Until__c="soon",
        Segment__c="x" * 1000,
    )
    account["Opportunities"] += [opportunity(**RENEWAL, CloseDate="some day")]
    context = await fetched(ask_salesforce(FULL))

    unsaid = ("arr", "nps", "strategic", "channel", "backup_email", "owner_email", "renewal_on")
    assert {name: getattr(context, name) for name in unsaid} == dict.fromkeys(unsaid)
    assert context.until == {}
    assert context.segment == "x" * 300
    assert context.renewal_under_way is True


async def test_a_field_may_be_spelled_with_other_capitals(
    salesforce: FakeSalesforce, ask_salesforce: Ask
) -> None:
    acme(salesforce, Segment__c="Enterprise")
    mapping = '[customer]\nkey = "accountnumber"\nowner = "OWNER"\nsegment = "segment__C"\n'
    context = await fetched(ask_salesforce(mapping))

    assert (context.segment, context.owner_email) == ("Enterprise", "erin@firm.example")


async def test_one_session_serves_many_calls(
    salesforce: FakeSalesforce, ask_salesforce: Ask
) -> None:
    acme(salesforce)
    source = ask_salesforce(FULL)
    await asyncio.gather(*(source.fetch("C-1") for _ in range(5)))

    assert salesforce.sessions == 1


async def test_an_ended_session_is_begun_anew_once_for_all_that_wait(
    salesforce: FakeSalesforce, ask_salesforce: Ask
) -> None:
    acme(salesforce)
    source = ask_salesforce(FULL)
    await fetched(source)
    salesforce.end_sessions()
    contexts = await asyncio.gather(*(source.fetch("C-1") for _ in range(5)))

    assert all(contexts)
    assert salesforce.sessions == 2


async def test_wrong_credentials_are_refused_with_the_code(
    salesforce: FakeSalesforce, ask_salesforce: Ask
) -> None:
    ask_salesforce("")
    mapping = parse_salesforce_mapping("", "a")
    source = Salesforce(salesforce.url, CLIENT_ID, "a wrong one", mapping)
    with pytest.raises(PeerRefused, match=r"no sign-in: 400 invalid_client$"):
        await source.fetch("C-1")
    await source.close()


async def test_a_field_that_is_not_there_is_refused_with_the_code(
    salesforce: FakeSalesforce, ask_salesforce: Ask
) -> None:
    acme(salesforce)

    with pytest.raises(PeerRefused, match=r"400 MALFORMED_QUERY$"):
        await ask_salesforce('[customer]\nsegment = "Nothing__c"\n').fetch("C-1")
