"""Bank statements in the database: each movement once, whatever file tells of it again."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice

from sqlmodel import Session, col, select

from domain.payers import account
from models.bank import BankEntry, BankStatement
from models.tables import CashReceipt, Reversal, StatementFile
from models.vocabulary import CashState, Method
from store import cash

SOURCE = "bank"
_PREFIX = "bank/"
_CHUNK = 5_000
# How far back a payment may lie that a bank takes back: 13 months for a debit nobody had allowed
# (SEPA Core rulebook), 120 days and less for the rest.
_TAKEN_BACK_WITHIN = timedelta(days=400)


@dataclass
class Kept:
    """What taking statements in has changed. `out` are movements of money that went out, which are
    not kept; `known` were told before; `undone` payments went back to their payer."""

    entries: int = 0
    new: int = 0
    known: int = 0
    pending: int = 0
    undone: int = 0
    out: int = 0
    is_known_file: bool = False


def digest(content: bytes) -> str:
    """By what a file is known again."""
    return hashlib.sha256(content).hexdigest()


def keep(
    session: Session,
    statements: Iterable[BankStatement],
    name: str,
    content_digest: str,
    at: datetime,
) -> Kept:
    """Keep every movement that is not known yet, to be matched; repeating it changes nothing."""
    kept = Kept()
    file = session.get(StatementFile, content_digest)
    kept.is_known_file = file is not None
    entries = [entry for statement in statements for entry in statement.entries]
    known = _known(session, entries)
    for entry in entries:
        kept.entries += 1
        _keep(session, entry, name, at, known, kept)
    session.flush()
    if file is None:
        session.add(
            StatementFile(
                digest=content_digest, name=name, taken_at=at, entries=kept.entries, new=kept.new
            )
        )
    session.flush()
    return kept


def _known(session: Session, entries: Sequence[BankEntry]) -> dict[str, CashReceipt]:
    """What is kept of these already: the movements, the batches they are a part of, the parts of
    these."""
    keys = {_PREFIX + key for entry in entries for key in (entry.key, entry.part_of) if key}
    found: dict[str, CashReceipt] = {}
    for chunk in _chunks(keys):
        for receipt in session.exec(select(CashReceipt).where(col(CashReceipt.key).in_(chunk))):
            found[receipt.key] = receipt
        for receipt in session.exec(select(CashReceipt).where(col(CashReceipt.part_of).in_(chunk))):
            found.setdefault(receipt.part_of, receipt)
    return found


def _keep(
    session: Session,
    entry: BankEntry,
    name: str,
    at: datetime,
    known: dict[str, CashReceipt],
    kept: Kept,
) -> None:
    key = _PREFIX + entry.key
    receipt = known.get(key)
    if receipt is not None and receipt.is_under_way and not entry.is_pending:
        receipt.settled_at, receipt.received_on = at, _day(entry, at)
        receipt.state = CashState.NEW
        session.add(receipt)
        cash.recount(session, receipt)
        kept.new += 1
        return
    if receipt is not None or (entry.part_of and _PREFIX + entry.part_of in known):
        kept.known += 1
        return
    if not entry.is_credit and not entry.is_reversal:
        kept.out += 1
        return
    new = _receipt(entry, name, at)
    session.add(new)
    known[key] = new
    if not entry.is_credit:
        session.flush()
        kept.undone += _take_back(session, new, entry, at)
    elif entry.is_reversal:
        new.state = CashState.REVIEW
        new.explains = "Money of ours came back: a refund or payment that did not arrive."
    kept.pending += entry.is_pending
    kept.new += 1


def _receipt(entry: BankEntry, name: str, at: datetime) -> CashReceipt:
    return CashReceipt(
        key=_PREFIX + entry.key,
        part_of=_PREFIX + entry.part_of if entry.part_of else "",
        source=SOURCE,
        statement=name,
        currency=entry.currency,
        amount=entry.amount,
        told_amount=entry.amount,
        is_reversal=not entry.is_credit,
        original_amount=entry.original_amount,
        original_currency=entry.original_currency,
        received_on=_day(entry, at),
        method=Method.SEPA if entry.currency == "EUR" else Method.WIRE,
        account=entry.account,
        payer_name=entry.payer_name,
        payer_account=account(entry.payer_account),
        remittance="\n".join(dict.fromkeys((entry.remittance, *entry.remittance_lines))),
        hints=[*entry.references, *filter(None, (entry.customer_reference,))],
        bank_reference=entry.bank_reference,
        end_to_end_id=entry.end_to_end_id,
        code=entry.return_reason or entry.code,
        state=CashState.UNDER_WAY if entry.is_pending else CashState.NEW,
        recorded_at=at,
        settled_at=None if entry.is_pending else at,
        under_way_at=at if entry.is_pending else None,
    )


def _day(entry: BankEntry, at: datetime) -> date:
    return entry.day or at.date()


def _take_back(session: Session, out: CashReceipt, entry: BankEntry, at: datetime) -> bool:
    """What went back to its payer is taken back where it stands, when it is clear which payment it
    was; otherwise a person has to say."""
    meant = _meant(session, out)
    if entry.is_pending or len(meant) != 1:
        out.state = CashState.REVIEW
        out.explains = "Money went back, and it is not clear of which payment."
        session.add(out)
        return False
    session.add(
        Reversal(
            id=out.key,
            receipt_key=meant[0].key,
            taken_on=out.received_on,
            taken_at=at,
            code=entry.return_reason or "returned by the bank",
        )
    )
    out.state, out.explains = CashState.PLACED, f"It took {meant[0].key} back."
    session.add(out)
    cash.arrange(session, meant[0], at)
    return True


def _meant(session: Session, out: CashReceipt) -> Sequence[CashReceipt]:
    """The payments that it may take back: of that amount, and by the surest sign that any has."""
    query = select(CashReceipt).where(
        CashReceipt.currency == out.currency,
        CashReceipt.amount == out.amount,
        CashReceipt.source == SOURCE,
        col(CashReceipt.is_reversal).is_(False),
        CashReceipt.gone == Decimal(0),
        col(CashReceipt.received_on) <= out.received_on,
        col(CashReceipt.received_on) >= out.received_on - _TAKEN_BACK_WITHIN,
        CashReceipt.account == out.account,
    )
    candidates = session.exec(query.order_by(col(CashReceipt.received_on).desc())).all()
    for sign in ("end_to_end_id", "bank_reference", "payer_account", "remittance", "payer_name"):
        said = getattr(out, sign)
        same = [one for one in candidates if said and getattr(one, sign) == said]
        if same:
            return same
    return ()


def _chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(sorted(keys))
    while chunk := list(islice(remaining, _CHUNK)):
        yield chunk
