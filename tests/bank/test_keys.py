"""Which movements are one, however often a bank tells of them."""

from tests.bank.conftest import ReadEntries
from tests.bank.samples import BAI2, OFX, camt, entry, mt940

TEXT = "<RmtInf><Ustrd>Invoice 1001</Ustrd></RmtInf>"


def keys(entries_of: ReadEntries, text: str) -> list[str]:
    return [one.key for one in entries_of(text, accept_unbalanced=True)]


def booked(day: int, amount: int) -> str:
    return f":61:2603{day:02}03{day:02}C{amount},00NTRFNONREF\n:86:Invoice {amount}"


def test_overlapping_statements_tell_the_same_movements(entries_of: ReadEntries) -> None:
    first = keys(entries_of, mt940(booked(2, 10), booked(3, 20)))
    second = keys(entries_of, mt940(booked(3, 20), booked(4, 30), number="2/1"))

    assert first[1] == second[0]
    assert len({*first, *second}) == 3


def test_equal_movements_of_a_day_are_two_wherever_they_are_told(entries_of: ReadEntries) -> None:
    twice = keys(entries_of, mt940(booked(2, 10), booked(2, 10)))
    among_others = keys(entries_of, mt940(booked(1, 5), booked(2, 10), booked(2, 10)))

    assert len(set(twice)) == 2
    assert among_others[1:] == twice


def test_a_file_that_tells_a_statement_twice_tells_nothing_new(entries_of: ReadEntries) -> None:
    told = mt940(booked(2, 10), booked(2, 10))

    assert len(set(keys(entries_of, told + told))) == 2


def test_a_day_cut_in_two_statements_counts_whole(entries_of: ReadEntries) -> None:
    first = mt940(booked(2, 10), closing="C260302EUR10,00")
    second = mt940(
        booked(2, 10), opening="C260302EUR10,00", closing="C260302EUR20,00", number="2/1"
    )

    assert len(set(keys(entries_of, first + second))) == 2


def test_a_later_page_counts_on(entries_of: ReadEntries) -> None:
    pages = mt940(booked(2, 10)) + mt940(booked(2, 10), page="M", number="1/2")

    assert len(set(keys(entries_of, pages))) == 2


def test_an_interim_report_and_the_statement_tell_the_same(entries_of: ReadEntries) -> None:
    interim = camt(entry(status="<Sts>PDNG</Sts>", reference="B1"), kind="052", version="02")
    final = camt(entry(details=TEXT, status="<Sts><Cd>BOOK</Cd></Sts>", reference="B1"))

    assert keys(entries_of, interim) == keys(entries_of, final)


def test_without_a_reference_the_texts_tell_movements_apart(entries_of: ReadEntries) -> None:
    other = TEXT.replace("1001", "1002")

    one, two, same = keys(
        entries_of, camt(entry(details=TEXT), entry(details=other), entry(details=TEXT))
    )

    assert len({one, two, same}) == 3
    assert keys(entries_of, camt(entry(details=other)))[0] == two
    assert keys(entries_of, camt(entry(details=TEXT.replace("Invoice", "  INvoice "))))[0] == one


def test_a_reversal_is_not_what_it_reverses(entries_of: ReadEntries) -> None:
    text = camt(
        entry(reference="B1"),
        entry(reference="B1", sign="DBIT", more="<RvslInd>true</RvslInd>"),
    )

    assert len(set(keys(entries_of, text))) == 2


def test_a_reference_that_comes_back_next_month_is_another_payment(
    entries_of: ReadEntries,
) -> None:
    text = camt(entry(reference="STANDING"), entry(reference="STANDING", booked="2026-04-02"))

    assert len(set(keys(entries_of, text))) == 2


def test_whoever_knows_a_batch_as_a_whole_knows_its_payments(entries_of: ReadEntries) -> None:
    def payment(amount: int, name: str) -> str:
        return (
            f'<TxDtls><Amt Ccy="EUR">{amount}.00</Amt><RltdPties><Dbtr><Nm>{name}</Nm></Dbtr>'
            f"</RltdPties></TxDtls>"
        )

    [whole] = entries_of(camt(entry(reference="BATCH")))
    parts = entries_of(
        camt(entry(reference="BATCH", details=payment(50, "A") + payment(50, "B")), kind="054")
    )
    turned = entries_of(
        camt(entry(reference="BATCH", details=payment(50, "B") + payment(50, "A")), kind="054")
    )

    assert {one.part_of for one in parts} == {whole.key}
    assert [one.key for one in parts] == [one.key for one in reversed(turned)]


def test_trailing_zeros_make_no_difference(entries_of: ReadEntries) -> None:
    assert keys(entries_of, camt(entry("8.850"))) == keys(entries_of, camt(entry("8.85")))


def test_other_accounts_have_other_keys(entries_of: ReadEntries) -> None:
    assert not {*keys(entries_of, OFX)} & {*keys(entries_of, OFX.replace("12345", "12346"))}


def test_an_account_told_in_two_parts_of_a_report_counts_whole(entries_of: ReadEntries) -> None:
    first, _, rest = BAI2.partition("98,")
    account = first[first.index("03,") :]
    twice = first + account + "98,900000,2,10/\n99,900000,1,12/\n"

    assert rest
    assert len(set(keys(entries_of, twice))) == 2
