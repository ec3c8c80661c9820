"""The letters of an unpaid invoice: in order, in the customer's morning, on banking days."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from models.vocabulary import TaskKind, TouchOutcome
from tests.harness import Harness

WINDOW = (time(9), time(11, 30))


async def test_an_unpaid_invoice_gets_each_letter_in_its_turn(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice())

    await firm.pass_until(date(2026, 4, 30))

    assert firm.sent == ["reminder", "due-notice", "first-notice", "second-notice", "final-notice"]
    # Due on Monday 2 March; a banking day of grace makes Tuesday the day that offsets count from.
    assert firm.sent_on == [
        date(2026, 2, 27),
        date(2026, 3, 3),
        date(2026, 3, 10),
        date(2026, 3, 17),
        date(2026, 4, 2),
    ]


async def test_the_end_of_the_cadence_is_put_before_a_person(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice())

    await firm.pass_until(date(2026, 5, 30))

    assert (await firm.state()).status == "awaiting_decision"
    assert TaskKind.DISPOSITION in [task.kind for task in await firm.tasks()]


async def test_all_letters_about_an_invoice_make_one_thread(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice())

    await firm.pass_until(date(2026, 3, 18))

    ids = [one.message_id for one in firm.outbox.sent]
    assert [one.references for one in firm.outbox.sent] == [
        tuple(ids[:0]),
        tuple(ids[:1]),
        tuple(ids[:2]),
        tuple(ids[:3]),
    ]
    assert ids[0] == "INV-1/reminder/1@harbour.example"


async def test_an_invoice_that_enters_late_takes_the_step_of_its_age_once(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(due=date(2026, 1, 5)))

    await firm.pass_days(10)

    assert firm.sent == ["final-notice"]
    skipped = [step for step, outcome in await firm.touches() if outcome is TouchOutcome.SKIPPED]
    assert sorted(skipped) == ["due-notice", "first-notice", "reminder", "second-notice"]


async def test_a_customer_in_sydney_and_one_in_los_angeles_both_get_mail_in_their_morning(
    firm: Harness,
) -> None:
    zones = {"KOALA": ("AU", "Australia/Sydney"), "SURF": ("US", "America/Los_Angeles")}
    for customer, (country, zone) in zones.items():
        await firm.add_customer(
            customer, email=f"ap@{customer.lower()}.example", country=country, zone=zone
        )
        await firm.follow_up(await firm.add_invoice(f"{customer}-1", customer_id=customer))

    await firm.pass_until(date(2026, 4, 30))

    assert len(firm.outbox.sent) == 10
    for letter in firm.outbox.sent:
        zone = zones[letter.message_id.split("-")[0]][1]
        assert WINDOW[0] <= letter.dated.astimezone(ZoneInfo(zone)).time() < WINDOW[1]


async def test_nobody_works_on_the_due_day_and_the_letter_leaves_the_day_after(
    quick_firm: Harness,
) -> None:
    firm = quick_firm
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice("ABSENT-1"))
    await firm.pass_until(date(2026, 3, 8))

    await firm.stop_worker()
    await firm.pass_until(date(2026, 3, 13), hour=17)
    assert firm.sent == ["reminder", "due-notice"]
    await firm.start_worker()
    # A day lasts a second here: a busy machine needs more than an afternoon to hand it over.
    await firm.pass_until(date(2026, 3, 18), hour=8)

    # The first notice was up on Tuesday the 10th; nobody worked until Friday afternoon.
    assert firm.sent == ["reminder", "due-notice", "first-notice"]
    assert firm.sent_on[-1] == date(2026, 3, 16)


async def test_starting_twice_starts_once(firm: Harness) -> None:
    await firm.add_customer()
    invoice = await firm.add_invoice()
    follow_up = await firm.follow_up(invoice)

    assert not await firm.follow_ups.start(follow_up)
    await firm.pass_until(date(2026, 3, 1))
    assert firm.sent == ["reminder"]
    await firm.pay()
    await firm.outcome()
    assert not await firm.follow_ups.start(follow_up)


class TestClockChanges:
    """Israel's clocks change on a Sunday, which is a banking day there."""

    @pytest.fixture
    def country(self) -> str:
        return "IL"

    @pytest.fixture
    def begins(self) -> date:
        return date(2026, 10, 12)

    async def test_a_clock_change_on_a_send_day_does_not_move_the_letter(
        self, firm: Harness
    ) -> None:
        zone = "Asia/Jerusalem"
        await firm.add_customer(country="IL", zone=zone)
        changes = date(2026, 10, 25)
        assert _offset(zone, date(2026, 10, 24)) != _offset(zone, date(2026, 10, 26))
        # Chase date 18 October: the first notice is up seven days later.
        await firm.follow_up(await firm.add_invoice(due=date(2026, 10, 15)))

        await firm.pass_until(date(2026, 10, 29))

        local = [one.dated.astimezone(ZoneInfo(zone)) for one in firm.outbox.sent]
        assert [at.date() for at in local] == [date(2026, 10, 15), date(2026, 10, 18), changes]
        assert len({at.time().replace(microsecond=0) for at in local}) == 1


def _offset(zone: str, day: date) -> object:
    return datetime.combine(day, time(12), tzinfo=ZoneInfo(zone)).utcoffset()


async def test_letters_are_dated_when_they_leave(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice())
    await firm.pass_until(date(2026, 2, 28))
    [letter] = firm.outbox.sent
    assert letter.dated.tzinfo == UTC
    [message] = await firm.messages()
    assert message.sent_at == letter.dated
