"""Keeping a URL that is itself the credential out of logs.

`httpx` logs every request with its URL at level INFO, and `httpcore` every answer's headers at
DEBUG, among them where a redirect leads.
"""

import logging

import httpx

_TALKERS = ("httpx", "httpcore.http11")


class Veil(logging.Filter):
    """Puts "/…" for the path and query of `url`, and for a name and password in front of its host,
    in whatever the HTTP libraries log."""

    def __init__(self, url: httpx.URL) -> None:
        super().__init__()
        path, login = url.raw_path.decode("ascii"), url.userinfo.decode("ascii")
        # The path of a bare host is the slash in every URL, and tells nothing.
        self._hidden = {path: "/…"} if path != "/" else {}
        if login:
            self._hidden[f"{login}@"] = "…@"

    def draw(self) -> None:
        """From now on, until `lift`."""
        for name in _TALKERS:
            logging.getLogger(name).addFilter(self)

    def lift(self) -> None:
        """No longer."""
        for name in _TALKERS:
            logging.getLogger(name).removeFilter(self)

    def filter(self, record: logging.LogRecord) -> bool:
        """Change `record` where it has to be; it is logged either way."""
        said = record.getMessage()
        for hidden, shown in self._hidden.items():
            if hidden in said:
                said = said.replace(hidden, shown)
                record.msg, record.args = said, ()
        return True
