"""Whatever a file holds, it is read whole or refused; nothing else comes out."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from integrations.bank import LARGEST, read_statements
from integrations.bank.xml_tree import DEEPEST
from models.bank import BankStatement
from models.errors import StatementUnreadable
from tests.bank import shared_files
from tests.bank.samples import BAI2, CSV, OFX, balance, camt, entry, mt940

SAMPLES = [
    camt(
        entry("60.00", details="<RmtInf><Ustrd>Invoice 1001</Ustrd></RmtInf>"),
        entry("40.00", reference="B1"),
        balances=[balance("OPBD", "0.00"), balance("CLBD", "100.00")],
    ).encode(),
    mt940(
        ":61:2603030302CR100,00NTRFNONREF//BANK-1",
        ":86:166?00GUTSCHRIFT?20EREF+E2E-1?21SVWZ+Rechnung 1001?31DE02?32Mueller?34914",
    ).encode(),
    OFX.encode(),
    BAI2.encode(),
    CSV.encode(),
    CSV.encode("utf-16"),
    *(
        (shared_files.BANK / name).read_bytes()
        for name in (shared_files.names() if shared_files.BANK.is_dir() else [])
    ),
]


def read_or_refused(content: bytes) -> None:
    try:
        statements = read_statements(content, "bank.txt", accept_unbalanced=True)
    except StatementUnreadable as error:
        refused = error
    else:
        assert_sound(statements)
        return
    assert str(refused).startswith("bank.txt: ")
    assert refused.reason.endswith(".")


def assert_sound(statements: list[BankStatement]) -> None:
    entries = [one for statement in statements for one in statement.entries]
    assert all(one.amount >= 0 and len(one.key) == 32 for one in entries)


@pytest.mark.parametrize("content", SAMPLES)
def test_a_sample_is_read_or_refused(content: bytes) -> None:
    read_or_refused(content)


@given(st.binary(max_size=400))
@example(b"")
@example(b"\xff\xfe")
@example(b"\x00" * 50)
@example(b"PK\x03\x04")
def test_any_bytes(content: bytes) -> None:
    read_or_refused(content)


PIECES = [
    *"\n,;:/?-<>&\"' {}01239CDR",
    *("\n:61:", ":20:A\n:25:1\n:60F:C260301EUR0,", "\n:86:", "\n:62F:", "260301", "?20", "/REMI/"),
    *("<OFX>", "</", "<STMTRS>", "<STMTTRN>", "<ACCTID>", "<CURDEF>", "<![CDATA[", "<?xml?>"),
    *("01,", "03,", "16,", "88,", "49,", "Date", "Amount", "EUR", "<Document>", "<Ntry>"),
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_any_pieces_of_the_formats(pieces: list[str]) -> None:
    read_or_refused("".join(pieces).encode())


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SAMPLES), st.floats(0, 1))
def test_a_sample_cut_off_anywhere(content: bytes, where: float) -> None:
    read_or_refused(content[: int(len(content) * where)])


@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), st.binary(max_size=6)), max_size=4),
)
def test_a_sample_damaged_anywhere(content: bytes, damages: list[tuple[float, int, bytes]]) -> None:
    for where, length, new in damages:
        place = int(len(content) * where)
        content = content[:place] + new + content[place + length :]
    read_or_refused(content)


@pytest.mark.parametrize("content", SAMPLES[:4])
def test_no_sample_that_is_cut_off_is_read(content: bytes) -> None:
    # A last slash, or 100,00 cut to 100, makes no difference.
    whole = content.rstrip(b"-\n/").removesuffix(b",00")
    for length in range(1, len(whole)):
        with pytest.raises(StatementUnreadable):
            read_statements(whole[:length], "bank.txt")


LAUGHS = "\n".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (
            f'<?xml version="1.0"?>\n<!DOCTYPE x [{LAUGHS}]><Document>&l9;</Document>',
            2,
            "document type",
        ),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd"><Document/>', 1, "document type"),
        ("<a>" * (DEEPEST + 1), 1, "deep"),
        ("<OFX>" + "<A>" * DEEPEST, 1, "deep"),
        ("<Document>&nothing;</Document>", 1, "is no whole XML"),
        ('<?xml version="1.0" encoding="rot13"?><Document/>', 1, "encoding"),
    ],
)
def test_xml_that_attacks_is_refused(content: str, line: int, reason: str) -> None:
    with pytest.raises(StatementUnreadable) as refused:
        read_statements(content.encode(), "bank.xml")

    assert (refused.value.line, reason in refused.value.reason) == (line, True), refused.value


def test_a_file_too_large_is_not_looked_into() -> None:
    with pytest.raises(StatementUnreadable, match="larger than 128 MB"):
        read_statements(bytes(LARGEST + 1), "bank.txt")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_xml_in_the_encoding_it_names(encoding: str) -> None:
    text = camt(entry(details="<RmtInf><Ustrd>Zahlung für März</Ustrd></RmtInf>"))
    named = encoding.removesuffix("-sig")

    [statement] = read_statements(
        text.replace('encoding="UTF-8"', f'encoding="{named}"').encode(encoding), "bank.xml"
    )

    assert statement.entries[0].remittance == "Zahlung für März"


def test_xml_in_a_western_code_page_under_a_header_that_says_utf_8() -> None:
    text = camt(entry(details="<RmtInf><Ustrd>Zahlung für März</Ustrd></RmtInf>"))

    [statement] = read_statements(text.encode("cp1252"), "bank.xml")

    assert statement.entries[0].remittance == "Zahlung für März"


@pytest.mark.parametrize("name", ["statement.xml", "no-end", "bank.pdf"])
def test_the_name_decides_nothing(name: str) -> None:
    assert read_statements(OFX.encode(), Path(name).name)[0].kind == "OFX"
