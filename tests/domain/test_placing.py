"""Money over its invoices: filled in order, taken back from the last, and never more than it is."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.placing import Place, places

_cents = st.decimals(0, 300, places=2)
_shares = st.lists(st.tuples(st.sampled_from("abc"), _cents), max_size=4)


def spread(
    amount: str, shares: dict[str, str], gone: str = "0", refunded: str = "0"
) -> dict[str, Place]:
    """Over invoices that come to 100 each."""
    told = [(name, Decimal(share)) for name, share in shares.items()]
    worth = dict.fromkeys(shares, Decimal(100))
    return places(Decimal(amount), Decimal(gone), Decimal(refunded), told, worth)


def test_what_is_gone_is_missing_from_the_last_shares() -> None:
    found = spread("300", {"a": "100", "b": "100", "c": "100"}, gone="150")

    assert [found[name].amount for name in "abc"] == [100, 50, 0]
    assert [found[name].claimed for name in "abc"] == [100, 100, 100]


def test_a_refund_takes_what_is_in_no_share_first() -> None:
    found = spread("150", {"a": "100"}, refunded="50")

    assert found["a"] == Place(Decimal(100), Decimal(0), Decimal(100))


def test_a_refund_of_what_was_too_much_for_the_invoice_credits_nothing() -> None:
    assert spread("130", {"a": "130"}, refunded="30")["a"].refunded == 0


def test_a_refund_of_what_stood_there_is_credited() -> None:
    found = spread("100", {"a": "100"}, refunded="40")["a"]

    assert (found.amount + found.refunded, found.refunded) == (Decimal(100), Decimal(40))


def test_money_that_the_bank_has_is_not_given_back_as_well() -> None:
    assert spread("100", {"a": "100"}, gone="100", refunded="40")["a"].refunded == 0


@given(amount=_cents, gone=_cents, refunded=_cents, shares=_shares)
def test_it_is_never_more_than_the_money(
    amount: Decimal, gone: Decimal, refunded: Decimal, shares: list[tuple[str, Decimal]]
) -> None:
    worth = dict.fromkeys("abc", Decimal(100))

    found = places(amount, gone, refunded, shares, worth)

    placed = sum((one.amount for one in found.values()), Decimal(0))
    credited = sum((one.refunded for one in found.values()), Decimal(0))
    assert 0 <= placed <= max(Decimal(0), amount - gone - refunded)
    assert 0 <= credited <= refunded
    assert all(0 <= one.amount <= one.claimed for one in found.values())
    assert set(found) == {name for name, _ in shares}
