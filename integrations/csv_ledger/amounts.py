"""Amounts as people and programs write them: groups of digits, signs before and after, symbols."""

import re
from decimal import Decimal

from integrations.csv_ledger.evidence import Evidence, Sighting

POINT, COMMA = ".", ","

_MEMO = 50_000
_LONGEST = 60  # what is longer is no amount, and need not be searched for one
_SAME_SHAPE = str.maketrans("123456789", "000000000")
_TIDY = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2019": "'", "\u2212": "-", "\u2013": "-"}
)
_PARTS = re.compile(
    r"(?P<before>[^0-9]*?)(?P<body>(?:[0-9]|[.,](?=[0-9]))[0-9.,' ]*)(?P<after>.*)", re.DOTALL
)
_NO_CENTS = re.compile(r"(?<=[.,])-+$")
_SCIENTIFIC = re.compile(r"[0-9][0-9.,]*[eE][+-]?[0-9]+")
_CREDIT, _DEBIT = re.compile(r"\bCR\b"), re.compile(r"\bDR\b")
_PLAIN = {
    POINT: re.compile(r"-?(?:[0-9]{1,14}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,3})(?:\.[0-9]{1,4})?"),
    COMMA: re.compile(r"-?(?:[0-9]{1,14}|[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,3})(?:,[0-9]{1,4})?"),
}


def _body_of(mark: str) -> re.Pattern[str]:
    group = f"[{',' if mark == POINT else '.'}' ]"
    thousands = rf"[1-9][0-9]{{0,2}}(?P<g>{group})[0-9]{{3}}(?:(?P=g)[0-9]{{3}})*"
    lakhs = rf"[1-9][0-9]?(?P<h>{group})(?:[0-9]{{2}}(?P=h))+[0-9]{{3}}"
    return re.compile(rf"(?:{thousands}|{lakhs}|[0-9]+)?(?:[{mark}][0-9]*)?")


_BODY = {POINT: _body_of(POINT), COMMA: _body_of(COMMA)}


def _tidy(text: str) -> str:
    # In Switzerland a dash stands for the cents of a round amount: 12.-
    return _NO_CENTS.sub("", text.translate(_TIDY))


def _parts(text: str) -> re.Match[str] | None:
    return _PARTS.fullmatch(text) if len(text) <= _LONGEST else None


def _number(body: str, mark: str) -> str | None:
    if not _BODY[mark].fullmatch(body):
        return None
    digits = "".join(sign for sign in body if sign.isdigit() or sign == mark)
    return digits.replace(mark, ".") if digits.strip(mark) else None


def marks(text: str) -> set[str]:
    """The decimal marks that `text` can be read with; both when it has neither."""
    parts = _parts(_tidy(text))
    body = parts["body"].strip() if parts else ""
    return {mark for mark in (POINT, COMMA) if _number(body, mark)}


class AmountEvidence(Evidence):
    """What a file's amounts say about their decimal mark."""

    def __init__(self) -> None:
        super().__init__(
            "Amounts",
            {POINT: "written with a decimal point", COMMA: "written with a decimal comma"},
            'Say which with `decimal = "."` or `decimal = ","` under [amounts] in a mapping file.',
        )
        self._seen: set[str] = set()
        self.has_symbol = False

    def add(self, column: str, line: int, text: str) -> None:
        shape = text.translate(_SAME_SHAPE)
        if shape in self._seen:
            return
        if len(self._seen) >= _MEMO:
            self._seen.clear()
        self._seen.add(shape)
        self.has_symbol |= not shape.isascii() or any(
            sign.isalpha() or sign == "$" for sign in shape
        )
        possible = marks(text)
        if len(possible) == 1:
            self.decisive.setdefault(possible.pop(), Sighting(column, line, text))
        elif possible and (POINT in text or COMMA in text):
            self.ambiguous = self.ambiguous or Sighting(column, line, text)


class Amounts:
    """Texts to amounts, once the decimal mark of the file is known."""

    def __init__(self, mark: str) -> None:
        self._mark = mark
        self._plain = _PLAIN[mark]

    def read(self, text: str) -> tuple[Decimal, str]:
        """The amount in `text`, at most four decimals, and the symbol or code beside it or "".

        Raises:
            ValueError: no amount can be read; the sentence names the remedy.
        """
        if self._plain.fullmatch(text):
            if self._mark == COMMA:
                text = text.replace(POINT, "").replace(COMMA, POINT)
            return Decimal(text.replace(COMMA, "")), ""
        return self._dressed(_tidy(text))

    def _dressed(self, text: str) -> tuple[Decimal, str]:
        if _SCIENTIFIC.fullmatch(text[:_LONGEST]):
            raise ValueError(
                "was shortened by a spreadsheet. Format the column as a number and export it again."
            )
        parts = _parts(text)
        number = _number(parts["body"].strip(), self._mark) if parts else None
        negative, symbol = _dress(f"{parts['before']} {parts['after']}") if parts else (False, "")
        if number is None or any(map(str.isdigit, symbol)):
            name = "point" if self._mark == POINT else "comma"
            raise ValueError(f"is no amount with a decimal {name}. Write it as 1234{self._mark}56.")
        whole, _, decimals = number.partition(POINT)
        if len(whole) > 14 or len(decimals.rstrip("0")) > 4:
            raise ValueError("has too many digits. Write it with two decimals.")
        amount = Decimal(f"{whole or '0'}.{decimals[:4] or '0'}" if decimals else whole)
        return (-amount if negative else amount), symbol


def _dress(around: str) -> tuple[bool, str]:
    """Whether the signs around a number make it negative, and what else stands there."""
    credit = _CREDIT.search(around)
    around = _DEBIT.sub("", _CREDIT.sub("", around))
    negative = credit is not None or "-" in around or ("(" in around and ")" in around)
    return negative, around.strip(" +-()")
