"""A task for the account owner is opened once, however often it is asked for."""

from collections.abc import Callable

import pytest

from integrations.crm import HubSpot, Salesforce
from integrations.crm.task_subject import mark, subject
from models.errors import PeerRefused
from tests.crm.fake_hubspot import FakeHubSpot
from tests.crm.fake_salesforce import FakeSalesforce

AskHubSpot = Callable[[str], HubSpot]
AskSalesforce = Callable[[str], Salesforce]

KEY = "INV-1/second_notice/1"
ERIN = "erin@firm.example"
KEYED = '[tasks]\nkey = "dunlin_key"\n'
SF_KEYED = '[tasks]\nkey = "Dunlin__c"\n'


@pytest.fixture
def hubspot() -> FakeHubSpot:
    hubspot = FakeHubSpot()
    hubspot.add("companies", "512")
    hubspot.add_owner("41", "Erin@firm.example", "Erin")
    return hubspot


@pytest.fixture
def salesforce() -> FakeSalesforce:
    salesforce = FakeSalesforce()
    salesforce.account(AccountNumber="C-1")
    salesforce.users += [
        {"Id": "005000000000000AAA", "Email": ERIN, "IsActive": False},
        {"Id": "005000000000001AAA", "Email": "Erin@firm.example", "IsActive": True},
    ]
    return salesforce


async def test_hubspot_gets_a_task_for_the_owner_beside_the_company(
    hubspot: FakeHubSpot, ask_hubspot: AskHubSpot
) -> None:
    await ask_hubspot("").open_task("512", "Call  Acme", "1 < 2\n& more", ERIN, KEY)

    [task] = hubspot.tasks
    assert hubspot.beside["512", "tasks"] == [task["hs_object_id"]]
    assert task["hs_task_subject"] == f"Call Acme [{KEY}]"
    assert task["hs_task_body"] == "1 &lt; 2<br>&amp; more"
    assert task["hubspot_owner_id"] == "41"
    assert task["hs_task_status"] == "NOT_STARTED"


@pytest.mark.parametrize("mapping", ["", KEYED])
async def test_hubspot_gets_a_key_once(
    hubspot: FakeHubSpot, ask_hubspot: AskHubSpot, mapping: str
) -> None:
    source = ask_hubspot(mapping)
    for title in ("Call Acme", "Call Acme", "Call Acme about 3 invoices"):
        await source.open_task("512", title, "", ERIN, KEY)

    assert len(hubspot.tasks) == 1


@pytest.mark.parametrize("mapping", ["", KEYED])
@pytest.mark.parametrize("other", ["INV-1/second_notice/2", "INV-1/1/second_notice", "INV-1"])
async def test_hubspot_gets_another_task_for_another_key(
    hubspot: FakeHubSpot, ask_hubspot: AskHubSpot, mapping: str, other: str
) -> None:
    source = ask_hubspot(mapping)
    await source.open_task("512", "Call Acme", "", ERIN, KEY)
    await source.open_task("512", "Call Acme", "", ERIN, other)

    assert len(hubspot.tasks) == 2


async def test_a_property_for_the_key_needs_no_search(
    hubspot: FakeHubSpot, ask_hubspot: AskHubSpot
) -> None:
    hubspot.blind = True
    source = ask_hubspot(KEYED)
    for _ in range(2):
        await source.open_task("512", "Call Acme", "", ERIN, KEY)

    assert [task["dunlin_key"] for task in hubspot.tasks] == [KEY]


async def test_hubspot_itself_bars_a_second_task_that_was_opened_in_between(
    hubspot: FakeHubSpot, ask_hubspot: AskHubSpot
) -> None:
    hubspot.unique = {"dunlin_key"}
    hubspot.hides = True
    source = ask_hubspot(KEYED)
    for _ in range(2):
        await source.open_task("512", "Call Acme", "", ERIN, KEY)

    assert len(hubspot.tasks) == 1


async def test_hubspot_refuses_a_task_for_nobody(
    hubspot: FakeHubSpot, ask_hubspot: AskHubSpot
) -> None:
    with pytest.raises(PeerRefused, match="no owner there has") as refused:
        await ask_hubspot("").open_task("512", "Call", "", "who@firm.example", KEY)

    assert "who@firm.example" not in str(refused.value)


async def test_hubspot_refuses_a_task_for_an_unknown_customer(ask_hubspot: AskHubSpot) -> None:
    with pytest.raises(PeerRefused, match="it knows no customer '513'"):
        await ask_hubspot("").open_task("513", "Call", "", ERIN, KEY)


async def test_salesforce_gets_a_task_for_the_owner_beside_the_account(
    salesforce: FakeSalesforce, ask_salesforce: AskSalesforce
) -> None:
    await ask_salesforce("").open_task("C-1", "Call  Acme", "1 < 2\n& more", ERIN, KEY)

    [task] = salesforce.tasks
    assert task == {
        "Id": task["Id"],
        "Subject": f"Call Acme [{KEY}]",
        "Description": "1 < 2\n& more",
        "OwnerId": "005000000000001AAA",
        "WhatId": salesforce.accounts[0]["Id"],
        "Status": "Not Started",
        "Priority": "High",
    }


@pytest.mark.parametrize("mapping", ["", SF_KEYED])
async def test_salesforce_gets_a_key_once_and_leaves_the_task_as_it_is(
    salesforce: FakeSalesforce, ask_salesforce: AskSalesforce, mapping: str
) -> None:
    salesforce.key_field = "Dunlin__c"
    source = ask_salesforce(mapping)
    await source.open_task("C-1", "Call Acme", "", ERIN, KEY)
    salesforce.tasks[0]["Status"] = "Completed"
    await source.open_task("C-1", "Call Acme about 3 invoices", "", ERIN, KEY)

    [task] = salesforce.tasks
    assert task["Status"] == "Completed"


@pytest.mark.parametrize("mapping", ["", SF_KEYED])
@pytest.mark.parametrize("other", ["INV-1/second-notice/1", "INV-1/second_notice/2", "'", "%"])
async def test_salesforce_gets_another_task_for_another_key(
    salesforce: FakeSalesforce, ask_salesforce: AskSalesforce, mapping: str, other: str
) -> None:
    salesforce.key_field = "Dunlin__c"
    source = ask_salesforce(mapping)
    await source.open_task("C-1", "Call Acme", "", ERIN, KEY)
    await source.open_task("C-1", "Call Acme", "", ERIN, other)

    assert len(salesforce.tasks) == 2


async def test_a_field_for_the_key_is_written_as_an_external_id(
    salesforce: FakeSalesforce, ask_salesforce: AskSalesforce
) -> None:
    salesforce.key_field = "Dunlin__c"
    await ask_salesforce(SF_KEYED).open_task("C-1", "Call Acme", "", ERIN, KEY)

    assert [task["Dunlin__c"] for task in salesforce.tasks] == [KEY]
    assert salesforce.calls[-1].endswith("/composite/sobjects/Task/Dunlin__c")


async def test_salesforce_refuses_a_task_for_nobody(
    salesforce: FakeSalesforce, ask_salesforce: AskSalesforce
) -> None:
    with pytest.raises(PeerRefused, match="no user there has") as refused:
        await ask_salesforce("").open_task("C-1", "Call", "", "o'who@firm.example", KEY)

    assert "who@firm.example" not in str(refused.value)
    assert salesforce.tasks == []


async def test_salesforce_refuses_a_task_for_an_unknown_customer(
    ask_salesforce: AskSalesforce,
) -> None:
    with pytest.raises(PeerRefused, match="it knows no customer 'C-2'"):
        await ask_salesforce("").open_task("C-2", "Call", "", ERIN, KEY)


def test_a_subject_keeps_the_key_whole_and_stays_within_its_length() -> None:
    assert subject("x" * 400, KEY).endswith(f"x {mark(KEY)}")
    assert len(subject("x" * 400, KEY)) == 255
    assert len(subject("x" * 400, "y" * 400)) == 255
    assert mark("y" * 400) != mark("y" * 401)
