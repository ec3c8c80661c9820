"""Mail that cannot leave: nothing is lost, nothing doubled, and a person hears of it."""

from datetime import date
from itertools import count

from integrations.mail.transport import AcceptanceUnknown
from models import events
from models.errors import AddressRejected, MailRefused, MailUnavailable
from models.letter import Envelope
from models.tables import Contact
from models.vocabulary import Role, TaskKind, TouchOutcome
from store import timeline
from tests.fake_outbox import Trouble
from tests.harness import STAFF, Harness


async def test_a_mail_server_away_for_a_day_loses_and_doubles_nothing(firm: Harness) -> None:
    for customer in ("ACME", "BOLT", "COIL"):
        await firm.add_customer(customer, email=f"ap@{customer.lower()}.example")
        for number in (1, 2):
            invoice = await firm.add_invoice(f"{customer}-{number}", customer_id=customer)
            await firm.follow_up(invoice)
    await firm.pass_until(date(2026, 3, 9))
    before = len(firm.outbox.sent)

    firm.outbox.trouble = lambda _: MailUnavailable("421 closed for today")
    await firm.pass_until(date(2026, 3, 11), hour=4)
    assert len(firm.outbox.sent) == before
    firm.outbox.trouble = None
    await firm.pass_until(date(2026, 3, 12))

    late = firm.outbox.sent[before:]
    assert sorted(one.to for one in late) == [
        "ap@acme.example",
        "ap@bolt.example",
        "ap@coil.example",
    ]
    assert {one.dated.date() for one in late} == {date(2026, 3, 11)}
    for one in late:
        customer = one.to.partition("@")[2].partition(".")[0].upper()
        assert f"{customer}-1" in one.letter.text
        assert f"{customer}-2" in one.letter.text


async def test_a_letter_that_may_have_arrived_comes_again_under_the_same_name(
    firm: Harness,
) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice())
    heard: list[str] = []

    def broken_off_once(envelope: Envelope) -> Exception | None:
        heard.append(envelope.message_id)
        return AcceptanceUnknown("connection lost") if len(heard) == 1 else None

    firm.outbox.trouble = broken_off_once
    await firm.pass_until(date(2026, 2, 28))

    assert heard == ["INV-1/reminder/1@harbour.example"] * 2
    assert firm.sent == ["reminder"]
    lines = await firm.database.read(lambda session: timeline.entries(session, "INV-1"))
    assert any("interrupted" in line.text for line in lines)


async def test_a_letter_that_is_never_confirmed_is_not_repeated_for_ever(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice())
    heard: list[str] = []

    def never_confirmed(envelope: Envelope) -> Exception | None:
        if "/reminder/" not in envelope.message_id:
            return None
        heard.append(envelope.message_id)
        return AcceptanceUnknown("no answer in time")

    firm.outbox.trouble = never_confirmed
    await firm.pass_until(date(2026, 3, 5))

    assert heard == ["INV-1/reminder/1@harbour.example"] * 3
    assert firm.sent == ["due-notice"]
    assert ("reminder", TouchOutcome.FAILED) in await firm.touches()
    assert [task.kind for task in await firm.tasks()] == [TaskKind.MEND]


async def test_a_letter_that_could_not_leave_before_the_next_step_gives_way_to_it(
    firm: Harness,
) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(), policy="saas")
    await firm.pass_until(date(2026, 3, 9))
    before = list(firm.sent)
    firm.outbox.trouble = lambda _: MailUnavailable("421 closed for days")

    await firm.pass_until(date(2026, 3, 12))
    await firm.tell(events.CustomerReplied, received_at=await firm.now())
    await firm.pass_until(date(2026, 3, 15))
    firm.outbox.trouble = None
    await firm.pass_until(date(2026, 3, 16))

    sent, touches = firm.sent[len(before) :], dict(await firm.touches())
    assert len(sent) == 1
    assert touches[sent[0]] is TouchOutcome.SENT
    assert TouchOutcome.SKIPPED in touches.values()
    assert TouchOutcome.CLAIMED not in touches.values()


async def test_an_owner_whose_address_is_refused_is_told_of_by_the_staff(firm: Harness) -> None:
    await firm.add_customer(owner_email="gone@harbour.example")
    firm.outbox.trouble = _refuses("gone@harbour.example")
    await firm.follow_up(await firm.add_invoice(due=date(2026, 1, 15)))
    await firm.start_rounds()

    await firm.pass_until(date(2026, 2, 18))

    [told] = await firm.told_of_the_day(STAFF)
    assert "gone@harbour.example, who cannot be reached" in told


async def test_an_alert_is_not_lost_when_mail_is_away_for_hours(firm: Harness) -> None:
    await firm.add_customer(owner_email="mara@harbour.example")
    firm.outbox.trouble = lambda one: (
        MailUnavailable("421 later") if one.to == "mara@harbour.example" else None
    )
    await firm.follow_up(await firm.add_invoice(due=date(2026, 1, 15)))
    await firm.start_rounds()
    await firm.pass_until(date(2026, 2, 17), hour=20)
    assert len(firm.sent) == 1
    assert await firm.told("mara@harbour.example") == []

    firm.outbox.trouble = None
    await firm.pass_until(date(2026, 2, 18), hour=16)

    assert await firm.told_of_the_day("mara@harbour.example") == [
        "Receivables: 1 matter for 2026-02-17"
    ]


async def test_a_refused_address_gives_way_to_another_contact(firm: Harness) -> None:
    await firm.add_customer(email="gone@acme.example")
    other = Contact(
        customer_id="ACME", email="lead@acme.example", name="Kim Roe", role=Role.FINANCE_LEAD
    )
    await firm.database.write(lambda session: session.add(other))
    firm.outbox.trouble = _refuses("gone@acme.example")
    await firm.follow_up(await firm.add_invoice())

    await firm.pass_until(date(2026, 3, 1))

    assert [one.to for one in firm.outbox.sent] == ["lead@acme.example"]
    assert await firm.touches() == [("reminder", TouchOutcome.SENT)]


async def test_without_any_address_left_somebody_is_asked_to_find_one(firm: Harness) -> None:
    await firm.add_customer(email="gone@acme.example")
    firm.outbox.trouble = _refuses("gone@acme.example")
    await firm.follow_up(await firm.add_invoice())

    await firm.pass_until(date(2026, 3, 20))

    assert firm.sent == []
    assert [task.kind for task in await firm.tasks()] == [TaskKind.FIX_CONTACT]


async def test_a_letter_refused_for_good_is_a_task_and_the_cadence_goes_on(firm: Harness) -> None:
    await firm.add_customer()
    calls = count()
    firm.outbox.trouble = lambda _: MailRefused("554 no") if next(calls) == 0 else None
    await firm.follow_up(await firm.add_invoice())

    await firm.pass_until(date(2026, 3, 12))

    assert firm.sent == ["due-notice", "first-notice"]
    assert ("reminder", TouchOutcome.FAILED) in await firm.touches()
    assert [task.kind for task in await firm.tasks()] == [TaskKind.MEND]


async def test_a_letter_that_cannot_be_written_is_a_task_and_the_cadence_goes_on(
    firm: Harness,
) -> None:
    await firm.add_customer()
    text = firm.files.texts["standard"].replace('"pre_due_reminder"', '"no_such_letter"')
    firm.files.texts["standard"] = text
    await firm.follow_up(await firm.add_invoice())

    await firm.pass_until(date(2026, 3, 12))

    assert firm.sent == ["due-notice", "first-notice"]
    assert ("reminder", TouchOutcome.FAILED) in await firm.touches()
    assert [task.kind for task in await firm.tasks()] == [TaskKind.MEND]


def _refuses(address: str) -> Trouble:
    return lambda envelope: (
        AddressRejected(address, "550 no such user") if envelope.to == address else None
    )
