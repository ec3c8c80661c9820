"""One message per customer, day and currency, whatever wakes at once."""

from collections import Counter
from datetime import date
from itertools import pairwise

from models.tables import Touch
from models.vocabulary import TouchOutcome
from tests.harness import Harness


async def test_forty_invoices_make_one_letter_a_day(firm: Harness) -> None:
    await firm.add_customer()
    for number in range(40):
        await firm.follow_up(await firm.add_invoice(f"I-{number:02}", amount="120.00"))

    await firm.pass_until(date(2026, 3, 12))

    assert firm.sent == ["reminder", "due-notice", "first-notice"]
    assert all(f"I-{number:02}" in firm.outbox.sent[-1].letter.text for number in range(40))
    touches = await firm.rows(Touch, step="first-notice")
    assert Counter(touch.outcome for touch in touches) == {
        TouchOutcome.SENT: 1,
        TouchOutcome.COVERED: 39,
    }


async def test_the_invoice_furthest_along_sets_the_stage(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice("NEW", due=date(2026, 2, 19)))
    await firm.follow_up(await firm.add_invoice("OLD", due=date(2026, 1, 26)))

    await firm.pass_until(date(2026, 2, 17))

    [letter], [message] = firm.outbox.sent, await firm.messages()
    assert (message.plan["invoice_id"], message.plan["step"]) == ("OLD", "second-notice")
    assert "NEW" in letter.letter.text


async def test_two_currencies_make_two_letters(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice("DOLLARS"))
    await firm.follow_up(await firm.add_invoice("EUROS", currency="EUR"))

    await firm.pass_until(date(2026, 2, 28))

    assert sorted(one.message_id.split("/")[0] for one in firm.outbox.sent) == ["DOLLARS", "EUROS"]


async def test_customers_are_not_mixed(firm: Harness) -> None:
    for customer in ("ACME", "BOLT"):
        await firm.add_customer(customer, email=f"ap@{customer.lower()}.example")
        await firm.follow_up(await firm.add_invoice(f"{customer}-1", customer_id=customer))

    await firm.pass_until(date(2026, 2, 28))

    for letter in firm.outbox.sent:
        other = "BOLT" if "acme" in letter.to else "ACME"
        assert f"{other}-1" not in letter.letter.text
    assert len(firm.outbox.sent) == 2


async def test_between_two_letters_lie_at_least_three_days(firm: Harness) -> None:
    await firm.add_customer()
    for number in range(6):
        due = date(2026, 2, 20 + number)
        await firm.follow_up(await firm.add_invoice(f"I-{number}", due=due))

    await firm.pass_until(date(2026, 4, 30))

    days = firm.sent_on
    assert all((later - earlier).days >= 3 for earlier, later in pairwise(days))


async def test_a_touch_with_a_call_opens_the_call_once(firm: Harness) -> None:
    await firm.add_customer(owner_name="Mara Quill", owner_email="mara@harbour.example")
    for number in (1, 2):
        await firm.follow_up(await firm.add_invoice(f"I-{number}"))
    await firm.start_rounds()

    await firm.pass_until(date(2026, 4, 2))

    tasks = [task for number in (1, 2) for task in await firm.tasks(f"I-{number}")]
    assert [task.kind for task in tasks] == ["call"]
    assert tasks[0].owner == "mara@harbour.example"
    assert await firm.told_of_the_day("mara@harbour.example") == [
        "Receivables: 1 matter for 2026-03-17",  # the call
        "Receivables: 1 matter for 2026-04-02",  # the final notice
    ]
    assert firm.outbox.sent[-1].cc == ("mara@harbour.example",)
