"""Letters that ask for nothing leave once, beside those that do."""

import pytest
from sqlmodel import Session, select

from models.decision import TouchPlan
from models.letter import Envelope, Letter
from models.tables import Message
from models.vocabulary import Channel, Stage, Tone
from store import correspondence, letters_written, receipts
from tests.store.chase import look
from tests.store.rows import MORNING, acme

KEY = "INV-1/thank-you/1"
THANKS = TouchPlan(
    invoice_id="INV-1",
    round=1,
    step="thank-you",
    stage=Stage.PRE_DUE,
    tone=Tone.FRIENDLY,
    channel=Channel.MAIL,
    template="thank_you",
)
ENVELOPE = Envelope(
    letter=Letter("Thank you", "text", "<p>html</p>", "en/thank_you@1"),
    sender_name="Robin Vale",
    sender_email="ar@harbour.example",
    reply_to="ar@harbour.example",
    to="ap@acme.example",
    to_name="Sam Lee",
    message_id=f"{KEY}@harbour.example",
    dated=MORNING,
)


@pytest.fixture
def session(blank: Session) -> Session:
    acme(blank)
    return blank


def begin(session: Session) -> None:
    receipts.begin(session, look(session), THANKS, KEY, MORNING)
    session.flush()


def test_a_receipt_has_left_once_it_was_sent(session: Session) -> None:
    begin(session)
    assert not receipts.has_left(session, KEY)

    receipts.end(session, KEY, ENVELOPE, MORNING)

    assert receipts.has_left(session, KEY)
    [letter] = session.exec(select(Message))
    assert (letter.recipient, letter.subject) == ("ap@acme.example", "Thank you")
    assert (letter.template, letter.message_id) == ("en/thank_you@1", f"{KEY}@harbour.example")
    assert (letter.chases, letter.sent_at) == (False, MORNING)


def test_of_a_receipt_that_cannot_leave_nothing_is_kept(session: Session) -> None:
    begin(session)

    receipts.end(session, KEY, ENVELOPE, None)

    session.flush()
    assert session.exec(select(Message)).all() == []
    assert not receipts.has_left(session, KEY)


def test_a_receipt_begun_twice_is_one_letter(session: Session) -> None:
    begin(session)
    begin(session)

    assert [one.key for one in session.exec(select(Message))] == [KEY]


def test_a_receipt_is_no_letter_that_a_chase_gives_up(session: Session) -> None:
    begin(session)

    assert correspondence.withdraw(session, "INV-1") is None
    assert [one.key for one in session.exec(select(Message))] == [KEY]


def test_letters_are_counted_under_the_version_they_left_under_and_no_further_than_asked(
    session: Session,
) -> None:
    for number, (version, has_left) in enumerate([(1, True), (1, True), (1, False), (2, True)]):
        letter = Message(
            key=f"{number}",
            customer_id="ACME",
            currency="USD",
            day=MORNING.date().replace(day=number + 1),
            stage=Stage.EARLY,
            total=look(session).invoice.amount,
            policy="standard",
            policy_version=version,
            claimed_by="INV-1",
            claimed_at=MORNING,
            sent_at=MORNING if has_left else None,
        )
        session.add(letter)
    session.flush()

    assert letters_written.under(session, "standard", 1, most=10) == 2
    assert letters_written.under(session, "standard", 2, most=10) == 1
    assert letters_written.under(session, "saas", 1, most=10) == 0
    assert letters_written.under(session, "standard", 1, most=1) == 1
