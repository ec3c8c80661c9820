"""Why a bank file cannot be read, before anybody knows the file's name."""


class Broken(Exception):
    """The file is refused whole; `line` is None where no single line is to blame."""

    def __init__(self, line: int | None, reason: str) -> None:
        super().__init__(reason)
        self.line, self.reason = line, reason
