"""How a customer pays changes when and how they are pressed."""

from datetime import date

from models.vocabulary import Reason, TaskKind
from tests.harness import Harness

ON_45 = [45, 44, 46, 45, 45, 44, 46, 45]


async def test_who_always_pays_on_day_45_gets_a_friendly_note_and_no_pressure_before_52(
    firm: Harness,
) -> None:
    await firm.add_customer()
    await firm.has_paid(ON_45)
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 16)))

    await firm.pass_until(date(2026, 4, 8))  # day 51
    assert firm.sent == ["due-notice"]
    assert (await firm.state()).reason is Reason.RELIABLE_LATE_PAYER
    assert any("Surely late: pays about 45 days after" in one.text for one in await firm.lines())

    await firm.pass_until(date(2026, 4, 9))  # day 52: 45 and 7 of tolerance
    assert firm.sent == ["due-notice", "first-notice"]


async def test_a_first_slip_in_a_long_while_gets_no_firm_words_early(firm: Harness) -> None:
    await firm.add_customer()
    await firm.has_paid([-1, 0, -2, 0, -1, 0, 0, -3])
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 16)))

    await firm.pass_until(date(2026, 3, 4))

    assert firm.sent == ["due-notice", "first-notice", "second-notice"]
    assert firm.outbox.sent[-1].letter.template_version.startswith("en/gentle_reminder@")
    assert any("Late for the first time" in one.text for one in await firm.lines())


async def test_who_pays_later_and_later_is_called_whatever_the_amount(firm: Harness) -> None:
    await firm.add_customer()
    await firm.has_paid([0, 1, 0, 2, 1, 0, 3, 2, 14, 20, 25])
    await firm.follow_up(await firm.add_invoice(amount="400.00", due=date(2026, 2, 16)))

    await firm.pass_until(date(2026, 3, 4))

    assert [task.kind for task in await firm.tasks()] == [TaskKind.CALL]
