"""What the customer says they will do, or will not: promises and disputes, as they are noted."""

from datetime import date
from decimal import Decimal

from models.tables import Dispute, Promise
from models.vocabulary import Method, TaskKind
from store import disputes, tasks, timeline
from store.happening import Happening


def promise(
    happening: Happening,
    pay_on: date,
    amount: Decimal | None,
    method: Method,
    by: str,
    *,
    confirmed: bool = False,
) -> None:
    """Note a promise; it takes the place of the one before.

    Once `broken_promises` of the policy were broken, another holds nothing until a person has
    confirmed it.
    """
    session, row = happening.session, happening.row
    most = happening.terms.policy.limits.broken_promises
    accepted = confirmed or row.broken_promises < most
    made = Promise(
        invoice_id=happening.invoice.id,
        pay_on=pay_on,
        amount=amount,
        method=method,
        made_at=happening.at,
        made_by=by,
        state="open" if accepted else "unconfirmed",
    )
    session.add(made)
    if not accepted:
        why = (
            f"Promised for {pay_on}, after {row.broken_promises} broken promises: the chase goes "
            "on unless somebody confirms it."
        )
        happening.task(TaskKind.CONFIRM_PROMISE, why, about=f"{pay_on}")
        return
    earlier = session.get(Promise, row.promise_id or -1)
    if earlier is not None:
        earlier.state = "replaced"
        session.add(earlier)
    session.flush()
    row.promise_id = made.id
    happening.close(TaskKind.CONFIRM_PROMISE, "confirmed")


def take_back_promise(happening: Happening) -> None:
    """The open promise was none: it was noted by mistake, or does not hold any more."""
    session, row = happening.session, happening.row
    promise = session.get(Promise, row.promise_id or -1)
    if promise is not None:
        promise.state = "withdrawn"
        session.add(promise)
        says = f"The promise to pay on {promise.pay_on} is taken back."
        timeline.note(session, row, happening.at, "promise", "withdrawn", says)
    row.promise_id = None


def dispute(
    happening: Happening,
    amount: Decimal | None,
    code: str,
    line: str,
    note: str,
    owner: str,
    by: str,
) -> None:
    """Note that the customer contests the invoice or a part of it, and ask for it to be settled."""
    opened = Dispute(
        invoice_id=happening.invoice.id,
        amount=amount,
        code=code,
        line=line,
        note=note,
        owner=owner,
        opened_by=by,
        opened_on=happening.today,
        owed_when_opened=happening.invoice.owed,
    )
    happening.session.add(opened)
    happening.session.flush()
    happening.row.dispute_id = opened.id
    what = f"{amount:,.2f} {happening.invoice.currency}" if amount is not None else "all of it"
    about = ", ".join(part for part in (code, f"line {line}" if line else "") if part)
    why = f"The customer contests {what}{f' ({about})' if about else ''}: settle it."
    happening.task(
        TaskKind.RESOLVE_DISPUTE, why, about=f"{opened.id}", owner=owner or happening.owner
    )


def resolve(happening: Happening, favour: str, line: str) -> None:
    """The disputes about that line, or all that are open, are settled."""
    session, row = happening.session, happening.row
    for found in disputes.open_disputes(session, row):
        if found.resolved_on is not None and found.in_favour_of == favour:
            continue
        if line and found.line != line:
            continue
        disputes.settle(session, row, happening.invoice, found, favour, happening.today)
        # What a letter may ask for has changed, whichever dispute is the latest.
        happening.invoice.revision += 1
        session.add(happening.invoice)
        tasks.close_tasks(
            session,
            row.invoice_id,
            happening.at,
            "dispute resolved",
            key=happening.key(TaskKind.RESOLVE_DISPUTE, f"{found.id}"),
        )
        owed = happening.invoice.owed
        if favour == "us":
            because = "settled for us after all"
            happening.close(TaskKind.FINANCE, because, about=f"dispute-{found.id}")
        elif disputes.credited_before(session, row, found, owed):
            disputes.release(session, row)
        else:
            # The hold stays until the register shows the credit note: asking for money that we
            # have agreed is not owed would be worse than the dispute.
            found.owed_when_settled = owed
            why = "Dispute settled for the customer: issue a credit note."
            happening.task(TaskKind.FINANCE, why, about=f"dispute-{found.id}")
    if row.dispute_id is None:
        happening.close(TaskKind.RESOLVE_DISPUTE, "dispute resolved")


def credited(happening: Happening) -> None:
    """What the register newly says may be credit notes that end disputes: what is owed less by now
    is used up by them in their order, and the others wait for theirs."""
    session, row, owed = happening.session, happening.row, happening.invoice.owed
    waiting = [
        one for one in disputes.open_disputes(session, row) if one.owed_when_settled is not None
    ]
    left = max((one.owed_when_settled or owed) - owed for one in waiting) if waiting else Decimal(0)
    for found in waiting:
        if left <= 0:
            found.owed_when_settled = owed
            session.add(found)
            continue
        left -= left if found.amount is None else min(left, found.amount)
        found.owed_when_settled = None
        session.add(found)
        says = "The credit note has come; the rest is asked for again."
        timeline.note(session, row, happening.at, "dispute", "credited", says)
    disputes.release(session, row)
