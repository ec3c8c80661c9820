"""Opportunities, cases and contacts in Salesforce, and what they come to."""

import pytest

from models.vocabulary import Role
from tests.crm.fake_salesforce import FakeSalesforce
from tests.crm.salesforce_customer import FULL, RENEWAL, Ask, acme, contact, fetched, opportunity


async def test_nothing_beside_the_account_is_said_to_be_nothing(
    salesforce: FakeSalesforce, ask_salesforce: Ask
) -> None:
    acme(salesforce)
    context = await fetched(ask_salesforce(FULL))

    assert context.renewal_under_way is False
    assert context.expansion_under_way is False
    assert context.severe_tickets == 0
    assert context.contacts == ()
    assert context.health_at_risk is None


async def test_every_field_of_a_condition_has_to_fit(
    salesforce: FakeSalesforce, ask_salesforce: Ask
) -> None:
    account = acme(salesforce)
    account["Opportunities"] += [
        opportunity(**RENEWAL, IsClosed=True),
        opportunity(**{**RENEWAL, "StageName": "Prospecting"}),
        opportunity(**RENEWAL, Type="Upsell"),
        opportunity(Type="Upsell", IsClosed=True),
    ]
    context = await fetched(ask_salesforce(FULL))

    assert context.renewal_under_way is True
    assert context.expansion_under_way is False


@pytest.mark.parametrize(
    ("priority", "closed", "severe"),
    [("High", False, 1), ("High", True, 0), ("Low", False, 0), (None, False, 0)],
)
async def test_a_case_counts_when_it_is_severe_and_open(
    salesforce: FakeSalesforce, ask_salesforce: Ask, priority: str, closed: bool, severe: int
) -> None:
    account = acme(salesforce)
    account["Cases"] += [{"Id": "500", "IsClosed": closed, "Priority": priority}]

    assert (await fetched(ask_salesforce(FULL))).severe_tickets == severe


async def test_contacts_without_a_role_or_an_address_are_left_out(
    salesforce: FakeSalesforce, ask_salesforce: Ask
) -> None:
    account = acme(salesforce)
    account["Contacts"] += [
        contact("cfo@customer.example", "CFO;AP"),
        contact("dev@customer.example", "Developer"),
        contact(None, "CFO"),
        contact("no address", "CFO"),
        contact("unsaid@customer.example", None),
    ]
    contacts = (await fetched(ask_salesforce(FULL))).contacts

    assert [(one.email, one.role) for one in contacts or ()] == [("cfo@customer.example", Role.AP)]


async def test_without_a_table_of_roles_titles_are_understood(
    salesforce: FakeSalesforce, ask_salesforce: Ask
) -> None:
    account = acme(salesforce)
    account["Contacts"] += [contact("a@c.example", "Controller"), contact("b@c.example", "Clerk")]
    contacts = (await fetched(ask_salesforce(""))).contacts

    assert [one.role for one in contacts or ()] == [Role.FINANCE_LEAD]


async def test_many_children_are_read_page_by_page(
    salesforce: FakeSalesforce, ask_salesforce: Ask
) -> None:
    salesforce.page = 3
    account = acme(salesforce)
    account["Opportunities"] += [opportunity(Type="New") for _ in range(7)]
    account["Opportunities"] += [opportunity(Type="Upsell")]
    account["Cases"] += [{"Id": "500", "IsClosed": False, "Priority": "High"}] * 8
    account["Contacts"] += [contact(f"{n}@customer.example", "AP") for n in range(4)]
    context = await fetched(ask_salesforce(FULL))

    assert context.expansion_under_way is True
    assert context.severe_tickets == 8
    assert len(context.contacts or ()) == 4
    # Two more pages of opportunities, one of contacts; of cases the number is enough.
    assert len([call for call in salesforce.calls if "/query/" in call]) == 3
