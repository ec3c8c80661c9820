"""From a host name to an SMTP session that is encrypted, logged in and ready for letters."""

import asyncio
import re
import socket
import ssl
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

import aiosmtplib

from integrations.mail.smtp_session import CONFIRMATION_SECONDS, Session, without_addresses
from models.errors import MailUnavailable, SettingInvalid

Security = Literal["starttls", "tls", "none"]

_CREDENTIALS = "DUNLIN_SMTP_USERNAME and DUNLIN_SMTP_PASSWORD"
_HOST_NAME = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class Route:
    """Where the mail server is and how to talk to it. `timeout` in seconds, for each answer
    but the one that a letter is taken, which has `confirmation_timeout`.

    `ca_file` is a PEM file of the authorities to trust in place of the system's.

    Raises:
        SettingInvalid: credentials would travel in the clear, or `ca_file` cannot be read.
    """

    host: str
    port: int
    security: Security
    username: str
    password: str = field(repr=False)
    timeout: float
    confirmation_timeout: float = CONFIRMATION_SECONDS
    ca_file: Path | None = None
    tls: ssl.SSLContext | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.security == "none" and self.username and not _is_loopback(self.host):
            raise SettingInvalid(
                "DUNLIN_SMTP_SECURITY",
                f'"none" would send the password in the clear to {self.host}; '
                'use "starttls" or "tls", or leave the credentials out.',
            )
        object.__setattr__(self, "tls", self._trust() if self.security != "none" else None)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def _trust(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except OSError as error:
            raise SettingInvalid(
                "DUNLIN_SMTP_CA_FILE", f"{self.ca_file} is no readable PEM file ({error.strerror})."
            ) from error


async def dial(route: Route) -> Session:
    """A fresh session.

    Raises:
        MailUnavailable: there is none to be had now; the sentence names what to look at.
    """
    client = aiosmtplib.SMTP(
        hostname=route.host,
        port=route.port,
        local_hostname=_own_name(),
        timeout=route.timeout,
        use_tls=route.security == "tls",
        start_tls=route.security == "starttls",
        tls_context=route.tls,
    )
    try:
        async with asyncio.timeout(route.timeout):
            await client.connect()
            if client.is_ehlo_or_helo_needed:
                await client.ehlo()
            if route.username:
                await _log_in(client, route)
        return Session.take_over(client, route.timeout, route.confirmation_timeout)
    except (aiosmtplib.SMTPException, OSError, UnicodeError) as error:
        raise MailUnavailable(_sentence(error, route)) from error
    finally:
        # Only a session that was not taken over still hangs on the client.
        client.close()


async def _log_in(client: aiosmtplib.SMTP, route: Route) -> None:
    """Log in by one method, once: trying every method with a wrong password locks accounts."""
    methods = {
        "plain": client.auth_plain,
        "login": client.auth_login,
        "cram-md5": client.auth_crammd5,
    }
    method = next((m for name, m in methods.items() if name in client.server_auth_methods), None)
    if method is None:
        raise MailUnavailable(
            f"The mail server {route} offers no login that Dunlin knows. Check "
            f"DUNLIN_SMTP_SECURITY and DUNLIN_SMTP_PORT, or leave {_CREDENTIALS} empty."
        )
    await method(route.username, route.password)


def _sentence(error: Exception, route: Route) -> str:
    match error:
        case aiosmtplib.SMTPAuthenticationError(code=code) if code >= 500:
            problem = f"refused the login ({_answer(error)}). Check {_CREDENTIALS}."
        case aiosmtplib.SMTPResponseException():
            problem = f"does not let us in ({_answer(error)}). Trying again later may help."
        case ssl.SSLError() | OSError(__cause__=ssl.SSLError()):
            problem = f"cannot be spoken to over TLS: {_tls_problem(error)}"
        case TimeoutError():
            problem = (
                f"did not answer within {route.timeout:g} s. "
                "Check DUNLIN_SMTP_HOST, DUNLIN_SMTP_PORT and DUNLIN_SMTP_SECURITY."
            )
        case UnicodeError():
            problem = "has no possible name. Check DUNLIN_SMTP_HOST."
        case OSError():
            cause = error.__cause__ or error
            reason = getattr(cause, "strerror", None) or cause
            problem = f"cannot be reached ({reason}). Check DUNLIN_SMTP_HOST and DUNLIN_SMTP_PORT."
        case _:
            problem = (
                "offers no STARTTLS. Check DUNLIN_SMTP_PORT, "
                'or set DUNLIN_SMTP_SECURITY to "tls" if it speaks TLS from the start.'
            )
    return f"The mail server {route} {problem}"


def _answer(error: aiosmtplib.SMTPResponseException) -> str:
    return without_addresses(f"{error.code} {error.message}")


def _tls_problem(error: Exception) -> str:
    cause = error if isinstance(error, ssl.SSLError) else error.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return (
            f"its certificate is not to be trusted ({cause.verify_message}). Set DUNLIN_SMTP_HOST "
            "to the name in the certificate, or DUNLIN_SMTP_CA_FILE to the authority that signed."
        )
    return "the port speaks no TLS. Check DUNLIN_SMTP_PORT and DUNLIN_SMTP_SECURITY."


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _own_name() -> str:
    """This machine's full name as it knows it, without asking a name server."""
    name = socket.gethostname()
    return name if _HOST_NAME.fullmatch(name) else "[127.0.0.1]"
