"""Deals, tickets, scores and contacts in HubSpot, and what they come to."""

from datetime import date

import pytest

from models.vocabulary import Role
from tests.crm.fake_hubspot import FakeHubSpot
from tests.crm.hubspot_customer import FULL, Ask, acme, fetched


async def test_closed_deals_count_for_nothing(hubspot: FakeHubSpot, ask_hubspot: Ask) -> None:
    acme(hubspot)
    hubspot.add("deals", "1", "512", pipeline="renewals", hs_is_closed="true")
    hubspot.add("deals", "2", "512", dealtype="existingbusiness", hs_is_closed="true")
    context = await fetched(ask_hubspot(FULL))

    assert context.renewal_under_way is False
    assert context.expansion_under_way is False


async def test_a_renewal_is_no_expansion_and_the_next_one_counts(
    hubspot: FakeHubSpot, ask_hubspot: Ask
) -> None:
    acme(hubspot)
    both = {"pipeline": "renewals", "dealtype": "existingbusiness", "hs_is_closed": "false"}
    hubspot.add("deals", "1", "512", **both, closedate="2026-09-30")
    hubspot.add("deals", "2", "512", **both, closedate="2026-06-30")
    hubspot.add("deals", "3", "512", **both)
    context = await fetched(ask_hubspot(FULL))

    assert context.renewal_on == date(2026, 6, 30)
    assert context.expansion_under_way is False


@pytest.mark.parametrize(
    ("priority", "stage", "severe"), [("HIGH", "1", 1), ("HIGH", "4", 0), ("LOW", "1", 0)]
)
async def test_a_ticket_counts_when_it_is_severe_and_open(
    hubspot: FakeHubSpot, ask_hubspot: Ask, priority: str, stage: str, severe: int
) -> None:
    acme(hubspot)
    hubspot.add("tickets", "7", "512", hs_ticket_priority=priority, hs_pipeline_stage=stage)

    assert (await fetched(ask_hubspot(FULL))).severe_tickets == severe


@pytest.mark.parametrize(("closed", "severe"), [(None, 1), ("", 1), ("2026-01-05", 0)])
async def test_by_default_a_ticket_is_open_until_it_has_a_close_date(
    hubspot: FakeHubSpot, ask_hubspot: Ask, closed: str | None, severe: int
) -> None:
    acme(hubspot)
    hubspot.add("tickets", "7", "512", hs_ticket_priority="HIGH", closed_date=closed)

    assert (await fetched(ask_hubspot(""), "512")).severe_tickets == severe


@pytest.mark.parametrize(
    ("health", "nps", "at_risk"),
    [
        ("red", "50", True),
        ("green", "-5", True),
        ("green", "0", False),
        ("green", None, False),
        (None, "-1", True),
        (None, "good", None),
        (None, None, None),
    ],
)
async def test_one_sign_of_risk_is_enough(
    hubspot: FakeHubSpot, ask_hubspot: Ask, health: str | None, nps: str | None, at_risk: bool
) -> None:
    acme(hubspot, health=health, nps=nps)

    assert (await fetched(ask_hubspot(FULL))).health_at_risk is at_risk


@pytest.mark.parametrize(("score", "at_risk"), [("39.9", True), ("40", False), ("n/a", None)])
async def test_a_health_score_below_its_bound_is_a_risk(
    hubspot: FakeHubSpot, ask_hubspot: Ask, score: str, at_risk: bool | None
) -> None:
    hubspot.add("companies", "512", score=score)
    context = await fetched(
        ask_hubspot('[health]\nproperty = "score"\nat_risk_below = 40\n'), "512"
    )

    assert context.health_at_risk is at_risk
    assert context.health == score


async def test_contacts_without_a_role_or_an_address_are_left_out(
    hubspot: FakeHubSpot, ask_hubspot: Ask
) -> None:
    acme(hubspot)
    people = {
        "1": ("controller@customer.example", "controller"),
        "2": ("dev@customer.example", "Developer"),
        "3": ("no address", "CFO"),
        "4": (None, "CFO"),
        "5": ("both@customer.example", "CFO;Accounts payable"),
        "6": ("boss@customer.example", "Managing Director"),
        "7": ("unsaid@customer.example", None),
    }
    for number, (email, role) in people.items():
        hubspot.add("contacts", number, "512", email=email, ar_role=role)
    contacts = (await fetched(ask_hubspot(FULL))).contacts

    assert {one.email: one.role for one in contacts or ()} == {
        "controller@customer.example": Role.FINANCE_LEAD,
        "both@customer.example": Role.AP,
        "boss@customer.example": Role.ESCALATION,
    }


async def test_without_a_table_of_roles_job_titles_are_understood(
    hubspot: FakeHubSpot, ask_hubspot: Ask
) -> None:
    acme(hubspot)
    for number, title in enumerate(("Accounts Payable", "Chief Financial Officer", "Developer")):
        hubspot.add("contacts", f"{number}", "512", email=f"{number}@c.example", jobtitle=title)
    contacts = (await fetched(ask_hubspot(""), "512")).contacts

    assert [one.role for one in contacts or ()] == [Role.AP, Role.CFO]


async def test_a_deal_with_two_labels_is_read_once(hubspot: FakeHubSpot, ask_hubspot: Ask) -> None:
    acme(hubspot)
    hubspot.add("tickets", "7", "512", hs_ticket_priority="HIGH", hs_pipeline_stage="1")

    assert (await fetched(ask_hubspot(FULL))).severe_tickets == 1
