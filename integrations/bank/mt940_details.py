"""Field :86: of MT940 and MT942 in its three ways: coded by ?20, by /REMI/, or plain text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from integrations.bank.keys import said
from integrations.bank.remittance import account_of, joined, kept

_WIDTH = 65  # of a line in the field
_PIECE = 27  # of a piece ?20 to ?29, ?60 to ?63, ?32 and ?33

_CODED = re.compile(r"([0-9]{3})([?>@#])(?=[0-9]{2})")
_PURPOSES = frozenset([*(f"2{n}" for n in range(10)), *(f"6{n}" for n in range(10))])
_WORD = r"(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|PURP|IBAN|BIC)\+"
_AT_START = re.compile(_WORD)
_SEPA = re.compile(rf"(?:^|(?<=\s)){_WORD}")
_TEXT = "SVWZ"
_REASONS = {"901": "AC01", "903": "AC06", "914": "MS03"}
"""Text key extensions whose meaning banks print beside them; others stay as they are."""
_RETURNS = frozenset({"108", "109", "159"})
"""Business transaction codes of payments that come back: debits of both kinds, transfers."""

_SLASHED = re.compile(
    r"/(ACCW|ADDR|BENM|BIC|CNTP|CREF|CSID|EREF|IBAN|ID|ISDT|KREF|MARF|NAME|ORDP|PREF|PURP|REMI"
    r"|RTRN|SVCL|TRTP|ULTB|ULTC|ULTD)/"
)
_DUTCH = re.compile(r"\bREK: ?(?P<account>[A-Z0-9]{8,34})/NAAM: ?(?P<name>.*)", re.DOTALL)
_REMI_PREFIX = re.compile(r"/?(?:USTD|STRD)//?|/$")


@dataclass(slots=True)
class Told:
    """What the field says; empty where it says nothing. `original` is an amount as written."""

    remittance: str = ""
    lines: tuple[str, ...] = ()
    payer_name: str = ""
    payer_account: str = ""
    end_to_end_id: str = ""
    mandate_id: str = ""
    customer_reference: str = ""
    references: tuple[str, ...] = ()
    code: str = ""
    return_reason: str = ""
    is_return: bool = False
    original: str = ""


def told(lines: Sequence[str]) -> Told:
    """The details in `lines`, whichever way they are written."""
    text = "".join(lines)
    if coded := _CODED.match(text):
        return _coded(text[coded.end() :], coded[1], coded[2])
    if _SLASHED.match(text.lstrip()):
        return _slashed(text.strip())
    return _plain(lines)


def _coded(text: str, code: str, mark: str) -> Told:
    pieces: dict[str, list[str]] = {}
    for piece in re.split(f"{re.escape(mark)}(?=[0-9]{{2}})", text):
        pieces.setdefault(piece[:2], []).append(piece[2:])
    purposes = [one for number, texts in pieces.items() if number in _PURPOSES for one in texts]
    words, free = _sepa_words(purposes)
    extension = "".join(pieces.get("34", ())).strip()
    came_back = code in _RETURNS
    return Told(
        remittance=free or " ".join("".join(pieces.get("00", ())).split()),
        lines=kept(purposes),
        payer_name=joined((*pieces.get("32", ()), *pieces.get("33", ())), _PIECE),
        payer_account=account_of("".join(pieces.get("31", ())) or words.get("IBAN", "")),
        end_to_end_id=said(words.get("EREF", "")),
        mandate_id=said(words.get("MREF", "")),
        customer_reference=said(words.get("KREF", "")),
        code=code,
        return_reason=_REASONS.get(extension, extension) if came_back else "",
        is_return=came_back,
        original=words.get("OAMT", ""),
    )


def _sepa_words(purposes: Sequence[str]) -> tuple[dict[str, str], str]:
    """What stands under each word of SEPA, and the text for people.

    A reference ends with the first piece that it does not fill; what follows without a word of its
    own is text.
    """
    text = ""
    for piece in purposes:
        text += f"\n{piece}" if _AT_START.match(piece) else piece
        text += "" if len(piece) >= _PIECE else "\n"
    before, *rest = _SEPA.split(text)
    words: dict[str, str] = {}
    free = [before]
    for word, value in zip(rest[::2], rest[1::2], strict=True):
        reference, _, behind = ("", "", value) if word == _TEXT else value.partition("\n")
        words.setdefault(word, " ".join(reference.split()))
        free.append(behind)
    return words, " ".join(" ".join(free).split())


def _slashed(text: str) -> Told:
    before, *rest = _SLASHED.split(text)
    words: dict[str, str] = {}
    for word, value in zip(rest[::2], rest[1::2], strict=True):
        words[word] = words.get(word) or value.strip()
    account, name = words.get("IBAN", ""), words.get("NAME", "")
    if party := words.get("CNTP"):
        account, _, name, *_ = (*party.split("/"), "", "")
    remittance = _REMI_PREFIX.sub("", words.get("REMI", "")).strip("/ ")
    structured = words.get("REMI", "").startswith("STRD")
    reason = words.get("RTRN", "").strip("/ ")
    return Told(
        remittance=" ".join(remittance.split()) or " ".join(before.split()),
        payer_name=" ".join(name.strip("/").split()),
        payer_account=account_of(account.strip("/")),
        end_to_end_id=said(words.get("EREF", "").strip("/")),
        mandate_id=said(words.get("MARF", "").strip("/")),
        references=(remittance.rpartition("/")[2],) if structured and remittance else (),
        code=words.get("TRTP", "").strip("/"),
        return_reason=reason,
        is_return=bool(reason),
    )


def _plain(lines: Sequence[str]) -> Told:
    text = joined(lines, _WIDTH)
    party = _DUTCH.search(text)
    return Told(
        remittance=text,
        lines=kept(lines),
        payer_name=party["name"].strip() if party else "",
        payer_account=account_of(party["account"]) if party else "",
    )
