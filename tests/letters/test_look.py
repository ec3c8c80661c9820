"""How a letter looks to someone who reads it as text."""

from dataclasses import replace

from integrations.letters import Letters
from integrations.letters.sample import sample_facts, sample_letters, sample_line

SECOND_NOTICE = """\
Dear Mara Lindqvist,

We ask for your attention to the open invoices below, for which our records
show no full payment.

This letter is about 2 open invoices. The amount to be paid on them is
€2,469.00. Of this, €1,234.50 is past due; the rest is listed for your
information.

Tidewater Foods GmbH, as of March 12, 2026:

Invoice   PO number  Issued        Due           Days past due  Amount open
--------  ---------  ------------  ------------  -------------  -----------
INV-1042  PO-7781    Jan 26, 2026  Feb 25, 2026             15    €1,234.50
INV-1050  PO-7781    Feb 14, 2026  Mar 16, 2026    not yet due    €1,234.50
Total                                                             €2,469.00

By age: not yet past due €1,234.50 · 15 to 45 days past due €1,234.50

Please pay €1,234.50 without further delay. If there is a reason why you
cannot, please tell us what it is, together with the date on which we can
expect your payment.

You can pay online here:

- Invoice INV-1042 <https://pay.example.com/INV-1042>
- Invoice INV-1050 <https://pay.example.com/INV-1050>

Please quote the invoice numbers with your payment.

If you have already paid, thank you \N{EN DASH} please disregard this letter.

Yours sincerely,

Ines Calder
Northwind Instruments Ltd
4 Harbour Lane, Bristol BS1 4QA
+44 117 496 0000
accounts@northwind.example
"""


def test_a_second_notice_looks_like_a_letter(letters: Letters) -> None:
    lines = (sample_line(15), sample_line(-4, "INV-1050"))
    letter = letters.render(sample_facts("second_notice", "en", *lines))
    assert letter.subject == "Payment requested: invoice INV-1042 and one more"
    assert letter.text == SECOND_NOTICE


def test_heads_fold_in_two_before_a_table_gets_too_wide(letters: Letters) -> None:
    facts = sample_facts("second_notice", "en", sample_line(15, "INV-2026-0104"))
    assert (
        "               PO                                       Days     Amount\n"
        "Invoice        number   Issued        Due           past due       open\n"
        "-------------  -------  ------------  ------------  --------  ---------\n"
        "INV-2026-0104  PO-7781  Jan 26, 2026  Feb 25, 2026        15  €1,234.50\n"
    ) in letters.render(facts).text


def test_a_table_too_wide_for_a_mail_becomes_a_list(letters: Letters) -> None:
    facts = dict(sample_letters("second_notice", "en"))["partly disputed"]
    assert (
        "INV-1042\n"
        "  PO number         PO-7781\n"
        "  Issued            Jan 29, 2026\n"
        "  Due               Feb 28, 2026\n"
        "  Days past due     12\n"
        "  Amount open       €1,234.50\n"
        "  Amount asked for  €1,000.00\n"
    ) in letters.render(facts).text


def test_a_date_name_or_number_is_not_broken_over_two_lines(letters: Letters) -> None:
    facts = sample_facts("first_notice", "fr", sample_line(12, "F 2026 104"))
    for width in range(60):
        named = replace(facts, customer_name="N" * width, contact_name="M" * width + " Lindqvist")
        text = letters.render(named).text
        for whole in ("12 mars 2026", "28 février 2026", "Sur la facture F 2026 104"):
            assert whole in text


def test_a_lone_link_is_a_button_and_a_listed_one_is_not(letters: Letters) -> None:
    kinds = dict(sample_letters("first_notice", "en"))
    assert letters.render(kinds["12 days past due"]).html.count("display:inline-block") == 1
    assert letters.render(kinds["many invoices"]).html.count("display:inline-block") == 0
