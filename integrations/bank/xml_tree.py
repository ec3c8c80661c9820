"""XML from outside as a plain tree: no document types, no entities, no network, not too deep.

The standard library's parser is told to stop at the first document type declaration, so that
nothing can be declared, expanded or fetched. Every element knows its line.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from xml.parsers import expat

from integrations.bank.broken import Broken

DEEPEST = 60
_NO_ATTRIBUTES: Mapping[str, str] = {}
_NOT_ITS_OWN = "windows-1252"


class Element:
    """An element by its local name; `text` is what stands in it, without surrounding space."""

    __slots__ = ("attributes", "children", "line", "name", "text")

    def __init__(self, name: str, attributes: Mapping[str, str], line: int) -> None:
        self.name = name
        # A file has a million elements, most without either: they share one that is empty.
        self.attributes = attributes or _NO_ATTRIBUTES
        self.line = line
        self.children = _NO_CHILDREN
        self.text = ""

    def add(self, child: "Element") -> None:
        """Put `child` behind the others."""
        if self.children is _NO_CHILDREN:
            self.children = [child]
        else:
            self.children.append(child)

    def drop_last(self) -> None:
        """Let go of the last child."""
        self.children.pop()

    def give_up_children(self) -> "Sequence[Element]":
        """What stood in it and does no longer."""
        given, self.children = self.children, _NO_CHILDREN
        return given

    def find(self, *path: str) -> "Element | None":
        """The first element on `path` below this one."""
        here = self
        for name in path:
            for child in here.children:
                if child.name == name:
                    here = child
                    break
            else:
                return None
        return here

    def all(self, *path: str) -> Iterator["Element"]:
        """Every element on `path` below this one, in order."""
        first, *rest = path
        for child in self.children:
            if child.name == first:
                if rest:
                    yield from child.all(*rest)
                else:
                    yield child

    def said(self, *path: str) -> str:
        """The text on `path`, "" where there is no such element."""
        found = self.find(*path)
        return "" if found is None else found.text


_NO_CHILDREN: list[Element] = []

Harvest = Callable[[Element, Element], bool]


def xml_tree(content: bytes, name: str, harvest: Harvest) -> Element:
    """The root of a document.

    `harvest` is given each element called `name` as soon as it ends, with the one it stands in.
    Where it answers that it has taken it, the element leaves the tree, which so stays small in a
    large file.

    Raises:
        Broken: it is no XML, is cut off, has a document type, or is nested too deeply.
    """
    # Some banks write a Western code page under a header that says UTF-8.
    encoding = None if _is_as_marked(content) else _NOT_ITS_OWN
    parser = expat.ParserCreate(encoding, namespace_separator=" ")
    root = _grow(parser, name, harvest)
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        what = expat.ErrorString(error.code)
        raise Broken(
            error.lineno, f"is no whole XML ({what}). Download the file again from the bank."
        ) from None
    except (LookupError, ValueError) as error:
        raise Broken(1, f"names an encoding that cannot be read: {error}.") from None
    return root.children[0]


def _is_as_marked(content: bytes) -> bool:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content[:4]:
        return True
    declared = content[:200].partition(b"?>")[0].lower()
    if b"encoding" in declared and b"utf-8" not in declared:
        return True
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _grow(parser: expat.XMLParserType, name: str, harvest: Harvest) -> Element:
    """An element in which the root will stand once `parser` has parsed.

    The handlers are closures, not methods, because they are called a million times in a file.
    """
    top = Element("", _NO_ATTRIBUTES, 1)
    opened = [top]
    texts: list[str] = []
    local: dict[str, str] = {}

    def start(full: str, attributes: dict[str, str]) -> None:
        line = parser.CurrentLineNumber
        known = local.get(full) or local.setdefault(full, full.rpartition(" ")[2])
        element = Element(known, attributes, line)
        opened[-1].add(element)
        opened.append(element)
        if len(opened) > DEEPEST:
            raise Broken(line, f"is nested more than {DEEPEST} deep, as no statement is.")
        texts.clear()

    def end(_: str) -> None:
        element = opened.pop()
        if not element.children:
            element.text = "".join(texts).strip()
        texts.clear()
        if element.name == name and harvest(element, opened[-1]):
            opened[-1].drop_last()

    def refuse(*_: object) -> None:
        raise Broken(
            parser.CurrentLineNumber,
            "declares a document type, as no statement of a bank does. It was not read further.",
        )

    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = texts.append
    parser.StartDoctypeDeclHandler = refuse
    return top
