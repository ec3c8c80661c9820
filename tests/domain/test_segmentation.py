"""Which policy an invoice gets, by the shipped rules and by each condition."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from domain.policy_text import parse_segments
from domain.segmentation import policy_for
from models.segments import InvoiceProfile, SegmentRule, Segments
from tests.domain.one_invoice import POLICY_FILES, SHIPPED

_FILE = POLICY_FILES / "segments.toml"
SEGMENTS = parse_segments(_FILE.read_text(), _FILE)


def _profile(**fields: Any) -> InvoiceProfile:
    return InvoiceProfile(**{"base_amount": Decimal(5_000)} | fields)


@pytest.mark.parametrize(
    ("profile", "policy"),
    [
        (_profile(strategic=True), "key_account"),
        (_profile(strategic=True, segment="saas"), "key_account"),
        (_profile(segment="enterprise", base_amount=Decimal(50_000)), "key_account"),
        (_profile(segment="enterprise", base_amount=Decimal("49_999.99")), "standard"),
        (_profile(segment="enterprise", base_amount=None), "key_account"),
        (_profile(segment="saas"), "saas"),
        (_profile(segment="saas", base_amount=None), "saas"),
        (_profile(segment="small", base_amount=Decimal("999.99")), "long_tail"),
        (_profile(segment="small", base_amount=Decimal(1_000)), "standard"),
        (_profile(segment="small", base_amount=None), "standard"),
        (_profile(), "standard"),
        (_profile(segment="SaaS"), "standard"),
        (InvoiceProfile(), "standard"),
    ],
)
def test_the_shipped_rules(profile: InvoiceProfile, policy: str) -> None:
    assert policy_for(profile, SEGMENTS) == policy


def test_every_shipped_rule_names_a_shipped_policy() -> None:
    assert {rule.policy for rule in SEGMENTS.rules} == set(SHIPPED)


@pytest.mark.parametrize(
    ("condition", "fits", "does_not"),
    [
        ({"segment": "a"}, {"segment": "a"}, {"segment": "b"}),
        ({"country": "DE"}, {"country": "DE"}, {"country": "AT"}),
        ({"currency": "EUR"}, {"currency": "EUR"}, {"currency": "USD"}),
        ({"tag": "vip"}, {"tags": frozenset({"new", "vip"})}, {"tags": frozenset({"vi"})}),
        ({"strategic": False}, {"strategic": False}, {"strategic": True}),
        ({"amount_from": 100}, {"base_amount": Decimal(100)}, {"base_amount": Decimal("99.99")}),
        ({"amount_below": 100}, {"base_amount": Decimal("99.99")}, {"base_amount": Decimal(100)}),
        ({"amount_from": 0}, {"base_amount": None}, {"base_amount": Decimal(-1)}),
        ({"amount_below": 100}, {"base_amount": Decimal(-1)}, {"base_amount": None}),
    ],
)
def test_each_condition(
    condition: dict[str, Any], fits: dict[str, Any], does_not: dict[str, Any]
) -> None:
    rules = (SegmentRule(policy="wanted", **condition), SegmentRule(policy="other"))
    segments = Segments(rules=rules)

    assert policy_for(_profile(**fits), segments) == "wanted"
    assert policy_for(_profile(**does_not), segments) == "other"


def test_every_condition_of_a_rule_must_hold() -> None:
    wanted = SegmentRule(policy="wanted", segment="a", country="DE")
    segments = Segments(rules=(wanted, SegmentRule(policy="other")))

    assert policy_for(_profile(segment="a", country="DE"), segments) == "wanted"
    assert policy_for(_profile(segment="a", country="AT"), segments) == "other"


@pytest.mark.parametrize("rules", [(), (SegmentRule(policy="p", country="DE"),)])
def test_a_list_that_leaves_an_invoice_out_is_refused(rules: tuple[SegmentRule, ...]) -> None:
    with pytest.raises(ValidationError, match="last rule must be without conditions"):
        Segments(rules=rules)
