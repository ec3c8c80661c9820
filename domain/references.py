"""Finding invoice numbers and creditor references in what payers write.

A payer copies a number in any spelling: other separators, no leading zeros, cut by a line's end.
So numbers and texts are compared as runs of letters and digits: `INV-01042A`, `inv 1042 a` and
`INV1042-A` are the same.
"""

import re
from collections.abc import Iterable, Iterator

from stdnum import iso11649
from stdnum.ch import esr

_RUNS = re.compile(r"[A-Z]+|[0-9]+")
# As many runs as a number may have; more would be a text.
_LONGEST = 8
# Shorter ones are met by chance: days, amounts, house numbers.
_TELLING = 4
_RF = re.compile(r"RF[0-9]{2}[0-9A-Z]{1,21}")
_ISR = re.compile(r"(?<![0-9])[0-9]{16}(?:[0-9]{11})?(?![0-9])")
_APART = re.compile(r"[^0-9A-Z]+")


def spelled(number: str) -> str:
    """The number in the one spelling in which numbers are compared: no separators, capitals, no
    leading zeros in any of its runs of digits."""
    return "".join(_runs(number))


def is_telling(spelling: str) -> bool:
    """True when meeting it in a text cannot well be chance: four characters or more, with a digit
    among them."""
    return len(spelling) >= _TELLING and any(one.isdigit() for one in spelling)


def spellings(texts: Iterable[str]) -> set[str]:
    """Every run of letters and digits in the texts, alone and with those that follow it, as
    `spelled` has them."""
    found = set[str]()
    for text in texts:
        runs = _runs(text)
        for start in range(len(runs)):
            joined = ""
            for run in runs[start : start + _LONGEST]:
                joined += run
                found.add(joined)
    return found


def creditor_references(texts: Iterable[str]) -> Iterator[str]:
    """What is inside of the creditor references whose check digits hold, as `spelled` has it.

    ISO 11649 (`RF18 5390 0754 7034`) and the Swiss reference of 16 or 27 digits (Swiss payment
    standards, modulo 10 recursive). Inside stands what the creditor chose: here the invoice number.
    """
    for text in texts:
        squeezed = _APART.sub("", text.upper())
        for found in _RF.finditer(squeezed):
            # The text may go on without a gap: the longest that its check digits allow is meant.
            for end in range(len(found[0]), 4, -1):
                if iso11649.is_valid(found[0][:end]):
                    yield spelled(found[0][4:end])
                    break
        for found in _ISR.finditer(squeezed):
            if esr.is_valid(found[0]):
                yield spelled(found[0][:-1])


def _runs(text: str) -> list[str]:
    return [
        run.lstrip("0") or "0" if run[0].isdigit() else run for run in _RUNS.findall(_folded(text))
    ]


def _folded(text: str) -> str:
    return text.upper()
