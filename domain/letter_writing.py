"""From decided touches to a letter: which facts it states, to whom it goes, under which name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from urllib.parse import quote

from domain import plans
from domain.ageing import days_past_due
from domain.consolidation import asked_amount
from domain.send_window import local_day
from models.decision import TouchPlan
from models.facts import Address, CustomerFacts, Facts
from models.letter import Envelope, Firm, InstalmentLine, Letter, LetterFacts, LetterLine
from models.vocabulary import Action, Role

# RFC 5322 §3.2.3: what the left part of a Message-ID may hold as it is.
_MESSAGE_ID_SAFE = "/!#$&'*+-=?^_`{|}~."
_LOOSE_DOTS = re.compile(r"^\.|\.(?=\.)|\.$")
_MESSAGE_ID_LENGTH = 180
_FIRST_ASKED = (Role.AP, Role.FINANCE_LEAD, Role.ESCALATION, Role.CFO)


@dataclass(frozen=True, slots=True)
class Stationery:
    """What every letter of the firm has in common. `payment_link` is a form with
    `{invoice_id}` and `{number}`, for invoices that bring no link of their own."""

    firm: Firm
    payment_link: str = ""


def recipient(customer: CustomerFacts) -> Address | None:
    """Whom to write to: the first usable address, accounts payable before anybody else."""
    usable = [address for address in customer.addresses if not address.rejected]
    return min(
        usable,
        key=lambda address: (
            _FIRST_ASKED.index(Role(address.role)),
            customer.addresses.index(address),
        ),
        default=None,
    )


def copies(plan: TouchPlan, customer: CustomerFacts) -> tuple[str, ...]:
    """Who gets a copy of this touch's letter."""
    wanted: list[str] = []
    if Action.CC_OWNER in plan.actions and customer.owner_email:
        wanted.append(customer.owner_email)
    if Action.CC_CFO in plan.actions:
        wanted += [
            address.email
            for address in customer.addresses
            if address.role == Role.CFO and not address.rejected
        ]
    return tuple(dict.fromkeys(wanted))


def letter_facts(
    plan: TouchPlan,
    members: Sequence[Facts],
    now: datetime,
    stationery: Stationery,
    set_aside: tuple[str, ...] = (),
) -> LetterFacts:
    """What the template may say about `members`, the carrying invoice first.

    `set_aside` are the numbers of open invoices that are contested or promised, and left out.
    """
    customer, invoice = members[0].customer, members[0].invoice
    to = recipient(customer)
    instalments, instalment = _instalments(members[0], plan.step)
    return LetterFacts(
        template=plan.template or "",
        language=customer.language,
        stage=plan.stage,
        tone=plan.tone,
        written_on=local_day(now, customer.zone),
        firm=stationery.firm,
        customer_name=customer.name,
        contact_name=to.name if to else "",
        currency=invoice.currency,
        lines=tuple(_line(facts, now, stationery.payment_link) for facts in members),
        remarks=plan.remarks,
        promised_on=_promised_on(members),
        set_aside=set_aside,
        instalments=instalments,
        instalment=instalment,
    )


def _promised_on(members: Sequence[Facts]) -> date | None:
    """The day of the promise that was not kept: the latest, where there are several."""
    days = [
        day
        for facts in members
        for day in (
            facts.progress.broken_on,
            facts.progress.promise.pay_on if facts.progress.promise else None,
        )
        if day is not None
    ]
    return max(days, default=None)


def _instalments(
    facts: Facts, step: str
) -> tuple[tuple[InstalmentLine, ...], InstalmentLine | None]:
    plan = facts.progress.plan
    if plan is None or not plans.is_plan_step(step):
        return (), None
    lines = tuple(
        InstalmentLine(one.number, one.due_on, one.amount, rest)
        for one, rest in plans.open_amounts(plan, asked_amount(facts))
    )
    about = plans.instalment_of(plan, step)
    return lines, next((one for one in lines if about and one.number == about.number), None)


def _line(facts: Facts, now: datetime, payment_link: str) -> LetterLine:
    invoice = facts.invoice
    return LetterLine(
        invoice_id=invoice.id,
        number=invoice.number,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        days_past_due=days_past_due(invoice.due_on, local_day(now, facts.customer.zone)),
        amount=invoice.amount,
        amount_open=invoice.amount_open,
        amount_asked=asked_amount(facts),
        currency=invoice.currency,
        purchase_order=invoice.purchase_order,
        payment_link=invoice.payment_link or _filled(payment_link, invoice.id, invoice.number),
    )


def _filled(form: str, invoice_id: str, number: str) -> str:
    return form.replace("{invoice_id}", quote(invoice_id, safe="")).replace(
        "{number}", quote(number, safe="")
    )


def message_id(key: str, firm: Firm) -> str:
    """The Message-ID of the letter with that key: the same however often it is sent.

    Its left part is a dot-atom (RFC 5322 §3.2.3): no dot begins or ends it or follows another. A
    very long one is cut, and a digest keeps it apart from others.
    """
    left = quote(key, safe=_MESSAGE_ID_SAFE)
    left = _LOOSE_DOTS.sub("%2E", left)
    if len(left) > _MESSAGE_ID_LENGTH:
        digest = blake2b(key.encode(), digest_size=8).hexdigest()
        left = f"{left[:_MESSAGE_ID_LENGTH].rstrip('.')}~{digest}"
    domain = firm.sender_email.rpartition("@")[2] or "localhost"
    return f"{left}@{domain}"


def envelope(
    plan: TouchPlan,
    customer: CustomerFacts,
    letter: Letter,
    key: str,
    references: tuple[str, ...],
    now: datetime,
    firm: Firm,
) -> Envelope:
    """The letter ready to leave.

    Raises:
        ValueError: the customer has no usable address; `decide` holds such a touch.
    """
    to = recipient(customer)
    if to is None:
        raise ValueError(f"customer {customer.id} has no address that takes mail")
    return Envelope(
        letter=letter,
        sender_name=firm.sender_name,
        sender_email=firm.sender_email,
        reply_to=firm.reply_to,
        to=to.email,
        to_name=to.name,
        cc=copies(plan, customer),
        message_id=message_id(key, firm),
        references=references,
        dated=now,
        language=customer.language,
    )
