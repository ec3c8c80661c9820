"""How common exports spell their headers, and what each spelling means."""

import unicodedata
from functools import cache

from integrations.csv_ledger.fields import Field, Kind

_CLEAR: dict[Field, str] = {
    Field.INVOICE_ID: "invoice id | internal id | invoice key | rechnungs id | id facture",
    Field.NUMBER: """invoice number | invoice no | invoice num | invoice # | invoice nr | inv no
        | inv # | inv number | document number | document no | doc no | doc number | doc # | doc id
        | document id | billing document | billing doc | belnr | vbeln | num | invoice
        | rechnungsnummer | rechnungs nr | rechnung nr | rechnungs no | re nr | belegnummer
        | beleg nr | belegfeld 1 | n° facture | numéro de facture | numéro facture | no facture
        | num facture | nº factura | número de factura | numero fattura | factuurnummer""",
    Field.DOCUMENT_TYPE: """document type | doc type | transaction type | txn type | type
        | belegart | blart | type de pièce""",
    Field.AMOUNT: """invoice amount | invoice total | amount | total | total amount | gross amount
        | amount gross | amount total | original amount | invoice value | document amount
        | amount in doc curr | amount in document currency | amount foreign currency | wrbtr
        | rechnungsbetrag | betrag | bruttobetrag | betrag brutto | gesamtbetrag | rechnungssumme
        | betrag in belegwährung | umsatz | umsatz ohne soll/haben kz | montant | montant ttc
        | total ttc | montant facture | importe | importo""",
    Field.AMOUNT_OPEN: """open amount | amount open | total open amount | open balance
        | outstanding amount | amount outstanding | outstanding | amount remaining
        | amount remaining foreign currency | remaining amount | remaining balance
        | balance due | balance | invoice amount due | unpaid amount | offener betrag
        | offen | restbetrag | saldo | offener saldo | op betrag | solde | montant dû
        | reste à payer | solde dû | restant dû""",
    Field.AMOUNT_PAID: """amount paid | paid amount | invoice amount paid | payments applied
        | total paid | bezahlter betrag | gezahlt | zahlbetrag | montant payé | montant réglé""",
    Field.CURRENCY: """currency | currency code | invoice currency | document currency
        | doc currency | ccy | curr | waers | iso currency | transaction currency | währung | wkz
        | wkz umsatz | belegwährung | währungskennzeichen | devise | code devise | monnaie
        | moneda""",
    Field.ISSUED_ON: """invoice date | issue date | issued | issued on | issued at | date issued
        | date of issue | document date | doc date | document create date | billing date | bldat
        | created at | created | created utc | created date utc | date created | create date
        | rechnungsdatum | belegdatum | ausstellungsdatum | rechnung vom | date facture
        | date de facture | date de facturation | date d'émission | fecha factura""",
    Field.DUE_ON: """due date | due on | due | due in date | due date utc | net due date
        | payment due date | payment due | date due | receive by | pay by | maturity date | netdt
        | faedt | fällig | fälligkeit | fälligkeitsdatum | fällig am | fällig zum | zahlbar bis
        | nettofälligkeit | échéance | date échéance | date d'échéance | vencimiento | scadenza
        | vervaldatum""",
    Field.TERMS: """terms | payment terms | payment term | terms of payment | cust payment terms
        | net terms | zterm | zahlungsbedingung | zahlungsbedingungen | zahlungsziel
        | conditions de paiement | conditions de règlement | délai de paiement""",
    Field.STATUS: """status | invoice status | payment status | state | zahlungsstatus
        | rechnungsstatus | statut | état | estado""",
    Field.IS_OPEN: "is open | open flag | is outstanding | ist offen",
    Field.DISPUTED: """disputed | is disputed | in dispute | dispute | dispute flag | strittig
        | reklamiert | en litige | litige""",
    Field.PURCHASE_ORDER: """purchase order | purchase order number | purchase order no | po number
        | po # | po no | p.o. # | p.o. number | po | customer po | po check number
        | bestellnummer | bestell nr | kundenbestellnummer | bon de commande | n° commande
        | numéro de commande""",
    Field.PAYMENT_LINK: """payment link | payment url | pay link | invoice url | invoice link
        | hosted invoice url | online invoice | zahlungslink | lien de paiement""",
    Field.PAYMENT_ID: """payment id | payment number | payment no | payment reference | payment ref
        | transaction id | receipt number | receipt no | zahlungsnummer | zahlungs id
        | numéro de paiement""",
    Field.PAID_ON: """settled date | settlement date | settled on | clearing date | clear date
        | cleared on | date cleared | paid on | paid date | date paid | paid at | paid at utc
        | payment date | date of payment | received on | date received | receipt date | augdt
        | zahlungsdatum | bezahlt am | zahlungseingang | ausgleichsdatum
        | date de paiement | date paiement | date de règlement | payé le""",
    Field.METHOD: """payment method | method | paid by | payment type | payment method type
        | zahlungsart | zahlungsweise | zahlweg | mode de paiement | mode de règlement""",
    Field.CUSTOMER_ID: """customer id | customer number | customer no | customer # | cust id
        | cust number | cust no | customer code | customer key | customer account
        | customer account number | account number | account id | account no | client id
        | client number | client code | debtor id | debtor number | kunnr
        | kundennummer | kunden nr | kunde nr | kundennr | kunden id | debitor | debitorennummer
        | debitoren nr | debitorennr | personenkonto | n° client | code client | numéro client
        | id client | compte client""",
    Field.CUSTOMER_NAME: """customer name | name customer | customer full name | customer company
        | customer description | company name | company | client name | account name | debtor name
        | bill to name | bill to | name 1 | kundenname | firma | firmenname | debitorname
        | nom du client | nom client | raison sociale | société""",
    Field.EMAIL: """email | e-mail | email address | e-mail address | customer email | contact email
        | billing email | invoice email | ap email | mail | main email | smtp addr | smtp address
        | e-mail-adresse | rechnungs e-mail | adresse e-mail | courriel | adresse mail""",
    Field.CONTACT_NAME: """contact name | contact person | contact full name | billing contact
        | ap contact | primary contact | full name | ansprechpartner | kontakt | kontaktperson
        | nom du contact | interlocuteur""",
    Field.PHONE: """phone | phone number | telephone | telephone number | tel | contact phone
        | main phone | telefon | telefonnummer | téléphone | numéro de téléphone""",
    Field.ROLE: "role | contact role | contact type | rolle | funktion | rôle | fonction",
    Field.COUNTRY: """country | country code | customer country | customer address country
        | billing country | bill country | po country | po address country | land | land 1
        | land iso | länderkennzeichen | ländercode | pays | code pays""",
    Field.ZONE: "time zone | timezone | tz | zone | zeitzone | fuseau horaire",
    Field.LANGUAGE: """language | language code | preferred language | customer language | locale
        | lang | sprache | sprachschlüssel | spras | korrespondenzsprache | langue""",
    Field.SEGMENT: "segment | customer segment | customer group | customer class | kundengruppe",
    Field.TAGS: "tags | labels | customer tags | schlagwörter | étiquettes",
    Field.STRATEGIC: "strategic | is strategic | key account | strategic account | schlüsselkunde",
    Field.OWNER_NAME: """owner | owner name | account owner | account owner name | account manager
        | account manager name | sales rep | rep | collector | kundenbetreuer | betreuer
        | responsable de compte""",
    Field.OWNER_EMAIL: """owner email | account owner email | account manager email
        | sales rep email | collector email | kundenbetreuer e-mail""",
}
"""Spellings that mean the same in every file; capitals, spaces, accents and marks do not matter."""

_VAGUE: dict[Kind, tuple[dict[Field, str], ...]] = {
    Kind.INVOICES: (
        {
            Field.INVOICE_ID: "id",
            Field.NUMBER: "number | no | nr | reference",
            Field.AMOUNT_OPEN: "amount due",
            Field.ISSUED_ON: "date | date utc | posting date | budat | datum | buchungsdatum",
            Field.CUSTOMER_ID: "konto | kontonummer",
            Field.CUSTOMER_NAME: "name | contact | kontobezeichnung | client/vendor | nom",
        },
        {Field.CUSTOMER_NAME: "customer | client | kunde | account"},
        {Field.CUSTOMER_ID: "customer | client | kunde | account"},
    ),
    Kind.PAYMENTS: (
        {
            Field.PAYMENT_ID: "id | number | reference | zahlung | paiement",
            Field.AMOUNT: "amount paid | paid amount | payment amount | payment | zahlbetrag",
            Field.PAID_ON: "date | value date | posting date | datum | valutadatum | wertstellung",
        },
    ),
    Kind.CONTACTS: (
        {
            Field.CUSTOMER_ID: "customer | client | kunde | account",
            Field.CONTACT_NAME: "name | contact | nom",
        },
    ),
    Kind.CUSTOMERS: (
        {
            Field.CUSTOMER_ID: "id | number | no | nr | code | konto | kontonummer",
            Field.CUSTOMER_NAME: "name | display name | kontobezeichnung | nom",
            Field.CONTACT_NAME: "contact",
        },
        {Field.CUSTOMER_NAME: "customer | client | kunde | account"},
        {Field.CUSTOMER_ID: "customer | client | kunde | account"},
    ),
}
"""Spellings that mean something in files of one kind, and only where no clear one does.

Tried in their order: "Customer" is a name, but beside a column of names it is a number.
"""

_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "#": "no"})


def plain(header: str) -> str:
    """A header without what spellings differ in: capitals, spaces, marks, accents."""
    german = unicodedata.normalize("NFC", header.casefold()).translate(_GERMAN)
    return "".join(sign for sign in unicodedata.normalize("NFKD", german) if sign.isalnum())


@cache
def clear() -> dict[str, Field]:
    """Plain headers that mean the same in every file."""
    return {plain(word): field for field, words in _CLEAR.items() for word in words.split("|")}


@cache
def vague(kind: Kind) -> tuple[dict[str, Field], ...]:
    """Plain headers that mean something in files of `kind`, in the order in which to try them."""
    return tuple(
        {plain(word): field for field, words in stage.items() for word in words.split("|")}
        for stage in _VAGUE[kind]
    )


@cache
def all_spellings() -> frozenset[str]:
    """Every plain header that means anything."""
    return frozenset(clear()).union(*(stage for kind in Kind for stage in vague(kind)))
