"""What can go wrong, as one tree.

DunlinError
├── WrongUse                     the caller must change something; exit status 2
│   ├── SettingInvalid           an environment variable is missing or wrong
│   ├── PolicyInvalid            a policy or segment file, with line and key
│   ├── LedgerUnreadable         a ledger file as a whole: header, dates, encoding
│   ├── StatementUnreadable      a bank file as a whole, with line and reason
│   └── TemplateInvalid          a letter template, with file and place
├── NotFollowedUp                the invoice cannot take this event or question
│   ├── InvoiceUnknown
│   ├── FollowUpClosed
│   ├── AlreadySo
│   └── Refused                  a decision that does not fit the facts as they are now
├── CustomerUnknown              the register has no such customer
├── MoneyUnknown                 no money goes by this key
├── Unavailable                  an outside system is away; trying again later may help
│   ├── TemporalUnavailable
│   ├── DatabaseUnavailable
│   ├── MailUnavailable
│   └── PeerUnavailable          a system spoken to over HTTP; may say when to come back
├── WebhookRefused               a request that says it comes from a provider
│   ├── SignatureWrong           it is signed with none of our secrets
│   ├── TooOld                   its signature was made too long ago, or ahead of the time
│   └── WebhookMalformed         the provider's signature, but not what it sends
├── AddressRejected              this address is none, or the mail server refuses it
├── MailRefused                  the mail server will not take this message at all
└── PeerRefused                  a system spoken to over HTTP will not do this, asked again or not
"""

from datetime import timedelta
from pathlib import Path


class DunlinError(Exception):
    """Any error that Dunlin can explain in one sentence."""


class WrongUse(DunlinError):
    """What was asked for cannot be done as asked; the sentence names the remedy."""


class SettingInvalid(WrongUse):
    """An environment variable is missing or wrong."""

    def __init__(self, variable: str, problem: str) -> None:
        super().__init__(f"{variable}: {problem}")
        self.variable = variable


class PolicyInvalid(WrongUse):
    """A policy or segment file cannot be used; names file, line and key."""

    def __init__(self, path: Path | str, line: int, key: str, problem: str) -> None:
        super().__init__(f"{path}:{line}: {key}: {problem}")
        self.path, self.line, self.key = path, line, key


class LedgerUnreadable(WrongUse):
    """A ledger file cannot be read as a whole, so no row of it was taken."""


class StatementUnreadable(WrongUse):
    """A bank file cannot be read whole, so nothing of it was taken; names file, line and reason.

    `line` is None where the reason lies in no single line.
    """

    def __init__(self, name: str, line: int | None, reason: str) -> None:
        place = f"{name}: line {line}" if line else name
        super().__init__(f"{place}: {reason}")
        self.name, self.line, self.reason = name, line, reason


class TemplateInvalid(WrongUse):
    """A letter template cannot be used."""

    def __init__(self, path: Path | str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path


class NotFollowedUp(DunlinError):
    """The invoice cannot take this event or answer this question."""

    def __init__(self, invoice_id: str, problem: str) -> None:
        super().__init__(f"Invoice {invoice_id} {problem}")
        self.invoice_id = invoice_id


class InvoiceUnknown(NotFollowedUp):
    """The register has no such invoice."""

    def __init__(self, invoice_id: str) -> None:
        super().__init__(
            invoice_id, "is not in the register. Check the number, or import its ledger first."
        )


class CustomerUnknown(DunlinError):
    """The register has no such customer."""

    def __init__(self, named: str) -> None:
        super().__init__(f"There is no customer {named}. Check the id, or import its ledger first.")
        self.named = named


class MoneyUnknown(DunlinError):
    """No money that came in goes by this key, or several begin so."""

    def __init__(self, named: str, *, several: bool) -> None:
        problem = "is the beginning of several; write more of it" if several else "is none"
        super().__init__(f"Of what came in, {named} {problem}. List it with: starter.py review")
        self.named = named


class FollowUpClosed(NotFollowedUp):
    """The invoice's follow-up has ended, or was never started."""


class AlreadySo(NotFollowedUp):
    """What was asked for is the case already."""


class Refused(NotFollowedUp):
    """A person's decision does not fit the facts as they are now; the sentence says why."""


class Unavailable(DunlinError):
    """An outside system does not answer now."""


class TemporalUnavailable(Unavailable):
    """The Temporal server does not answer."""


class DatabaseUnavailable(Unavailable):
    """The database does not answer, or stayed locked."""


class MailUnavailable(Unavailable):
    """The mail server is away or asked to be tried later (a 4xx answer)."""


class PeerUnavailable(Unavailable):
    """A system spoken to over HTTP does not answer now: a time-out, a 5xx, a 429.

    `retry_after` is how long it asked to be left alone, where it said so.
    """

    def __init__(self, peer: str, problem: str, retry_after: timedelta | None = None) -> None:
        super().__init__(f"{peer} does not answer: {problem}")
        self.peer = peer
        self.retry_after = retry_after


class WebhookRefused(DunlinError):
    """A request that says it comes from a provider is not taken. The sentence is for our own logs:
    it holds nothing of the request, and the answer tells less."""


class SignatureWrong(WebhookRefused):
    """The request is signed with none of our secrets, or not at all."""


class TooOld(WebhookRefused):
    """The signature holds, but was made longer ago than the tolerance, or ahead of the time."""


class WebhookMalformed(WebhookRefused):
    """What the provider sent is not what it sends: no JSON, or a part that is needed is missing."""


class AddressRejected(DunlinError):
    """An address is none, or the mail server refused it for good (a 5xx answer to RCPT)."""

    def __init__(self, address: str, answer: str) -> None:
        super().__init__(f"the address does not take mail: {answer}")
        self.address = address
        self.answer = answer


class MailRefused(DunlinError):
    """The mail server refused the message as a whole for good (a 5xx answer)."""


class PeerRefused(DunlinError):
    """A system spoken to over HTTP refuses (401, 403, 400), or answers what cannot be read.

    Asking again does not help; the sentence names what a person has to look at.
    """

    def __init__(self, peer: str, problem: str) -> None:
        super().__init__(f"{peer} refuses: {problem}")
        self.peer = peer
