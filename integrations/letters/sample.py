"""Made-up facts that show a letter from every side."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from models.letter import Firm, LetterFacts, LetterLine
from models.vocabulary import Stage, Tone

WRITTEN_ON = date(2026, 3, 12)
FIRM = Firm(
    name="Northwind Instruments Ltd",
    address="4 Harbour Lane, Bristol BS1 4QA",
    sender_name="Ines Calder",
    sender_email="ar@northwind.example",
    reply_to="accounts@northwind.example",
    phone="+44 117 496 0000",
)


def sample_line(days_past_due: int, number: str = "INV-1042") -> LetterLine:
    """An invoice that many days past due (negative: before its day), partly paid."""
    due_on = WRITTEN_ON - timedelta(days=days_past_due)
    return LetterLine(
        invoice_id=number,
        number=number,
        issued_on=due_on - timedelta(days=30),
        due_on=due_on,
        days_past_due=days_past_due,
        amount=Decimal("1480.00"),
        amount_open=Decimal("1234.50"),
        amount_asked=Decimal("1234.50"),
        currency="EUR",
        purchase_order="PO-7781",
        payment_link=f"https://pay.example.com/{number}",
    )


def sample_facts(template: str, language: str, *lines: LetterLine) -> LetterFacts:
    """Facts for `template` on `lines`, or on one invoice 12 days past due."""
    return LetterFacts(
        template=template,
        language=language,
        stage=Stage.EARLY,
        tone=Tone.NEUTRAL,
        written_on=WRITTEN_ON,
        firm=FIRM,
        customer_name="Tidewater Foods GmbH",
        contact_name="Mara Lindqvist",
        currency="EUR",
        lines=lines or (sample_line(12),),
    )


def sample_letters(template: str, language: str) -> Iterator[tuple[str, LetterFacts]]:
    """Facts for one letter with a word for each: by age, number of invoices and what is missing."""
    one = sample_facts(template, language)
    line = one.carrying
    for days in (-3, 0, 1, 12, 60):
        yield f"{days} days past due", replace(one, lines=(sample_line(days),))
    many = (line, sample_line(-4, "INV-1050"), sample_line(0, "INV-1051"), sample_line(61, "INV-9"))
    yield "many invoices", replace(one, lines=many)
    yield "two invoices", replace(one, lines=(line, sample_line(1, "INV-1043")))
    yield (
        "two invoices not yet due",
        replace(one, lines=(sample_line(-3), sample_line(0, "INV-1043"))),
    )
    disputed = replace(line, amount_asked=Decimal("1000.00"))
    yield "partly disputed", replace(one, lines=(disputed,))
    yield "one of many partly disputed", replace(one, lines=(disputed, *many[1:]))
    yield "settled", replace(one, lines=(_settled(line),))
    yield "one of two settled", replace(one, lines=(_settled(line), many[1]))
    yield "no contact name", replace(one, contact_name="")
    yield "no names", replace(one, contact_name="", customer_name="")
    bare = replace(line, payment_link="", purchase_order="")
    yield "no link, no purchase order", replace(one, lines=(bare,))
    yield "some without link and purchase order", replace(one, lines=(bare, *many[1:]))
    shared = tuple(replace(each, payment_link="https://pay.example.com/all") for each in many)
    yield "one link for all", replace(one, lines=shared)
    yield "no phone, no address", replace(one, firm=replace(FIRM, phone="", address=""))


def _settled(line: LetterLine) -> LetterLine:
    return replace(line, amount_open=Decimal(0), amount_asked=Decimal(0))
