"""The letters of one language: its files, its wordings, its compiled templates."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jinja2 import FunctionLoader, Template, TemplateError, TemplateSyntaxError

from integrations.letters.front_matter import FrontMatter, read_source, read_template
from integrations.letters.sandbox import letter_environment
from integrations.letters.slots import looks_marked
from integrations.letters.words import Words, read_words
from models.errors import TemplateInvalid

PARTS = "parts"
WORDS = "words.toml"


@dataclass(frozen=True, slots=True)
class Compiled:
    """One letter, ready to be filled."""

    path: Path
    version: str
    front_matter: FrontMatter
    subject: Template
    body: Template


class Shelf:
    """What lies in a language's folder. A regional folder (`de-AT`) leans on its language's.

    Files are read once, when first needed. `folders` are searched in order: for the letters only
    the first, for wordings and parts all of them, and for parts then `parts/` beside them.
    """

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self.language = folders[0].name
        self._folders = folders
        self._parts = (*(folder / PARTS for folder in folders), folders[0].parent / PARTS)
        self._environment = letter_environment(FunctionLoader(self._part))
        self._compiled: dict[str, Compiled] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The letters that lie here, sorted."""
        return tuple(sorted(path.stem for path in self._folders[0].glob("*.md")))

    @cached_property
    def words(self) -> Words:
        """The language's wordings.

        Raises:
            TemplateInvalid: the file is missing or wrong.
        """
        paths = [folder / WORDS for folder in self._folders]
        return read_words(next((path for path in paths if path.is_file()), paths[-1]))

    def letter(self, name: str) -> Compiled | None:
        """The letter of that name, or None where the language has none.

        Raises:
            TemplateInvalid: it is there but cannot be used; names file and line.
        """
        if name not in self._compiled:
            path = self._folders[0] / f"{name}.md"
            if not path.is_file():
                return None
            self._compiled[name] = self._compile(path)
        return self._compiled[name]

    def _compile(self, path: Path) -> Compiled:
        front_matter, body = read_template(path)
        if looks_marked(body + front_matter.subject):
            raise TemplateInvalid(path, "holds a word that is reserved for the renderer")
        version = f"{self.language}/{path.stem}@{front_matter.version}"
        return Compiled(
            path=path,
            version=version,
            front_matter=front_matter,
            subject=self._template(front_matter.subject, path),
            body=self._template(body, path),
        )

    def _template(self, source: str, path: Path) -> Template:
        environment = self._environment
        try:
            code = environment.compile(source, path.stem, str(path))
        except TemplateSyntaxError as wrong:
            raise TemplateInvalid(path, f"line {wrong.lineno}: {wrong.message}") from wrong
        except TemplateError as wrong:
            raise TemplateInvalid(path, str(wrong)) from wrong
        return environment.template_class.from_code(
            environment, code, environment.make_globals(None)
        )

    def _part(self, name: str) -> tuple[str, str, None] | None:
        for folder in self._parts:
            path = folder / name
            # A name that leads out of the folder is no part.
            if path.parent == folder and path.is_file():
                # Whatever follows the include starts a new paragraph.
                return read_source(path).rstrip("\n") + "\n\n", str(path), None
        return None
