"""Lives of follow-ups that are worth remembering: recorded once, replayed for ever."""

from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal

from models import acts, events
from models.acts import InstalmentTerm
from models.errors import MailRefused
from models.vocabulary import Disposition, Method, OwnerWord
from tests.harness import Harness


async def paid_after_the_second_notice(firm: Harness) -> str:
    """Four letters, a call, and then the money."""
    await firm.add_customer(owner_email="mara@harbour.example")
    await firm.follow_up(await firm.add_invoice())
    await firm.pass_until(date(2026, 3, 18))
    await firm.pay()
    await firm.outcome()
    return "INV-1"


async def held_and_resumed(firm: Harness) -> str:
    """A pause, a dispute and a promise, one after the other, and the last letter."""
    await firm.add_customer(owner_email="mara@harbour.example")
    await firm.follow_up(await firm.add_invoice())
    await firm.pass_days(0.5)
    await firm.tell(events.Pause, until=date(2026, 3, 4))
    await firm.pass_until(date(2026, 3, 12))
    await firm.tell(events.DisputeOpened, amount=Decimal(5000))
    await firm.pass_until(date(2026, 3, 15))
    await firm.tell(events.PromiseMade, pay_on=date(2026, 3, 20), method=Method.SEPA)
    await firm.pass_days(0.1)
    await firm.tell(events.DisputeResolved, in_favour_of="us")
    await firm.pass_until(date(2026, 5, 20))
    await firm.pay(amount="2000.00")
    await firm.pass_days(0.1)
    await firm.pay(amount="3000.00")
    await firm.outcome()
    return "INV-1"


async def covered_by_a_sibling(firm: Harness) -> str:
    """Two invoices in one letter; the other one carries it."""
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice("INV-2", due=date(2026, 2, 20)))
    await firm.follow_up(await firm.add_invoice("INV-1", due=date(2026, 2, 27)))
    await firm.pass_until(date(2026, 3, 12))
    await firm.pay("INV-1")
    await firm.outcome("INV-1")
    return "INV-1"


async def refused_by_the_mail_server(firm: Harness) -> str:
    """A letter that is refused, and the cadence that goes on."""
    await firm.add_customer()
    firm.outbox.trouble = lambda one: MailRefused("554") if "reminder" in one.message_id else None
    await firm.follow_up(await firm.add_invoice())
    await firm.pass_until(date(2026, 3, 5))
    await firm.pay()
    await firm.outcome()
    return "INV-1"


async def a_key_account(firm: Harness) -> str:
    """Every draft waits for a signature."""
    await firm.add_customer(strategic=True, owner_email="mara@harbour.example")
    await firm.follow_up(await firm.add_invoice(), policy="key_account")
    await firm.pass_until(date(2026, 4, 20))
    await firm.pay()
    await firm.outcome()
    return "INV-1"


async def reversed_while_closing(firm: Harness) -> str:
    """Paid, taken back, paid again: the second round."""
    await firm.add_customer()
    follow_up = await firm.follow_up(await firm.add_invoice())
    await firm.pass_days(0.5)
    payment_id = await firm.pay()
    await firm.outcome()
    reversal = events.PaymentReversed(
        event_id="returned", payment_id=payment_id, reversed_on=date(2026, 2, 18)
    )
    await firm.follow_ups.tell_or_start(follow_up.next_round(), reversal)
    await firm.pass_until(date(2026, 3, 5))
    await firm.pay()
    await firm.outcome()
    return "INV-1"


async def signed_and_on_a_plan(firm: Harness) -> str:
    """A draft that is signed, a task taken up, a plan agreed, an instalment missed, all paid."""
    await firm.add_customer(owner_email="mara@harbour.example")
    await firm.follow_up(await firm.add_invoice(amount="150000.00"))
    await firm.pass_until(date(2026, 2, 28))
    await firm.decide(acts.ApproveMessage, version=1)
    await firm.pass_until(date(2026, 3, 8))
    await firm.decide(acts.RejectMessage, version=2, why="the CFO was here")
    await firm.pass_days(0.1)
    terms = tuple(
        InstalmentTerm(due_on=day, amount=Decimal(75_000))
        for day in (date(2026, 3, 20), date(2026, 4, 20))
    )
    await firm.decide(acts.AgreePaymentPlan, instalments=terms)
    await firm.pass_until(date(2026, 3, 26))
    await firm.pay(amount="75000.00")
    await firm.pass_until(date(2026, 4, 15))
    await firm.pay(amount="75000.00")
    await firm.outcome()
    return "INV-1"


async def suspended_and_decided(firm: Harness) -> str:
    """A service that a person suspends, a dispute that restores it, and an agency at the end."""
    await firm.add_customer(contract_clauses=["suspension"], owner_email="mara@harbour.example")
    await firm.follow_up(await firm.add_invoice(), policy="saas")
    await firm.pass_until(date(2026, 4, 20))
    await firm.tell(events.DisputeOpened, code="quality")
    await firm.pass_until(date(2026, 4, 24))
    await firm.tell(events.DisputeResolved, in_favour_of="us")
    await firm.pass_until(date(2026, 5, 20))
    await firm.decide(acts.DecideDisposition, choice=Disposition.AGENCY, why="no answer")
    await firm.outcome()
    return "INV-1"


async def asked_first(firm: Harness) -> str:
    """An owner who is asked first says go."""
    await firm.add_customer(owner_email="mara@harbour.example")
    await firm.flag(health_at_risk=True)
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 16)), policy="saas")
    await firm.pass_until(date(2026, 3, 5), hour=18)
    await firm.decide(acts.AnswerAsOwner, word=OwnerWord.GO)
    await firm.pass_until(date(2026, 3, 8))
    await firm.pay()
    await firm.outcome()
    return "INV-1"


Scenario = Callable[[Harness], Awaitable[str]]

SCENARIOS: tuple[Scenario, ...] = (
    paid_after_the_second_notice,
    held_and_resumed,
    covered_by_a_sibling,
    refused_by_the_mail_server,
    a_key_account,
    reversed_while_closing,
    signed_and_on_a_plan,
    suspended_and_decided,
    asked_first,
)
# Which of two siblings wakes first is chance: such a life replays, but has no one fingerprint.
LEFT_TO_CHANCE: tuple[Scenario, ...] = (covered_by_a_sibling,)
BEGINS = date(2026, 2, 16)
