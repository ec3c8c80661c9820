"""Mapping files: an empty one works, a wrong one says where and why."""

import pytest

from integrations.crm import Mapping, parse_hubspot_mapping, parse_salesforce_mapping
from integrations.crm.mapping import Condition
from models.errors import PolicyInvalid
from models.vocabulary import Role

WRONG = [
    ('[customer]\nkey = "a"\nsegmnet = "b"\n', 3, "customer.segmnet", "there is no such key"),
    ('[customers]\nkey = "a"\n', 1, "customers", "there is no such key"),
    ('customer = "a"\n', 1, "customer", "valid dictionary"),
    ('[customer]\nkey = ""\n', 2, "customer.key", "a property has to be named"),
    ("[customer]\narr = \"a' OR Id != '\"\n", 2, "customer.arr", "is no name of a property"),
    ('[flags]\ninsolvent = "two words"\n', 2, "flags.insolvent", "is no name of a property"),
    ("[health]\nat_risk_below = 40\n", 1, "health", "property is missing"),
    ('[health]\nproperty = "h"\nat_risk = []\n', 3, "health.at_risk", "at least one value"),
    ('[health]\nat_risk = "red"\n', 1, "health", "property is missing"),
    ("[nps]\nat_risk_below = 0\n", 1, "nps", "property is missing"),
    ('[nps]\nproperty = "n"\nat_risk_below = "low"\n', 3, "nps.at_risk_below", "valid decimal"),
    ("[deals.renewal]\n\npipeline = []\n", 3, "deals.renewal.pipeline", "at least one value"),
    ("[deals]\nopen = { a = 1.5 }\n", 2, "deals.open.a", "whole numbers"),
    ('[tickets.severe]\n"a b" = "HIGH"\n', 2, "tickets.severe.a b", "is no name of a property"),
    ('[contacts.roles]\nboss = "CEO"\n', 2, "contacts.roles.boss", "'ap', 'finance_lead'"),
    ('[until]\nsegment = "a"\n', 2, "until.segment", "there is no such key"),
    ('[customer]\nkey = "a\n', 2, "TOML", "character"),
]


@pytest.mark.parametrize(("text", "line", "key", "problem"), WRONG)
def test_a_wrong_file_says_line_key_and_problem(
    text: str, line: int, key: str, problem: str
) -> None:
    with pytest.raises(PolicyInvalid) as wrong:
        parse_hubspot_mapping(text, "crm.toml")

    assert (wrong.value.line, wrong.value.key) == (line, key)
    assert problem in str(wrong.value)
    assert str(wrong.value).startswith(f"crm.toml:{line}: ")


def test_an_empty_file_asks_for_what_every_account_has() -> None:
    hubspot, salesforce = parse_hubspot_mapping("", "a"), parse_salesforce_mapping("", "b")

    assert hubspot.customer.key == "hs_object_id"
    assert hubspot.people == {"owner": "hubspot_owner_id"}
    assert hubspot.asked_of_customer == ()
    assert hubspot.deals.asked == ("hs_is_closed", "dealtype", "closedate")
    assert hubspot.tickets.asked == ("closed_date", "hs_ticket_priority")
    assert salesforce.customer.key == "AccountNumber"
    assert salesforce.people == {"owner": "Owner"}
    assert salesforce.deals.asked == ("IsClosed", "Type", "CloseDate")


def test_what_a_file_says_stands_in_place_of_the_default_key_by_key() -> None:
    text = '[customer]\nkey = "customer_number"\n[deals.renewal]\npipeline = "renewals"\n'
    mapping = parse_hubspot_mapping(text, "a")

    assert mapping.customer.owner == "hubspot_owner_id"
    assert mapping.deals.renewal == {"pipeline": ("renewals",)}
    assert mapping.deals.expansion == {"dealtype": ("existingbusiness",)}


@pytest.mark.parametrize(
    "text",
    ["[tickets]\nsevere = {}\n", "[tickets.severe]\n"],
)
def test_an_empty_condition_leaves_the_tickets_alone(text: str) -> None:
    assert parse_hubspot_mapping(text, "a").tickets.asked == ()


def test_a_property_may_be_taken_back() -> None:
    assert parse_hubspot_mapping('[contacts]\nrole = ""\n', "a").contacts.role == ""


def test_only_hubspot_knows_of_unique_properties() -> None:
    assert parse_hubspot_mapping("[customer]\nunique = true\n", "a").customer.unique
    with pytest.raises(PolicyInvalid, match=r"a:2: customer\.unique: there is no such key"):
        parse_salesforce_mapping("[customer]\nunique = true\n", "a")


def test_one_value_is_a_list_of_one() -> None:
    text = '[deals]\nopen = { hs_is_closed = false }\n[contacts.roles]\nap = ["AP", 7]\n'
    mapping = parse_hubspot_mapping(text, "a")
    not_closed: Condition = {"hs_is_closed": (False,)}

    assert mapping.deals.open == not_closed
    assert mapping.contacts.roles == {Role.AP: ("AP", 7)}


def test_the_same_property_is_asked_for_once() -> None:
    text = """\
[customer]
segment = "Tier__c"
strategic = "tier__c"
[flags]
insolvent = "Hold__c"
legal_hold = "Hold__c"
"""
    mapping: Mapping = parse_salesforce_mapping(text, "a")

    assert mapping.asked_of_customer == ("Tier__c", "Hold__c")
