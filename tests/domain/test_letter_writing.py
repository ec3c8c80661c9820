"""What a letter states, to whom it goes, and under which name."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import letter_writing
from domain.letter_writing import Stationery
from models.decision import TouchPlan, touch_key
from models.facts import Address, CustomerFacts, DisputeFacts, Facts, Progress, PromiseFacts
from models.letter import Firm, Letter, LetterFacts, Remark
from models.vocabulary import Action, Channel, Method, Role, Stage, Tone
from tests.domain.one_invoice import (
    DUE,
    at,
    customer,
    invoice,
    known,
    march,
    plan,
    with_progress,
)
from tests.domain.strategies import often

FIRM = Firm("Dunlin Ltd", "1 Shore Road", "Receivables", "ar@dunlin.example", "ar@dunlin.example")
NOW = at(march(20), 10)
# RFC 5322 §3.2.3 and §3.6.4: dot-atom-text "@" dot-atom-text.
_ATOM = r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+"
_MESSAGE_ID = re.compile(rf"{_ATOM}(\.{_ATOM})*@{_ATOM}(\.{_ATOM})*")


def _plan(*actions: Action, template: str | None = "first_notice") -> TouchPlan:
    return TouchPlan(
        invoice_id="INV-1",
        round=1,
        step="first-notice",
        stage=Stage.EARLY,
        tone=Tone.NEUTRAL,
        channel=Channel.MAIL,
        template=template,
        actions=actions,
    )


def _message_id(invoice_id: str, step: str = "due-notice", round_: int = 1) -> str:
    return letter_writing.message_id(touch_key(invoice_id, step, round_), FIRM)


@pytest.mark.parametrize(
    "invoice_id",
    [
        "INV-1",
        "2026/03/0001",
        "0000611365",
        "Rechnung Nr. 7",
        "a  b\tc",
        "№ 12 · Ωmega",
        "請求書-7",
        "a@b",
        "<x>",
        'quote"d',
        "(comment)",
        "back\\slash",
        "a,b;c:d[e]",
        "100%",
        "INV-1.0",
    ],
)
def test_any_invoice_id_makes_a_legal_message_id(invoice_id: str) -> None:
    message_id = _message_id(invoice_id)

    assert _MESSAGE_ID.fullmatch(message_id), message_id
    assert unquote(message_id.rpartition("@")[0]) == f"{invoice_id}/due-notice/1"


_invoice_ids = st.text(st.characters(exclude_categories=["C"], exclude_characters="."), min_size=1)


@given(_invoice_ids)
@often
def test_every_id_without_a_dot_makes_a_legal_message_id(invoice_id: str) -> None:
    assert _MESSAGE_ID.fullmatch(_message_id(invoice_id))


@given(_invoice_ids, _invoice_ids, st.integers(1, 3), st.integers(1, 3))
@often
def test_two_touches_never_share_a_message_id(
    one: str, other: str, first: int, second: int
) -> None:
    same = (one, first) == (other, second)

    assert (_message_id(one, round_=first) == _message_id(other, round_=second)) == same


@pytest.mark.parametrize(
    ("sender", "domain"),
    [("ar@dunlin.example", "dunlin.example"), ("", "localhost"), ("ar@", "localhost")],
)
def test_the_right_part_is_the_senders_domain(sender: str, domain: str) -> None:
    firm = replace(FIRM, sender_email=sender)

    assert letter_writing.message_id("INV-1/due-notice/1", firm) == f"INV-1/due-notice/1@{domain}"


def _with(*addresses: tuple[str, Role], rejected: str = "") -> CustomerFacts:
    return customer(
        addresses=tuple(
            Address(f"{name}@acme.example", name.title(), role, name == rejected)
            for name, role in addresses
        ),
        owner_email="owner@dunlin.example",
    )


@pytest.mark.parametrize(
    ("addresses", "rejected", "to"),
    [
        ([("cfo", Role.CFO), ("ap", Role.AP)], "", "ap"),
        ([("cfo", Role.CFO), ("lead", Role.FINANCE_LEAD)], "", "lead"),
        ([("cfo", Role.CFO), ("boss", Role.ESCALATION)], "", "boss"),
        ([("cfo", Role.CFO)], "", "cfo"),
        ([("one", Role.AP), ("two", Role.AP)], "", "one"),
        ([("one", Role.AP), ("two", Role.AP)], "one", "two"),
        ([("ap", Role.AP), ("lead", Role.FINANCE_LEAD)], "ap", "lead"),
    ],
)
def test_accounts_payable_is_written_to_before_anybody_else(
    addresses: list[tuple[str, Role]], rejected: str, to: str
) -> None:
    recipient = letter_writing.recipient(_with(*addresses, rejected=rejected))

    assert recipient is not None
    assert recipient.email == f"{to}@acme.example"


def test_nobody_is_left_to_write_to() -> None:
    assert letter_writing.recipient(_with()) is None
    assert letter_writing.recipient(_with(("ap", Role.AP), rejected="ap")) is None


PEOPLE = (("ap", Role.AP), ("cfo", Role.CFO), ("chief", Role.CFO), ("lead", Role.FINANCE_LEAD))


@pytest.mark.parametrize(
    ("actions", "cc"),
    [
        ([], ()),
        ([Action.ALERT_OWNER, Action.CALL_FINANCE], ()),
        ([Action.CC_OWNER], ("owner@dunlin.example",)),
        ([Action.CC_CFO], ("cfo@acme.example", "chief@acme.example")),
        (
            [Action.CC_CFO, Action.CC_OWNER],
            ("owner@dunlin.example", "cfo@acme.example", "chief@acme.example"),
        ),
    ],
)
def test_copies_go_to_whom_the_step_names(actions: list[Action], cc: tuple[str, ...]) -> None:
    assert letter_writing.copies(_plan(*actions), _with(*PEOPLE)) == cc


def test_no_copy_goes_to_a_rejected_address_or_to_no_owner() -> None:
    who = replace(_with(*PEOPLE, rejected="cfo"), owner_email="")

    copied = letter_writing.copies(_plan(Action.CC_CFO, Action.CC_OWNER), who)

    assert copied == ("chief@acme.example",)


def test_who_has_two_parts_gets_one_copy() -> None:
    owner = replace(_with(("cfo", Role.CFO)), owner_email="cfo@acme.example")

    copied = letter_writing.copies(_plan(Action.CC_CFO, Action.CC_OWNER), owner)

    assert copied == ("cfo@acme.example",)


def test_a_letter_states_what_the_ledger_says() -> None:
    owed = invoice(
        amount=Decimal(7_000),
        purchase_order="PO 7",
        payment_link="https://pay.example/1",
        issued_on=date(2026, 2, 10),
    )
    disputed = Progress(dispute=DisputeFacts(march(12), Decimal(1_500)))

    facts = letter_writing.letter_facts(
        _plan(), [known(owed, progress=disputed)], NOW, Stationery(FIRM)
    )

    line = facts.carrying
    assert (facts.template, facts.language, facts.stage) == ("first_notice", "de", Stage.EARLY)
    assert (facts.written_on, facts.currency, facts.customer_name) == (
        march(20),
        "USD",
        "Acme GmbH",
    )
    assert (line.number, line.purchase_order, line.payment_link) == (
        "2026-001",
        "PO 7",
        "https://pay.example/1",
    )
    assert (line.issued_on, line.due_on, line.days_past_due) == (date(2026, 2, 10), DUE, 10)
    assert line.amount == 7_000
    assert line.amount_open == 5_000
    assert line.amount_asked == 3_500
    assert facts.total_asked == 3_500
    assert line.partly_disputed


def test_a_letter_is_dated_by_the_customers_calendar() -> None:
    tokyo = customer(zone="Asia/Tokyo")

    facts = letter_writing.letter_facts(
        _plan(), [known(who=tokyo)], at(march(20), 23), Stationery(FIRM)
    )

    assert facts.written_on == march(21)
    assert facts.carrying.days_past_due == 11


def test_every_invoice_of_the_letter_has_its_line_the_carrying_one_first() -> None:
    members = [known(invoice(id=name, number=name)) for name in ("B", "A", "C")]

    facts = letter_writing.letter_facts(_plan(), members, NOW, Stationery(FIRM))

    assert [line.invoice_id for line in facts.lines] == ["B", "A", "C"]
    assert facts.total_asked == 15_000


@pytest.mark.parametrize(
    ("form", "invoice_id", "number", "link"),
    [
        ("", "INV-1", "1", ""),
        ("https://pay.example/{invoice_id}", "INV-1", "1", "https://pay.example/INV-1"),
        (
            "https://pay.example/?n={number}",
            "INV-1",
            "2026 / 1",
            "https://pay.example/?n=2026%20%2F%201",
        ),
        ("https://pay.example/{invoice_id}", "a?b&c#d", "1", "https://pay.example/a%3Fb%26c%23d"),
        ("https://pay.example/{invoice_id}", "../admin", "1", "https://pay.example/..%2Fadmin"),
        ("https://pay.example/{invoice_id}", "Ü", "1", "https://pay.example/%C3%9C"),
        ("https://pay.example/{invoice_id}", "{number}", "7", "https://pay.example/%7Bnumber%7D"),
        ("https://pay.example/{invoice_id}/{number}", "a", "b", "https://pay.example/a/b"),
        ("https://pay.example/{other}", "a", "b", "https://pay.example/{other}"),
    ],
)
def test_the_payment_link_quotes_what_it_names(
    form: str, invoice_id: str, number: str, link: str
) -> None:
    member = known(invoice(id=invoice_id, number=number))

    facts = letter_writing.letter_facts(_plan(), [member], NOW, Stationery(FIRM, form))

    assert facts.carrying.payment_link == link


def test_the_invoices_own_link_comes_first() -> None:
    member = known(invoice(payment_link="https://own.example/"))
    form = "https://pay.example/{number}"

    facts = letter_writing.letter_facts(_plan(), [member], NOW, Stationery(FIRM, form))

    assert facts.carrying.payment_link == "https://own.example/"


def _told(*members: Facts, step: str = "first-notice", **changes: object) -> LetterFacts:
    touch = _plan().model_copy(update={"step": step, **changes})
    return letter_writing.letter_facts(touch, members, NOW, Stationery(FIRM))


def test_the_remarks_are_those_of_the_touch() -> None:
    remarks = (Remark.DISPUTE_SETTLED, Remark.PLAN_ENDED)

    assert _told(known(), remarks=remarks).remarks == remarks
    assert _told(known()).remarks == ()


def test_what_is_left_out_of_the_letter_is_named() -> None:
    facts = letter_writing.letter_facts(
        _plan(), [known()], NOW, Stationery(FIRM), set_aside=("2026-002",)
    )

    assert facts.set_aside == ("2026-002",)


@pytest.mark.parametrize(
    ("progress", "day"),
    [
        ({}, None),
        ({"broken_on": march(12)}, march(12)),
        ({"promise": PromiseFacts(march(16), Method.CARD)}, march(16)),
        ({"promise": PromiseFacts(march(16), Method.CARD), "broken_on": march(12)}, march(16)),
    ],
)
def test_the_broken_promise_is_named_by_its_day(
    progress: dict[str, object], day: date | None
) -> None:
    assert _told(with_progress(known(), **progress)).promised_on == day


def test_of_several_broken_promises_the_latest_is_named() -> None:
    members = [with_progress(known(), broken_on=march(day)) for day in (9, 13, 11)]

    assert _told(*members).promised_on == march(13)


_TWO = plan((march(24), 3_000), (date(2026, 4, 24), 2_000), agreed_on=march(12), paid=1_000)


def test_a_letter_about_an_instalment_shows_the_plan_and_what_is_left_of_it() -> None:
    facts = _told(with_progress(known(), plan=_TWO), step="plan-7-1-reminder")

    assert [(one.number, one.due_on) for one in facts.instalments] == [
        (1, march(24)),
        (2, date(2026, 4, 24)),
    ]
    assert facts.instalment == facts.instalments[0]
    assert facts.instalment is not None
    assert facts.instalment.amount == 3_000
    assert facts.instalment.amount_open == 2_000


def test_a_confirmation_is_about_the_whole_plan() -> None:
    facts = _told(with_progress(known(), plan=_TWO), step="plan-7-confirmation")

    assert (len(facts.instalments), facts.instalment) == (2, None)


def test_a_letter_of_the_cadence_says_nothing_of_a_plan_that_has_ended() -> None:
    facts = _told(with_progress(known(), plan=_TWO), step="final-notice")

    assert (facts.instalments, facts.instalment) == ((), None)


def test_no_instalment_is_asked_for_beyond_what_is_still_open() -> None:
    """A credit note came after the plan was agreed: 500 are open, of 4,000 in the plan."""
    credited = with_progress(known(invoice(amount_open=Decimal(500))), plan=_TWO)

    facts = _told(credited, step="plan-7-1-reminder")

    assert facts.instalment is not None
    assert facts.instalment.amount_open <= facts.carrying.amount_open


LETTER = Letter("Subject", "Text", "<p>Text</p>", "en/first_notice@1")
KEY = "INV-1/first-notice/1"


def test_an_envelope_names_its_recipient_its_copies_and_its_thread() -> None:
    who = _with(*PEOPLE)

    envelope = letter_writing.envelope(
        _plan(Action.CC_OWNER), who, LETTER, KEY, ("a@dunlin.example",), NOW, FIRM
    )

    assert (envelope.to, envelope.to_name) == ("ap@acme.example", "Ap")
    assert envelope.cc == ("owner@dunlin.example",)
    assert envelope.message_id == f"{KEY}@dunlin.example"
    assert envelope.references == ("a@dunlin.example",)
    assert (envelope.sender_name, envelope.reply_to) == ("Receivables", "ar@dunlin.example")
    assert (envelope.dated, envelope.language, envelope.letter) == (NOW, "de", LETTER)


def test_a_letter_to_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="ACME has no address"):
        letter_writing.envelope(_plan(), _with(), LETTER, KEY, (), NOW, FIRM)


def test_a_letter_to_nobody_in_particular_has_no_name() -> None:
    facts = letter_writing.letter_facts(_plan(), [known(who=_with())], NOW, Stationery(FIRM))

    assert facts.contact_name == ""
