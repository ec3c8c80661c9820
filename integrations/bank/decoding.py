"""Bytes of a bank file to text: as marked, else UTF-8, else the Western code pages."""

from integrations.bank.broken import Broken
from integrations.csv_ledger.dialect import MARKS

_SAMPLE = 512
_NO_TEXT = "\x00"


def text_of(content: bytes) -> str:
    """The text, with line ends as they are.

    Windows-1252 is taken for anything that is not UTF-8, and Latin-1 where that has a byte which
    Windows-1252 leaves undefined; every byte is then some sign, and old code pages show odd ones.

    Raises:
        Broken: it is no text.
    """
    for encoding in _candidates(content):
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        if _NO_TEXT in text:
            break
        return text
    raise Broken(None, "is no text. Export the statement again, as CAMT, MT940, OFX, BAI2 or CSV.")


def _candidates(content: bytes) -> tuple[str, ...]:
    marked = next((name for mark, name in MARKS if content.startswith(mark)), None)
    if marked:
        return (marked,)
    start = content[:_SAMPLE]
    # Every second byte is zero in Western text of UTF-16 without its mark.
    for offset, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        high = start[offset::2]
        if len(high) > 1 and high.count(0) > 0.8 * len(high):
            return (name,)
    return ("utf-8", "cp1252", "latin-1")
