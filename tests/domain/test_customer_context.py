"""What several sources say of one customer, as one: whose word counts, how long, and for what."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.customer_context import STAFF, conditions, in_order, merged, overlaid
from models.context import CustomerContext, KnownContact
from models.policy import CONDITIONS
from models.vocabulary import Channel, Reason
from tests.domain.one_invoice import customer, march
from tests.domain.strategies import often

TODAY = march(10)


def _says(**fields: Any) -> CustomerContext:
    return CustomerContext(**fields)


def _merged(**sources: CustomerContext) -> CustomerContext:
    return merged(in_order(sources), TODAY)


def test_our_own_peoples_word_goes_before_the_systems() -> None:
    crm = _says(owner_email="mara@firm.example", segment="enterprise", paused_by_sales=True)
    staff = _says(owner_email="jon@firm.example", paused_by_sales=False)

    known = _merged(hubspot=crm, staff=staff)

    assert known.owner_email == "jon@firm.example"
    assert known.segment == "enterprise"
    assert known.paused_by_sales is False


def test_systems_come_in_the_order_of_their_names() -> None:
    sources = {name: _says(segment=name) for name in ("zendesk", "hubspot", STAFF, "salesforce")}

    assert [said.segment for said in in_order(sources)] == [
        STAFF,
        "hubspot",
        "salesforce",
        "zendesk",
    ]


@pytest.mark.parametrize(
    ("until", "counts"), [(march(9), False), (march(10), True), (march(11), True)]
)
def test_a_word_counts_up_to_its_day(until: date, counts: bool) -> None:
    staff = _says(paused_by_sales=True, segment="small", until={"paused_by_sales": until})

    known = _merged(staff=staff)

    assert known.paused_by_sales == (True if counts else None)
    assert known.segment == "small"


def test_once_its_day_has_passed_the_next_source_is_heard() -> None:
    staff = _says(do_not_contact=False, until={"do_not_contact": march(9)})

    assert _merged(staff=staff, crm=_says(do_not_contact=True)).do_not_contact is True


def test_no_is_a_word_and_nothing_is_none() -> None:
    assert _merged(staff=_says(strategic=False), crm=_says(strategic=True)).strategic is False
    assert _merged(staff=_says(), crm=_says(strategic=True)).strategic is True
    assert _merged(staff=_says(severe_tickets=0), crm=_says(severe_tickets=3)).severe_tickets == 0
    assert _merged() == CustomerContext()


def test_contacts_and_days_are_each_sources_own() -> None:
    person = KnownContact(email="cfo@acme.example")
    known = _merged(crm=_says(contacts=(person,), until={"segment": march(30)}))

    assert (known.contacts, known.until) == (None, {})


_words = st.builds(
    CustomerContext,
    segment=st.sampled_from([None, "small", "enterprise"]),
    strategic=st.sampled_from([None, True, False]),
    arr=st.sampled_from([None, Decimal(5)]),
    channel=st.sampled_from([None, *Channel]),
    until=st.dictionaries(
        st.sampled_from(["segment", "strategic"]), st.sampled_from([march(9), march(10)])
    ),
)


@given(st.lists(_words, max_size=4))
@often
def test_every_field_is_the_first_word_that_still_counts(said: list[CustomerContext]) -> None:
    known = merged(said, TODAY)

    for field in ("segment", "strategic", "arr", "channel"):
        words = [
            getattr(one, field)
            for one in said
            if getattr(one, field) is not None and one.until.get(field, TODAY) >= TODAY
        ]
        assert getattr(known, field) == (words[0] if words else None)


@pytest.mark.parametrize(
    ("said", "delicate"),
    [
        (_says(), set()),
        (_says(paused_by_sales=True), {Reason.PAUSED_BY_SALES}),
        (_says(renewal_under_way=True), {Reason.RENEWAL_UNDER_WAY}),
        (_says(expansion_under_way=True), {Reason.EXPANSION_UNDER_WAY}),
        (_says(severe_tickets=1), {Reason.SEVERE_TICKET}),
        (_says(severe_tickets=0), set()),
        (_says(health_at_risk=True), {Reason.HEALTH_AT_RISK}),
        (_says(health="red", nps=-40, renewal_on=march(20)), set()),  # only what they come to
        (
            _says(paused_by_sales=False, renewal_under_way=True, severe_tickets=2),
            {Reason.RENEWAL_UNDER_WAY, Reason.SEVERE_TICKET},
        ),
    ],
)
def test_what_is_known_amounts_to_conditions(said: CustomerContext, delicate: set[Reason]) -> None:
    assert conditions(said) == delicate


def test_every_condition_of_a_policy_can_come_about() -> None:
    everything = _says(
        paused_by_sales=True,
        renewal_under_way=True,
        expansion_under_way=True,
        severe_tickets=1,
        health_at_risk=True,
    )

    assert conditions(everything) == CONDITIONS


def test_what_the_context_knows_better_goes_over_the_register() -> None:
    register = customer(
        owner="old",
        owner_name="Old",
        owner_email="old@firm.example",
        segment="small",
        strategic=True,
    )
    known = _says(
        owner_name="Mara",
        owner_email="mara.b@firm.example",
        segment="enterprise",
        language="fr",
        legal_hold=True,
        strategic=False,
    )

    who = overlaid(register, known)

    assert (who.owner, who.owner_name, who.owner_email) == ("mara.b", "Mara", "mara.b@firm.example")
    assert (who.segment, who.language, who.legal_hold, who.strategic) == (
        "enterprise",
        "fr",
        True,
        False,
    )


def test_where_the_context_says_nothing_the_register_stands() -> None:
    register = customer(owner="mara", owner_email="mara@firm.example", segment="small")

    assert overlaid(register, _says()) == register
    assert overlaid(register, _says(owner_email="", segment="", language="")) == register


def test_conditions_are_the_contexts_alone() -> None:
    before = customer(delicate=frozenset({Reason.SEVERE_TICKET}))

    assert overlaid(before, _says(health_at_risk=True)).delicate == {Reason.HEALTH_AT_RISK}
    assert overlaid(before, _says()).delicate == frozenset()
