"""A company is found in HubSpot, and what is mapped of it is known."""

from datetime import date
from decimal import Decimal

import pytest

from models.context import CustomerContext, KnownContact
from models.errors import PeerRefused
from models.vocabulary import Channel, Role
from tests.crm.fake_hubspot import FakeHubSpot
from tests.crm.hubspot_customer import FULL, Ask, acme, fetched


async def test_everything_that_is_mapped_is_known(hubspot: FakeHubSpot, ask_hubspot: Ask) -> None:
    acme(
        hubspot,
        hubspot_owner_id="41",
        csm_owner="42",
        backup_email="backup@firm.example",
        manager_owner="43",
        segment="Enterprise",
        language="de",
        channel="phone",
        arr="120000.50",
        is_strategic="true",
        insolvent="false",
        legal_hold="",
        do_not_contact=None,
        collections_paused="true",
        collections_paused_until="2026-04-15",
        health="Red",
        nps="30",
    )
    hubspot.add_owner("41", "erin@firm.example", "Erin", "Ae")
    hubspot.add_owner("42", "carl@firm.example", "Carl", "Csm")
    hubspot.add_owner("43", "mia@firm.example")
    hubspot.add("deals", "1", "512", pipeline="renewals", closedate="2026-06-30T10:00:00Z")
    hubspot.add("deals", "2", "512", dealtype="existingbusiness", hs_is_closed="false")
    hubspot.add("tickets", "7", "512", hs_ticket_priority="URGENT", hs_pipeline_stage="2")
    hubspot.add(
        "contacts",
        "9",
        "512",
        email="anna@customer.example",
        firstname="Anna",
        lastname="Ap",
        phone="+49 30 1",
        ar_role="Accounts payable",
    )

    assert await fetched(ask_hubspot(FULL)) == CustomerContext(
        owner_name="Erin Ae",
        owner_email="erin@firm.example",
        backup_email="backup@firm.example",
        manager_email="mia@firm.example",
        csm_name="Carl Csm",
        csm_email="carl@firm.example",
        segment="Enterprise",
        language="de",
        channel=Channel.CALL,
        arr=Decimal("120000.50"),
        strategic=True,
        insolvent=False,
        legal_hold=None,
        do_not_contact=None,
        paused_by_sales=True,
        renewal_under_way=True,
        renewal_on=date(2026, 6, 30),
        expansion_under_way=True,
        severe_tickets=1,
        health="Red",
        nps=30,
        health_at_risk=True,
        contacts=(
            KnownContact(
                email="anna@customer.example", name="Anna Ap", phone="+49 30 1", role=Role.AP
            ),
        ),
        until={"paused_by_sales": date(2026, 4, 15)},
    )


@pytest.mark.parametrize("mapping", [FULL, "", '[customer]\nkey = "nr"\nunique = true\n'])
@pytest.mark.parametrize("customer_id", ["C-2", "513", "", ".", "..", "a/b", "a?b#c", "%"])
async def test_an_unknown_customer_is_none(
    hubspot: FakeHubSpot, ask_hubspot: Ask, mapping: str, customer_id: str
) -> None:
    acme(hubspot)

    assert await ask_hubspot(mapping).fetch(customer_id) is None


async def test_a_customer_known_by_the_record_id_costs_one_call(
    hubspot: FakeHubSpot, ask_hubspot: Ask
) -> None:
    acme(hubspot)
    await fetched(ask_hubspot(""), "512")

    assert hubspot.calls == ["GET /crm/v3/objects/companies/512"]


async def test_a_unique_property_spares_the_search(hubspot: FakeHubSpot, ask_hubspot: Ask) -> None:
    hubspot.add("companies", "512", nr="C 1&2")
    await fetched(ask_hubspot('[customer]\nkey = "nr"\nunique = true\n'), "C 1&2")

    assert hubspot.calls == ["GET /crm/v3/objects/companies/C 1&2"]
    assert hubspot.requests[0].query["idProperty"] == "nr"


async def test_a_slash_in_an_id_is_searched_for(hubspot: FakeHubSpot, ask_hubspot: Ask) -> None:
    hubspot.add("companies", "512", nr="C/1")
    await fetched(ask_hubspot('[customer]\nkey = "nr"\nunique = true\n'), "C/1")

    assert hubspot.calls[0] == "POST /crm/v3/objects/companies/search"


async def test_two_companies_with_the_same_id_are_for_a_person_to_sort_out(
    hubspot: FakeHubSpot, ask_hubspot: Ask
) -> None:
    acme(hubspot)
    hubspot.add("companies", "513", customer_number="C-1")

    with pytest.raises(PeerRefused, match="two companies have the customer_number 'C-1'"):
        await ask_hubspot(FULL).fetch("C-1")


async def test_only_what_is_mapped_is_asked_for(hubspot: FakeHubSpot, ask_hubspot: Ask) -> None:
    acme(hubspot)
    hubspot.add("deals", "1", "512")
    mapping = """\
[customer]
segment = "segment"
[deals]
renewal = {}
expansion = {}
[tickets]
severe = {}
[contacts]
role = ""
"""
    context = await fetched(ask_hubspot(mapping), "512")

    [asked] = hubspot.requests
    assert asked.query == {"properties": "segment,hubspot_owner_id"}
    assert context.renewal_under_way is None
    assert context.expansion_under_way is None
    assert context.severe_tickets is None
    assert context.contacts is None


async def test_nothing_beside_the_company_is_said_to_be_nothing(
    hubspot: FakeHubSpot, ask_hubspot: Ask
) -> None:
    acme(hubspot)
    context = await fetched(ask_hubspot(FULL))

    assert context.renewal_under_way is False
    assert context.expansion_under_way is False
    assert context.severe_tickets == 0
    assert context.contacts == ()
    assert context.health_at_risk is None


async def test_what_cannot_be_read_is_left_unsaid_alone(
    hubspot: FakeHubSpot, ask_hubspot: Ask
) -> None:
    acme(
        hubspot,
        arr="abc",
        nps="high",
        is_strategic="perhaps",
        channel="pigeon",
        hubspot_owner_id="nobody",
        collections_paused_until="soon",
        segment="x" * 1000,
    )
    hubspot.add("deals", "1", "512", pipeline="renewals", closedate="some day")
    context = await fetched(ask_hubspot(FULL))

    unsaid = ("arr", "nps", "strategic", "channel", "owner_email", "renewal_on")
    assert {name: getattr(context, name) for name in unsaid} == dict.fromkeys(unsaid)
    assert context.until == {}
    assert context.segment == "x" * 300
    assert context.renewal_under_way is True


async def test_many_deals_are_read_page_by_page_and_a_hundred_at_a_time(
    hubspot: FakeHubSpot, ask_hubspot: Ask
) -> None:
    acme(hubspot)
    for number in range(250):
        hubspot.add("deals", f"{number}", "512", hs_is_closed="true")
    hubspot.add("deals", "250", "512", pipeline="renewals", closedate="2026-06-30")
    context = await fetched(ask_hubspot(FULL))

    assert context.renewal_on == date(2026, 6, 30)
    assert hubspot.calls.count("POST /crm/v4/associations/companies/deals/batch/read") == 3
    assert hubspot.calls.count("POST /crm/v3/objects/deals/batch/read") == 3


async def test_a_record_deleted_in_between_is_passed_over(
    hubspot: FakeHubSpot, ask_hubspot: Ask
) -> None:
    acme(hubspot)
    hubspot.add("tickets", "7", "512", hs_ticket_priority="HIGH", hs_pipeline_stage="1")
    hubspot.beside["512", "tickets"].append("8")

    assert (await fetched(ask_hubspot(FULL))).severe_tickets == 1


async def test_an_owner_who_has_left_is_nobody(hubspot: FakeHubSpot, ask_hubspot: Ask) -> None:
    acme(hubspot, hubspot_owner_id="41", csm_owner="42")
    hubspot.add_owner("42", "carl@firm.example", "Carl")
    context = await fetched(ask_hubspot(FULL))

    assert (context.owner_name, context.owner_email) == (None, None)
    assert (context.csm_name, context.csm_email) == ("Carl", "carl@firm.example")


async def test_an_owner_is_looked_up_once_for_many_customers(
    hubspot: FakeHubSpot, ask_hubspot: Ask
) -> None:
    acme(hubspot, hubspot_owner_id="41", csm_owner="41")
    hubspot.add("companies", "513", customer_number="C-2", hubspot_owner_id="41")
    hubspot.add_owner("41", "erin@firm.example", "Erin")
    source = ask_hubspot(FULL)
    contexts = [await fetched(source, customer_id) for customer_id in ("C-1", "C-2")]

    assert [one.owner_email for one in contexts] == ["erin@firm.example"] * 2
    assert hubspot.calls.count("GET /crm/v3/owners/41") == 1
