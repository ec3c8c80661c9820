from integrations.csv_ledger import Kind, Mapping
from models.ledger import ContactRow, CustomerRow
from models.vocabulary import Role
from tests.csv_ledger.conftest import ReadText

INVOICE = "Invoice Number,Amount,Currency,Invoice Date,Due Date"


def cells(number: int) -> str:
    return f"{number},10.00,EUR,2026-03-01,2026-03-31"


def test_a_file_of_customers_gives_all_that_it_says_of_them(ledger_of: ReadText) -> None:
    ledger = ledger_of(
        "Customer ID,Name,Country,Language,Time zone,Segment,Tags,Strategic,Owner,Owner Email,"
        "Email\n"
        '007,Aster  Mills,Germany,German,europe/berlin,mid,"a, b",yes,Kim,kim@firm.example,'
        "ap@aster.example\n"
    )

    assert ledger.customers == (
        CustomerRow(
            id="007",
            name="Aster Mills",
            country="DE",
            zone="Europe/Berlin",
            language="de",
            segment="mid",
            tags=("a", "b"),
            strategic=True,
            strategic_is_said=True,
            owner_name="Kim",
            owner_email="kim@firm.example",
        ),
    )
    assert ledger.contacts == (ContactRow("007", "ap@aster.example"),)


def test_a_file_of_contacts_gives_people_and_no_customers(ledger_of: ReadText) -> None:
    ledger = ledger_of(
        "Customer ID,Contact Name,Email,Phone,Role\n"
        "7,Lee Roe,lee@aster.example,+49 30 5550,CFO\n7,Nobody,,,\n7,Bad,lee at aster,,AP\n"
    )

    assert ledger.customers == ()
    assert ledger.contacts == (
        ContactRow("7", "lee@aster.example", "Lee Roe", "+49 30 5550", Role.CFO),
    )
    assert [(reject.line, reject.column) for reject in ledger.rejects] == [
        (3, "Email"),
        (4, "Email"),
    ]


def test_customers_inline_are_taken_once(ledger_of: ReadText) -> None:
    ledger = ledger_of(
        f"{INVOICE},Customer ID,Customer Name,Email\n"
        f"{cells(1)},C1,Aster Mills,ap@aster.example\n"
        f"{cells(2)},C1,Aster Mills,AP@aster.example\n"
        f"{cells(3)},C2,Birch Ltd,\n"
    )

    assert [(customer.id, customer.name) for customer in ledger.customers] == [
        ("C1", "Aster Mills"),
        ("C2", "Birch Ltd"),
    ]
    assert ledger.contacts == (ContactRow("C1", "ap@aster.example"),)


def test_of_conflicting_names_the_last_in_the_file_wins_and_is_noted(ledger_of: ReadText) -> None:
    ledger = ledger_of(
        f"{INVOICE},Customer ID,Customer Name\n"
        f"{cells(1)},C1,Aster\n{cells(2)},C2,Birch\n{cells(3)},C1,Aster Mills\n"
        f"{cells(4)},C1,Aster AG\n{cells(5)},C1,\n"
    )

    assert [customer.name for customer in ledger.customers] == ["Aster AG", "Birch"]
    assert (
        "Customers with more than one name, of which the last was taken: 1; "
        "first 'Customer Name' in line 4 is Aster Mills."
    ) in ledger.notes


def test_a_rejected_row_leaves_no_customer_behind(ledger_of: ReadText) -> None:
    ledger = ledger_of(f"{INVOICE},Customer ID\n1,0,EUR,2026-03-01,2026-03-31,C1\n")

    assert ledger.customers == ()
    assert len(ledger.rejects) == 1


def test_without_ids_customers_go_by_their_names(ledger_of: ReadText) -> None:
    ledger = ledger_of(
        f"{INVOICE},Customer\n{cells(1)},Aster  Mills\n{cells(2)},ASTER Mills\n{cells(3)},\n"
    )

    assert {invoice.customer_id for invoice in ledger.invoices} == {"aster-mills"}
    assert "The file has no customer ids: they are made from customer_name." in ledger.notes
    assert ledger.rejects[0].column == "Customer"


def test_without_ids_and_names_customers_go_by_their_addresses(ledger_of: ReadText) -> None:
    ledger = ledger_of(f"{INVOICE},Email\n{cells(1)},Lee Roe <Lee@aster.example>\n")

    assert ledger.customers[0].id == "lee@aster.example"
    assert ledger.contacts == (ContactRow("lee@aster.example", "Lee@aster.example"),)


def test_several_addresses_in_a_cell_are_several_contacts(ledger_of: ReadText) -> None:
    ledger = ledger_of(
        f"{INVOICE},Customer ID,Email,Contact Name\n"
        f"{cells(1)},C1,ap@aster.example; lee@aster.example,Lee Roe\n"
    )

    assert ledger.contacts == (
        ContactRow("C1", "ap@aster.example", "Lee Roe"),
        ContactRow("C1", "lee@aster.example"),
    )


def test_an_unknown_country_is_left_empty_with_a_note(ledger_of: ReadText) -> None:
    ledger = ledger_of(
        f"{INVOICE},Customer ID,Country Code\n"
        f"{cells(1)},C1,391\n{cells(2)},C2,406\n{cells(3)},C3,FR\n"
    )

    assert [customer.country for customer in ledger.customers] == ["", "", "FR"]
    assert ledger.rejects == ()
    assert (
        "Values of country that are not known, left empty: 2; "
        "first 'Country Code' in line 2 is 391; also 406."
    ) in ledger.notes


def test_a_wrong_address_or_a_lone_number_is_noted_and_the_invoice_taken(
    ledger_of: ReadText,
) -> None:
    ledger = ledger_of(
        f"{INVOICE},Customer ID,Email,Phone\n{cells(1)},C1,none,\n{cells(2)},C2,,030 5550\n"
    )

    assert len(ledger.invoices) == 2
    assert ledger.contacts == ()
    assert any(note.startswith("E-mail addresses that cannot be") for note in ledger.notes)
    assert any(note.startswith("Telephone numbers of contacts") for note in ledger.notes)


def test_a_default_holds_only_for_customers_of_whom_no_row_says_otherwise(
    ledger_of: ReadText,
) -> None:
    ledger = ledger_of(
        f"{INVOICE},Customer ID,Country\n"
        f"{cells(1)},C1,FR\n{cells(2)},C1,\n{cells(3)},C2,\n{cells(4)},C2,IT\n{cells(5)},C3,\n",
        country="Germany",
        language="de",
    )

    assert [customer.country for customer in ledger.customers] == ["FR", "IT", "DE"]
    assert {customer.language for customer in ledger.customers} == {"de"}
    assert not any("more than one" in note for note in ledger.notes)


def test_no_is_an_answer_only_where_a_row_gives_it(ledger_of: ReadText) -> None:
    ledger = ledger_of(
        "Customer ID,Name,Strategic\n1,Aster,yes\n2,Birch,no\n3,Cedar,\n4,Dogwood,perhaps\n",
        mapping=Mapping.model_validate({"defaults": {"strategic": "no"}}),
    )

    assert [(one.strategic, one.strategic_is_said) for one in ledger.customers] == [
        (True, True),
        (False, True),
        (False, False),
        (False, False),
    ]


def test_a_default_role_is_that_of_contacts_without_one(ledger_of: ReadText) -> None:
    ledger = ledger_of(
        "Customer ID,Email\nC1,lee@aster.example\n",
        kind=Kind.CONTACTS,
        mapping=Mapping.model_validate({"defaults": {"role": "finance_lead"}}),
    )

    assert ledger.contacts[0].role is Role.FINANCE_LEAD
