"""OFX and QFX as a tree: version 1's SGML, whose values have no end tags, and version 2's XML.

Both are read by one tolerant scanner, because banks send one under the header of the other. It
knows no document types and no entities but those of the five signs, so there is nothing to expand.
"""

import html
import re

from integrations.bank.broken import Broken
from integrations.bank.xml_tree import DEEPEST, Element

_TOKEN = re.compile(
    r"(?P<raw><!\[CDATA\[)|<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9._-]{0,63})\s*(?P<empty>/?)>"
)
_LONGEST = 100_000
_RAW_END = "]]>"
_ROOT = re.compile(r"<OFX\s*>", re.IGNORECASE)


def is_ofx(text: str) -> bool:
    """Whether a text has the root of one, or its header."""
    return text.lstrip()[:10].upper() == "OFXHEADER:" or bool(_ROOT.search(text[:5_000]))


def ofx_tree(text: str) -> Element:
    """The `OFX` element; names are in capitals.

    Raises:
        Broken: there is none, an end tag closes nothing, or the file ends inside an element.
    """
    start = _ROOT.search(text)
    if start is None:
        raise Broken(None, "has no <OFX>. Download the file again from the bank.")
    scanner = _Scanner(text, start.start())
    return scanner.root


class _Scanner:
    """`_open` are the elements begun and not ended. A value without end tag is ended by what
    follows it."""

    def __init__(self, text: str, start: int) -> None:
        self.root = Element("OFX", {}, 1)
        self._open: list[Element] = []
        self._line, self._counted = 1, 0
        self._text = text
        end = start
        while token := _TOKEN.search(text, end):
            line = self._line_at(token.start())
            self._say(html.unescape(text[end : token.start()]), line)
            end = token.end()
            if token["raw"]:
                end = self._raw(end, line)
                continue
            self._take(token["name"].upper(), line, ends=token["end"], is_empty=token["empty"])
            if not self._open:
                return
        inside = self._open[-1] if self._open else self.root
        raise Broken(
            inside.line,
            f"ends inside <{inside.name}>, which begins here. The file is cut off; download it "
            f"again.",
        )

    def _raw(self, start: int, line: int) -> int:
        """Take a text that is to be read as it stands, and tell where it ends."""
        stop = self._text.find(_RAW_END, start)
        if stop < 0:
            raise Broken(line, "a CDATA that begins here never ends. Download the file again.")
        self._say(self._text[start:stop], line)
        return stop + len(_RAW_END)

    def _take(self, name: str, line: int, *, ends: str, is_empty: str) -> None:
        if not ends:
            self._begin(name, line)
        if ends or is_empty:
            self._close(name, line)

    def _line_at(self, position: int) -> int:
        self._line += self._text.count("\n", self._counted, position)
        self._counted = position
        return self._line

    def _say(self, text: str, line: int) -> None:
        tidy = text.strip()
        if tidy and self._open and not self._open[-1].children:
            if len(self._open[-1].text) > _LONGEST:
                raise Broken(line, "a value never ends. Download the file again.")
            self._open[-1].text += tidy

    def _begin(self, name: str, line: int) -> None:
        if self._open and self._open[-1].text:
            self._open.pop()
        element = Element(name, {}, line)
        if self._open:
            self._open[-1].add(element)
        else:
            self.root = element
        self._open.append(element)
        if len(self._open) > DEEPEST:
            raise Broken(line, f"is nested more than {DEEPEST} deep, as no statement is.")

    def _close(self, name: str, line: int) -> None:
        place = next(
            (n for n in reversed(range(len(self._open))) if self._open[n].name == name), None
        )
        if place is None:
            raise Broken(line, f"</{name}> ends what never began. Download the file again.")
        element = self._open[place]
        for unended in reversed(self._open[place + 1 :]):
            # An empty value without end tag: what seemed to stand inside it came after it.
            _lift(unended, element)
        del self._open[place:]


def _lift(unended: Element, ancestor: Element) -> None:
    parent = next((one for one in _down(ancestor) if unended in one.children), ancestor)
    for child in unended.give_up_children():
        parent.add(child)


def _down(element: Element) -> "list[Element]":
    found = [element]
    while found[-1].children:
        found.append(found[-1].children[-1])
    return found
