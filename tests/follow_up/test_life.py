"""The plain life of a follow-up: letters in order, then the money."""

from datetime import date

from tests.harness import Harness


async def test_an_unpaid_invoice_gets_each_letter_in_its_turn(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice())

    await firm.pass_until(date(2026, 4, 30))

    assert firm.sent == ["reminder", "due-notice", "first-notice", "second-notice", "final-notice"]


async def test_a_payment_ends_the_chase(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice())
    await firm.pass_until(date(2026, 3, 12))
    sent = list(firm.sent)

    await firm.pay()

    assert await firm.outcome() == "paid"
    await firm.pass_days(60)
    assert firm.sent == sent
