"""What counts as a mail address, and its form on the wire."""

import re

import idna

from models.errors import AddressRejected

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+"
_LOCAL = re.compile(rf'{_ATOM}(?:\.{_ATOM})*|"(?:[ !#-\[\]-~]|\\[ -~])+"')
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
_LOCAL_OCTETS = 64
_ADDRESS_OCTETS = 254


def on_the_wire(address: str) -> str:
    """The bare `address` with its domain in ASCII (IDNA 2008), fit for header and SMTP command.

    Blanks around it are dropped. The part before the @ stays as it is; when that is not ASCII, the
    server must offer SMTPUTF8. Not taken: a domain of one label, an IP address as domain.

    Raises:
        AddressRejected: this is no mail address (RFC 5321, 4.1.2 and 4.5.3.1).
    """
    local, _, domain = address.strip().rpartition("@")
    domain = _in_ascii(domain)
    if not (
        _LOCAL.fullmatch(local)
        # Bars separators, surrogates and invisible marks that the expression would let through.
        and local.isprintable()
        and len(local.encode()) <= _LOCAL_OCTETS
        and _DOMAIN.fullmatch(domain)
        and len(local.encode()) + 1 + len(domain) <= _ADDRESS_OCTETS
    ):
        raise AddressRejected(address, "it is not a mail address")
    return f"{local}@{domain}"


def _in_ascii(domain: str) -> str:
    """The domain in its ASCII form, or "" when it has none."""
    if domain.isascii():
        return domain
    try:
        # The standard library's codec speaks IDNA 2003 and would turn straße into strasse, which is
        # another firm's domain.
        return idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")
    except UnicodeError:
        return ""
