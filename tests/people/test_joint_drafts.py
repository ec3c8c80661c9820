"""One signature for several invoices: all of them wake from it and go on."""

from datetime import date
from typing import Any

import pytest

from models import acts, events
from models.ledger import ContactRow, CustomerRow
from models.tables import Draft
from models.vocabulary import DraftState, Role, Status, TouchOutcome
from store import register
from tests.harness import Harness

LARGE = "250000.00"


async def _joint(firm: Harness) -> tuple[Draft, str]:
    """Two large invoices, late by the same days, whose letter waits for one signature: the draft,
    and the invoice that does not carry it."""
    await firm.add_customer()
    ids = ("INV-1", "INV-2")
    for invoice_id in ids:
        await firm.follow_up(
            await firm.add_invoice(invoice_id, amount=LARGE, due=date(2026, 2, 16))
        )
    await firm.pass_until(date(2026, 2, 19))
    drafts = [one for invoice_id in ids for one in await firm.drafts(invoice_id)]
    [draft] = [one for one in drafts if one.state is DraftState.OPEN]
    [other] = set(ids) - {draft.invoice_id}
    return draft, other


@pytest.mark.parametrize(
    ("kind", "more", "outcomes"),
    [
        (acts.ApproveMessage, {}, {TouchOutcome.COVERED, TouchOutcome.SENT}),
        (acts.RejectMessage, {"why": "I spoke with them"}, {TouchOutcome.REJECTED}),
    ],
)
async def test_who_waited_in_it_goes_on_with_the_next_letter(
    firm: Harness, kind: type[Any], more: dict[str, str], outcomes: set[TouchOutcome]
) -> None:
    draft, other = await _joint(firm)

    await firm.decide(kind, draft.invoice_id, version=draft.version, **more)
    await firm.pass_days(1)

    taken = dict(await firm.touches(other))
    assert taken["due-notice"] in outcomes
    state = await firm.state(other)
    assert state.status is not Status.AWAITING_APPROVAL
    assert state.next_at is not None


async def test_a_contact_that_an_import_changes_voids_what_was_signed_for_another(
    firm: Harness,
) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(amount=LARGE, due=date(2026, 2, 20)))
    await firm.pass_until(date(2026, 2, 25))
    version = (await firm.state()).draft
    await firm.decide(acts.ApproveMessage, version=version)

    def change(session: Any) -> None:
        contacts = [
            ContactRow(customer_id="ACME", email="ap@acme.example", role=Role.CFO),
            ContactRow(customer_id="ACME", email="new@acme.example", role=Role.AP),
        ]
        register.take_contacts(session, contacts)
        register.take_customers(session, [CustomerRow(id="ACME", language="de")])

    await firm.database.write(change)
    await firm.pass_until(date(2026, 3, 3))

    assert firm.sent == []
    assert [one.state for one in await firm.drafts()][-1] is DraftState.OPEN
    assert (await firm.state()).draft != version


async def test_a_reminder_that_was_given_up_can_be_signed_no_more(firm: Harness) -> None:
    """Between the due date and the chase date no letter is up."""
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(amount=LARGE, due=date(2026, 2, 27)))
    await firm.pass_until(date(2026, 2, 27))
    assert (await firm.state()).draft is not None

    await firm.pass_until(date(2026, 2, 28), hour=12)
    await firm.tell(events.CustomerReplied, received_at=await firm.now())
    await firm.pass_days(0.05)

    assert (await firm.state()).draft is None
    assert [one.state for one in await firm.drafts()] == [DraftState.VOID]


async def test_another_pause_voids_a_draft_and_a_new_one_comes_with_its_task(
    firm: Harness,
) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(amount=LARGE, due=date(2026, 2, 20)))
    await firm.tell(events.Pause, until=date(2026, 2, 18))
    await firm.pass_until(date(2026, 2, 27))
    before = (await firm.state()).draft

    await firm.tell(events.Pause, until=date(2026, 3, 4))
    await firm.pass_days(0.1)
    assert (await firm.state()).draft is None

    await firm.pass_until(date(2026, 3, 6))
    assert (await firm.state()).draft not in (None, before)
    assert [task.kind for task in await firm.tasks()] == ["approve"]


async def test_who_comes_while_another_waits_is_in_the_next_version_of_its_draft(
    firm: Harness,
) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice("INV-1", amount=LARGE, due=date(2026, 2, 6)))
    await firm.pass_until(date(2026, 2, 17))
    [alone] = await firm.drafts("INV-1")
    assert alone.state is DraftState.OPEN

    await firm.follow_up(await firm.add_invoice("INV-2", amount=LARGE, due=date(2026, 2, 6)))
    await firm.pass_days(1)

    [together] = await firm.drafts("INV-2")
    assert [one.state for one in await firm.drafts("INV-1")] == [DraftState.VOID]
    assert together.state is DraftState.OPEN
    await firm.decide(acts.ApproveMessage, "INV-2", version=together.version)
    await firm.pass_days(1)
    assert len(firm.outbox.sent) == 1
    for invoice_id in ("INV-1", "INV-2"):
        assert invoice_id in firm.outbox.sent[0].letter.text
