"""Made-up facts that show a letter from every side."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from models.letter import Firm, InstalmentLine, LetterFacts, LetterLine, Remark
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


def sample_plan(paid: Decimal = Decimal(0)) -> tuple[InstalmentLine, ...]:
    """Four instalments, the first 10 days ago, which add up to what the sample invoice has open;
    `paid` fills them in their order."""
    amounts = [*[Decimal("308.62")] * 3, Decimal("308.64")]
    plan = []
    for number, amount in enumerate(amounts, 1):
        covered = min(paid, amount)
        paid -= covered
        due_on = WRITTEN_ON + timedelta(days=30 * number - 40)
        plan.append(InstalmentLine(number, due_on, amount, amount - covered))
    return tuple(plan)


def sample_facts(template: str, language: str, *lines: LetterLine) -> LetterFacts:
    """Facts for `template` on `lines`, or on one invoice 12 days past due, with a plan for it."""
    plan = sample_plan()
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
        instalments=plan,
        instalment=plan[0],
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
    yield from _remarks(one)
    yield "every remark on many invoices", replace(one, lines=many, remarks=tuple(Remark))
    yield "another invoice left out", replace(one, set_aside=("INV-1060",))
    left_out = ("INV-1060", "INV-1061", "INV-1062")
    yield "others left out", replace(one, lines=many, set_aside=left_out)
    yield from _plans(one)


def _remarks(one: LetterFacts) -> Iterator[tuple[str, LetterFacts]]:
    told = replace(one, remarks=tuple(Remark))
    yield "every remark", told
    missed, announced = WRITTEN_ON - timedelta(days=7), WRITTEN_ON + timedelta(days=7)
    yield "every remark, a promise missed", replace(told, promised_on=missed)
    yield "every remark, a part announced", replace(told, promised_on=announced)


def _plans(one: LetterFacts) -> Iterator[tuple[str, LetterFacts]]:
    begun = sample_plan(paid=Decimal("400.00"))
    yield "an instalment paid in part", replace(one, instalments=begun, instalment=begun[1])
    yield "last instalment", replace(one, instalments=begun, instalment=begun[-1])


def _settled(line: LetterLine) -> LetterLine:
    return replace(line, amount_open=Decimal(0), amount_asked=Decimal(0))
