"""Drafts are signed by people, however long that takes, and never once they are out of date."""

from datetime import date
from decimal import Decimal

import pytest

from models import acts, events
from models.errors import Refused
from models.tables import Contact
from models.vocabulary import DraftState, Outcome, Status, TaskKind, TouchOutcome
from tests.harness import Harness

LARGE = "250000.00"  # above what the policy sends unsigned


async def test_a_draft_waits_weeks_and_restarts_and_leaves_once_it_is_signed(
    firm: Harness,
) -> None:
    await firm.stop_worker()
    await firm.start_worker(max_cached_workflows=0)  # the next worker begins from the history
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(amount=LARGE))
    await firm.pass_until(date(2026, 2, 28))
    assert firm.sent == []
    await firm.stop_worker()
    await firm.start_worker()

    says = await firm.decide(acts.ApproveMessage, version=1)
    await firm.pass_until(date(2026, 3, 2))

    assert says == "Version 1 of the draft of reminder is signed."
    assert firm.sent == ["reminder"]
    [draft] = await firm.drafts()
    assert (draft.state, draft.decided_by) == (DraftState.SENT, "Robin Vale")
    assert firm.outbox.sent[0].letter.subject == draft.subject
    assert [one for one in await firm.tasks() if one.kind is TaskKind.APPROVE] == []


async def test_a_part_payment_after_three_weeks_voids_the_draft_and_the_old_one_is_refused(
    firm: Harness,
) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(amount=LARGE))
    await firm.pass_until(date(2026, 3, 4))  # the reminder was not signed: the notice is up
    waiting = (await firm.state()).draft
    assert waiting is not None
    await firm.pass_until(date(2026, 3, 25))

    await firm.pay(amount="50000.00")
    await firm.pass_days(0.1)

    old, new = (await firm.drafts())[-2:]
    assert (old.state, new.state) == (DraftState.VOID, DraftState.OPEN)
    assert new.version == old.version + 1
    assert "$200,000.00" in new.body
    with pytest.raises(Refused, match="another draft"):
        await firm.decide(acts.ApproveMessage, version=old.version)
    assert firm.sent == []

    await firm.decide(acts.ApproveMessage, version=new.version)
    await firm.pass_days(2)
    assert len(firm.sent) == 1
    assert "$200,000.00" in firm.outbox.sent[0].letter.text


async def test_a_draft_is_edited_before_it_is_signed_but_not_its_figures(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(amount=LARGE))
    await firm.pass_until(date(2026, 2, 28))
    [draft] = await firm.drafts()

    without_the_amount = draft.source.replace("250,000.00", "25,000.00")
    with pytest.raises(Refused, match="no longer says"):
        await firm.decide(acts.ApproveMessage, version=1, source=without_the_amount)
    assert (await firm.drafts())[0].state is DraftState.OPEN

    kinder = f"It was good to meet you in Boston.\n\n{draft.source}"
    await firm.decide(acts.ApproveMessage, version=1, subject="INV-1, before Monday", source=kinder)
    await firm.pass_until(date(2026, 3, 2))

    [sent] = firm.outbox.sent
    assert sent.letter.subject == "INV-1, before Monday"
    assert "It was good to meet you in Boston." in sent.letter.text
    assert sent.letter.template_version.endswith("+edited")


async def test_a_rejected_draft_is_not_sent_and_the_next_step_comes(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(amount=LARGE))
    await firm.pass_until(date(2026, 2, 28))

    await firm.decide(acts.RejectMessage, version=1, why="I spoke with their CFO")
    await firm.pass_until(date(2026, 3, 4))

    assert firm.sent == []
    assert ("reminder", TouchOutcome.REJECTED) in await firm.touches()
    assert [draft.step for draft in await firm.drafts()] == ["reminder", "due-notice"]
    assert any("I spoke with their CFO" in line.text for line in await firm.lines())


async def test_a_change_of_contact_voids_the_draft_and_the_new_one_goes_to_the_new_person(
    firm: Harness,
) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(amount=LARGE))
    await firm.pass_until(date(2026, 2, 28))

    def change(session: object) -> None:
        from sqlmodel import Session, select

        from models.tables import Customer
        from store import customers

        assert isinstance(session, Session)
        customer = session.get_one(Customer, "ACME")
        [old] = session.exec(select(Contact)).all()
        customers.drop_contact(session, customer, old.email)
        customers.put_contact(session, customer, "new@acme.example", name="", phone="", role=None)

    await firm.database.write(change)
    with pytest.raises(Refused):
        await firm.decide(acts.ApproveMessage, version=1)
    await firm.tell(events.ContextChanged)
    await firm.pass_days(0.1)

    assert [draft.recipient for draft in await firm.drafts()] == [
        "ap@acme.example",
        "new@acme.example",
    ]


async def test_one_draft_covers_all_that_is_due_and_is_one_letter(firm: Harness) -> None:
    await firm.add_customer()
    for number in (1, 2, 3):
        await firm.follow_up(await firm.add_invoice(f"I-{number}"), policy="key_account")
    await firm.pass_until(date(2026, 3, 1))

    drafts = [one for number in (1, 2, 3) for one in await firm.drafts(f"I-{number}")]
    [draft] = [one for one in drafts if one.state is DraftState.OPEN]
    for number in (1, 2, 3):
        assert f"I-{number}" in draft.body
    others = [f"I-{number}" for number in (1, 2, 3) if f"I-{number}" != draft.invoice_id]
    with pytest.raises(Refused):
        await firm.decide(acts.ApproveMessage, others[0], version=draft.version)

    await firm.decide(acts.ApproveMessage, draft.invoice_id, version=draft.version)
    await firm.pass_until(date(2026, 3, 3), hour=18)

    assert firm.sent == ["reminder"]
    outcomes = [outcome for number in (1, 2, 3) for _, outcome in await firm.touches(f"I-{number}")]
    assert sorted(outcomes) == ["covered", "covered", "sent"]


async def test_paying_one_invoice_of_a_draft_makes_a_new_one_of_the_rest(firm: Harness) -> None:
    await firm.add_customer()
    for number in (1, 2):
        await firm.follow_up(await firm.add_invoice(f"I-{number}"), policy="key_account")
    await firm.pass_until(date(2026, 2, 27))
    [first] = [one for number in (1, 2) for one in await firm.drafts(f"I-{number}")]
    other = "I-2" if first.invoice_id == "I-1" else "I-1"

    await firm.pay(first.invoice_id)
    assert await firm.outcome(first.invoice_id) is Outcome.PAID
    await firm.pass_days(0.1)

    [draft] = await firm.drafts(other)
    assert draft.state is DraftState.OPEN
    assert first.invoice_id not in draft.body
    assert (await firm.state(other)).status is Status.AWAITING_APPROVAL


async def test_a_signed_letter_is_not_sent_once_the_customer_has_paid(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(amount=LARGE))
    await firm.pass_until(date(2026, 2, 27))
    await firm.decide(acts.ApproveMessage, version=1)

    await firm.pay(amount=LARGE)

    assert await firm.outcome() is Outcome.PAID
    await firm.pass_days(5)
    assert firm.sent == []


async def test_an_unsigned_draft_goes_to_the_backup_and_then_to_the_manager(
    firm: Harness,
) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(amount=LARGE))
    await firm.start_rounds()

    await firm.pass_until(date(2026, 3, 10))

    told = [
        (one.to.partition("@")[0], one.letter.subject)
        for one in firm.outbox.alerts
        if "urgent" in one.letter.subject
    ]
    assert [who for who, _ in told][-2:] == ["backup", "manager"]
    assert all("approve was not taken up" in subject for _, subject in told)


async def test_the_same_signature_twice_counts_once(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(amount=LARGE))
    await firm.pass_until(date(2026, 2, 27))

    first = await firm.decide(acts.ApproveMessage, version=1, event_id="once")
    again = await firm.decide(acts.ApproveMessage, version=1, event_id="once")
    await firm.pass_days(3)

    assert first == again
    assert firm.sent == ["reminder"]
    assert Decimal(LARGE) == (await firm.state()).amount_open
