"""A connected system is asked before a letter, and its silence makes nobody blind or mute."""

from datetime import date, timedelta

import pytest

from models.context import CustomerContext, KnownContact
from models.errors import PeerRefused, PeerUnavailable
from models.vocabulary import Reason, Role
from tests.harness import Harness


class Crm:
    """A system that knows the relationship; `trouble` when it does not answer."""

    name = "hubspot"

    def __init__(self) -> None:
        self.says = CustomerContext(owner_email="mara@harbour.example")
        self.trouble: Exception | None = None
        self.asked = 0

    async def fetch(self, customer_id: str) -> CustomerContext | None:
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        return self.says

    async def open_task(
        self, customer_id: str, title: str, body: str, owner_email: str, key: str
    ) -> None:
        raise AssertionError("nobody asks for tasks here")

    async def close(self) -> None:
        """Nothing to let go of."""


@pytest.fixture
async def crm(firm: Harness) -> Crm:
    connected = Crm()
    await firm.stop_worker()
    firm.connect(context=connected)
    await firm.start_worker()
    return connected


async def test_it_is_asked_once_a_touch_and_what_it_says_counts(firm: Harness, crm: Crm) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 23)))
    await firm.pass_until(date(2026, 2, 27))
    assert len(firm.sent) == 2
    assert crm.asked == 2

    crm.says = crm.says.model_copy(update={"paused_by_sales": True})
    await firm.pass_until(date(2026, 3, 6))

    assert len(firm.sent) == 2
    assert (await firm.state()).reason is Reason.PAUSED_BY_SALES


async def test_invoices_that_are_due_together_ask_once(firm: Harness, crm: Crm) -> None:
    await firm.add_customer()
    for number in range(5):
        await firm.follow_up(await firm.add_invoice(f"I-{number}", due=date(2026, 2, 23)))

    await firm.pass_until(date(2026, 2, 21))

    assert firm.sent == ["reminder"]
    assert crm.asked <= 2


async def test_its_contacts_are_written_to(firm: Harness, crm: Crm) -> None:
    await firm.add_customer(email="")
    crm.says = CustomerContext(contacts=(KnownContact(email="ap@acme.example", role=Role.AP),))
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 23)))

    await firm.pass_until(date(2026, 2, 27))

    assert [one.to for one in firm.outbox.sent] == ["ap@acme.example"] * 2


async def test_away_for_two_days_friendly_letters_leave_and_a_firm_one_waits(
    firm: Harness, crm: Crm
) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 16)))
    await firm.pass_until(date(2026, 3, 3))
    assert firm.sent == ["due-notice", "first-notice"]

    crm.trouble = PeerUnavailable("hubspot", "503", timedelta(minutes=30))
    await firm.pass_until(date(2026, 3, 5))  # the second notice, a firm one, is up on the 4th

    assert firm.sent == ["due-notice", "first-notice"]
    assert (await firm.state()).reason is Reason.CONTEXT_UNAVAILABLE
    told = [line.text for line in await firm.lines() if line.kind == "context"]
    assert "what it said on 2026-02-25 counts" in told[0]

    crm.trouble = None
    await firm.pass_until(date(2026, 3, 6))
    assert firm.sent[-1] == "second-notice"


async def test_a_friendly_note_leaves_with_what_was_last_known(firm: Harness, crm: Crm) -> None:
    await firm.add_customer()
    crm.trouble = PeerRefused("hubspot", "401 Unauthorized")
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 23)))

    await firm.pass_until(date(2026, 2, 21))

    assert firm.sent == ["reminder"]
    assert any("did not answer" in line.text for line in await firm.lines())


async def test_pressure_does_not_wait_for_it_for_ever(firm: Harness, crm: Crm) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 16)))
    await firm.pass_until(date(2026, 3, 3))
    crm.trouble = PeerUnavailable("hubspot", "timed out")

    await firm.pass_until(date(2026, 3, 8))
    assert "second-notice" not in firm.sent

    await firm.pass_until(date(2026, 3, 10))
    assert firm.sent[-1] == "second-notice"
