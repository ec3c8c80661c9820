"""Serve the web: `python -m web`, or `make serve`."""

import sys

import uvicorn

from models.errors import DunlinError, WrongUse
from models.settings import load_settings
from web.app import create_app


def main() -> int:
    """Serve until SIGTERM or SIGINT; 2 when it is set up wrongly, 1 when it cannot begin."""
    try:
        settings = load_settings()
        # What is wrong is said once, before any process of the service begins.
        create_app(settings)
    except WrongUse as wrong:
        print(wrong, file=sys.stderr)  # noqa: T201  (a program's last word)
        return 2
    except DunlinError as error:
        print(error, file=sys.stderr)  # noqa: T201  (a program's last word)
        return 1
    uvicorn.run(
        "web.app:create_app",
        factory=True,
        host=settings.web_host,
        port=settings.web_port,
        workers=settings.web_workers,
        proxy_headers=True,
        forwarded_allow_ips=settings.web_proxies,
        server_header=False,
        # An access log would hold callers' addresses; ours says what was refused.
        access_log=False,
        log_config=None,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
