"""The head of a letter template: subject, who approved it, its version and tone."""

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from models.errors import TemplateInvalid
from models.vocabulary import Tone

_FENCE = "+++"
_Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class FrontMatter(BaseModel):
    """What stands between the `+++` lines. `subject` is itself a Jinja template."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: _Said
    approved_by: _Said
    version: Annotated[int, Field(ge=1, strict=True)]
    tone: Tone


def read_template(path: Path) -> tuple[FrontMatter, str]:
    """The front matter and body of the template at `path`.

    The body is led by as many empty lines as the front matter took, so that a line number in an
    error is the line number in the file.

    Raises:
        TemplateInvalid: the file is unreadable, or its front matter is missing or wrong.
    """
    lines = read_source(path).split("\n")
    if lines[0].strip() != _FENCE:
        raise TemplateInvalid(path, f"must open with a line {_FENCE} and its front matter")
    end = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == _FENCE), None)
    if end is None:
        raise TemplateInvalid(path, f"its front matter is not closed by a line {_FENCE}")
    try:
        front_matter = FrontMatter.model_validate(tomllib.loads("\n".join(lines[1:end])))
    except tomllib.TOMLDecodeError as wrong:
        raise TemplateInvalid(path, f"front matter: {wrong}") from wrong
    except ValidationError as wrong:
        raise TemplateInvalid(path, f"front matter: {explained(wrong)}") from wrong
    return front_matter, "\n" * (end + 1) + "\n".join(lines[end + 1 :])


def read_source(path: Path) -> str:
    """The text of the file at `path`, line ends as `\\n`.

    Raises:
        TemplateInvalid: the file cannot be read as UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as wrong:
        raise TemplateInvalid(path, f"cannot be read: {wrong}") from wrong


def explained(wrong: ValidationError) -> str:
    """Every problem found, as `key: problem`, in one sentence."""
    return "; ".join(
        f"{'.'.join(str(part) for part in error['loc'])}: {error['msg']}"
        for error in wrong.errors(include_url=False)
    )
