"""What the columns of a bank's CSV can mean, and by which headers banks call them."""

import re
from collections.abc import Mapping, Sequence, Set
from enum import StrEnum
from functools import cache

from integrations.bank.broken import Broken
from integrations.csv_ledger.currencies import meanings
from integrations.csv_ledger.spellings import plain


class Column(StrEnum):
    """What a column means, under the names that a mapping uses."""

    ACCOUNT = "account"
    BOOKED_ON = "booked_on"
    VALUE_ON = "value_on"
    AMOUNT = "amount"
    CREDIT = "credit"
    DEBIT = "debit"
    SIGN = "sign"
    CURRENCY = "currency"
    BALANCE = "balance"
    ORIGINAL_AMOUNT = "original_amount"
    ORIGINAL_CURRENCY = "original_currency"
    PAYER_NAME = "payer_name"
    PAYER_ACCOUNT = "payer_account"
    TEXT = "text"
    REFERENCE = "reference"
    END_TO_END_ID = "end_to_end_id"
    MANDATE_ID = "mandate_id"
    BANK_REFERENCE = "bank_reference"
    CUSTOMER_REFERENCE = "customer_reference"
    CODE = "code"
    STATUS = "status"


SEVERAL = frozenset({Column.TEXT, Column.PAYER_NAME})
"""What may stand in more than one column; a row's values are joined in their order."""

_SPELLINGS: dict[Column, str] = {
    Column.ACCOUNT: """auftragskonto | iban auftragskonto | kontonummer auftragskonto | own account
        | account number | account no | account id | iban/bban | rekeningnummer
        | rekeningnr | numéro de compte | número de cuenta""",
    Column.BOOKED_ON: """booking date | booked on | booked | posting date | post date
        | posted date | date posted | completed date | date completed
        | date completed (utc) | entry date | buchungstag | buchungsdatum | buchung
        | abschlussdatum | datum buchung
        | date opération | date d'opération | date de l'opération | date comptable
        | date de comptabilisation | date operation | boekdatum | boekingsdatum
        | fecha operación | fecha de operación | fecha contable | f. operación""",
    Column.VALUE_ON: """value date | value | valuta | valutadatum | wertstellung
        | wertstellungsdatum | wertstellungstag | date valeur | date de valeur | valeur
        | rentedatum | fecha valor | fecha de valor | f. valor""",
    Column.AMOUNT: """amount | transaction amount | net amount | betrag | umsatz | umsatzbetrag
        | betrag in kontowährung | montant | montant de l'opération | bedrag | transactiebedrag
        | importe | importe operación""",
    Column.CREDIT: """credit | credits | credit amount | money in | paid in | deposit | deposits
        | amount credit | haben | gutschrift | gutschriften | betrag haben | eingang | einzahlung
        | crédit | crédit euros | montant crédit | bijschrijving | bij | haber | abono | abonos
        | ingreso | ingresos""",
    Column.DEBIT: """debit | debits | debit amount | money out | paid out | withdrawal
        | withdrawals | amount debit | soll | lastschrift | belastung | belastungen | betrag soll
        | ausgang | auszahlung | débit | débit euros | montant débit | afschrijving | af | debe
        | cargo | cargos | gasto | gastos""",
    Column.SIGN: """d/c | c/d | dc | cd | dr/cr | cr/dr | debit/credit | credit/debit
        | credit debit indicator | debit credit | transaction sign | sign | soll/haben | s/h
        | haben/soll | soll haben kennzeichen | sens | débit/crédit | af bij | af/bij | bij/af
        | debet/credit | debe/haber | signo""",
    Column.CURRENCY: """currency | currency code | account currency | ccy | währung | waehrung
        | kontowährung | devise | monnaie | munt | muntsoort | valuta code | divisa | moneda""",
    Column.BALANCE: """balance | running balance | balance after | account balance | saldo
        | kontostand | saldo nach buchung | solde | saldo na trn | saldo na mutatie
        | saldo na boeking | saldo disponible""",
    Column.ORIGINAL_AMOUNT: """amount currency | original amount | foreign amount
        | foreign currency amount | ursprungsbetrag | originalbetrag | betrag in fremdwährung
        | fremdwährungsbetrag | montant devise | montant d'origine | oorspr bedrag
        | oorspronkelijk bedrag | importe original | importe divisa""",
    Column.ORIGINAL_CURRENCY: """original currency | foreign currency | ursprungswährung
        | originalwährung | fremdwährung | devise d'origine | oorspr munt | divisa original""",
    Column.PAYER_NAME: """partner name | payer | payer name | payee | payee name | counterparty
        | counterparty name | counter party | name of counterparty | sender | sender name
        | beneficiary | beguenstigter/zahlungspflichtiger | begünstigter/zahlungspflichtiger
        | auftraggeber/empfänger | auftraggeber/begünstigter | zahlungspflichtige*r
        | zahlungsempfänger*in | name zahlungsbeteiligter | empfänger/zahlungspflichtiger
        | zahlungsempfänger | zahlungspflichtiger | auftraggeber | empfänger | gegenpartei
        | tiers | nom du tiers | donneur d'ordre | contrepartie | nom contrepartie
        | naam tegenpartij | naam/omschrijving | tegenpartij | ordenante | beneficiario
        | contrapartida""",
    Column.PAYER_ACCOUNT: """bank account | partner account | partner iban | counterparty account
        | counterparty iban | account counterparty | payer account | payer iban
        | kontonummer/iban | iban zahlungsbeteiligter | konto gegenpartei | gegenkonto
        | iban des auftraggebers | compte tiers | iban tiers | compte contrepartie
        | tegenrekening | tegenrekening iban/bban | cuenta contrapartida | cuenta ordenante""",
    Column.TEXT: """label | payment reference | description | details | memo | narrative
        | remittance | remittance information | payment details | text | particulars
        | transaction description
        | transaction details | verwendungszweck | verwendungszweck 1 | verwendungszweck 2
        | verwendungszweck 3 | vwz | zahlungsgrund | buchungsdetails | libellé | libelle
        | libellé de l'opération | communication | communications | détail | motif
        | omschrijving | omschrijving-1 | omschrijving-2 | omschrijving-3 | mededeling
        | mededelingen | concepto | descripción | observaciones | detalle""",
    Column.REFERENCE: """creditor reference | structured reference
        | structured communication | qr-referenz | referenznummer | strukturierte referenz
        | communication structurée | référence structurée | betalingskenmerk
        | gestructureerde mededeling | referencia estructurada""",
    Column.END_TO_END_ID: """end to end id | end-to-end reference | end to end reference
        | endtoendid
        | kundenreferenz (end-to-end) | end-to-end-referenz | référence de bout en bout
        | référence end to end""",
    Column.MANDATE_ID: """mandate | mandate id | mandate reference | mandatsreferenz
        | référence du mandat | rum | machtigingskenmerk | referencia de mandato""",
    Column.BANK_REFERENCE: """transaction id | transaction reference | bank reference
        | entry reference
        | account servicer reference | buchungsreferenz | bankreferenz | transaktionsnummer
        | référence de l'opération | référence opération | transactiereferentie | volgnr
        | referencia de la operación""",
    Column.CUSTOMER_REFERENCE: """customer reference | your reference | ref
        | kundenreferenz
        | référence client""",
    Column.CODE: """transaction type | transaction code | bank transaction code
        | umsatzart | umsatztyp | vorgang | type d'opération | nature de l'opération | mutatiesoort
        | tipo de operación""",
    Column.STATUS: "status | state | booking status | buchungsstatus | statut | estado",
}
_VAGUE: tuple[dict[Column, str], ...] = (
    {
        Column.ACCOUNT: "account | compte | cuenta | rekening",
        Column.BOOKED_ON: "date | datum | fecha",
        Column.PAYER_ACCOUNT: "iban",
        Column.PAYER_NAME: "name | nom | naam | nombre",
        Column.TEXT: "buchungstext | libelle court",
        Column.CUSTOMER_REFERENCE: "reference | referenz | référence | kenmerk | referencia",
        Column.CODE: "type | code | tipo",
        Column.STATUS: "info",
    },
    {
        Column.BOOKED_ON: "transaction date | transactiedatum",
        Column.CODE: "buchungstext",
    },
)
"""Headers that mean something only where no clear one does, tried in this order: a German
`Buchungstext` is the text, but beside a column for the text it is the kind of transaction."""

_LONGEST = 100
_IN_HEADER = re.compile(r"(.*\S)\s*[(\[]\s*(?:in )?([^()\[\]]{1,3})\s*[)\]]")


@cache
def _stages() -> tuple[dict[str, Column], ...]:
    """Plain headers and what they mean, clear ones first."""
    return tuple(
        {plain(word): column for column, words in stage.items() for word in words.split("|")}
        for stage in (_SPELLINGS, *_VAGUE)
    )


@cache
def _known() -> frozenset[str]:
    return frozenset(word for stage in _stages() for word in stage)


def apart(header: str) -> tuple[str, str]:
    """A header and the currency that stands in brackets behind it: `Betrag (€)`; "" for none."""
    found = _IN_HEADER.fullmatch(header.strip()) if len(header) <= _LONGEST else None
    code = next(iter(meanings(found[2])), "") if found else ""
    return (found[1], code) if found and code else (header, "")


def known_headers(record: Sequence[str], named: Mapping[Column, Sequence[str]]) -> int:
    """How many cells of `record` are headers we know or a mapping names."""
    wanted = {plain(name) for names in named.values() for name in names}
    cells = (plain(apart(cell)[0]) for cell in record)
    return sum(bool(cell) and (cell in _known() or cell in wanted) for cell in cells)


def columns_of(
    header: Sequence[str], named: Mapping[Column, Sequence[str]], line: int
) -> dict[Column, tuple[int, ...]]:
    """The positions of each column; `named` are a mapping's headers, none for no column at all.

    Raises:
        Broken: a named header is missing, or two columns mean what only one may mean.
    """
    names = [plain(apart(cell)[0]) for cell in header]
    found: dict[Column, list[int]] = {}
    for column, wanted in named.items():
        for one in wanted:
            if plain(apart(one)[0]) not in names:
                raise Broken(
                    line, f"the mapping's columns.{column} names {one!r}, which the file lacks."
                )
            found.setdefault(column, []).append(names.index(plain(apart(one)[0])))
    taken = {place for places in found.values() for place in places}
    for stage in _stages():
        free = [(place, name) for place, name in enumerate(names) if place not in taken]
        more = _recognised(header, free, stage, found.keys() | named.keys(), line)
        taken |= {place for places in more.values() for place in places}
        found |= more
    return {column: tuple(places) for column, places in found.items()}


def _recognised(
    header: Sequence[str],
    free: Sequence[tuple[int, str]],
    stage: Mapping[str, Column],
    settled: Set[Column],
    line: int,
) -> dict[Column, list[int]]:
    found: dict[Column, list[int]] = {}
    for place, name in free:
        column = stage.get(name)
        if column is None or column in settled:
            continue
        first = found.setdefault(column, [])
        # The same header again, such as a currency beside each amount, says the same again.
        if not first or column in SEVERAL:
            first.append(place)
        elif header[first[0]] != header[place]:
            raise Broken(
                line,
                f"{header[first[0]]!r} and {header[place]!r} both mean {column}. Say which in a "
                f'mapping file: [columns] {column} = "…".',
            )
    return found
