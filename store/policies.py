"""Policies: the files of today, and the versions that running follow-ups are pinned to."""

from functools import lru_cache
from pathlib import Path

from sqlmodel import Session

from domain.exchange import Rates
from domain.policy_text import parse_cash_rules, parse_policy, parse_rates, parse_segments
from models.errors import PolicyInvalid, WrongUse
from models.follow_up import FollowUp
from models.policy import Policy
from models.segments import Segments
from models.tables import FollowUpRow, Invoice, PolicyVersion

_SEGMENTS = "segments.toml"
_RATES = "exchange_rates.toml"
_CASH = "cash.toml"


class PolicyFiles:
    """The policies that new follow-ups get, read once from a folder.

    Raises (on construction):
        PolicyInvalid: a file is missing or wrong, or a segment rule names no policy.
    """

    def __init__(self, folder: Path, base_currency: str) -> None:
        self.folder = folder
        self.texts = {
            path.stem: _read(path)
            for path in sorted(folder.glob("*.toml"))
            if path.name not in {_SEGMENTS, _RATES, _CASH}
        }
        self.policies = {
            name: parse_policy(text, folder / f"{name}.toml") for name, text in self.texts.items()
        }
        self.segments: Segments = parse_segments(_read(folder / _SEGMENTS), folder / _SEGMENTS)
        self.rates: Rates = parse_rates(_read(folder / _RATES), folder / _RATES, base_currency)
        cash = folder / _CASH
        self.cash = parse_cash_rules(_read(cash) if cash.exists() else "", cash)
        self._check_names()

    def _check_names(self) -> None:
        for name, policy in self.policies.items():
            if policy.name != name:
                path = self.folder / f"{name}.toml"
                raise PolicyInvalid(path, 1, "name", f'must be "{name}", as the file is called')
        for rule in self.segments.rules:
            if rule.policy not in self.policies:
                known = ", ".join(self.policies)
                problem = f'there is no policy "{rule.policy}" (there are: {known})'
                raise PolicyInvalid(self.folder / _SEGMENTS, 1, "policy", problem)


def pin(session: Session, files: PolicyFiles, name: str) -> int:
    """Keep today's text of the policy under its version, and return that version.

    Raises:
        PolicyInvalid: the text changed under a version that follow-ups are pinned to already.
    """
    policy, body = files.policies[name], files.texts[name]
    known = session.get(PolicyVersion, (name, policy.version))
    if known is None:
        session.add(PolicyVersion(name=name, version=policy.version, body=body))
        session.flush()
    elif known.body != body and parse_policy(known.body, name) != policy:
        raise PolicyInvalid(
            files.folder / f"{name}.toml",
            1,
            "version",
            f"the policy differs from the version {policy.version} that follow-ups run under; "
            f"raise it to {policy.version + 1}",
        )
    return policy.version


def next_round(
    session: Session, files: PolicyFiles, invoice: Invoice, row: FollowUpRow
) -> FollowUp:
    """The follow-up that begins the round after `row`, under the same policy as it is now.

    Raises:
        WrongUse: there is no such policy any more.
        PolicyInvalid: it was changed without raising its version.
    """
    if row.policy not in files.policies:
        raise WrongUse(
            f"Invoice {invoice.id} was followed up under policy {row.policy}, and its new "
            f"round would be too. Put {files.folder / row.policy}.toml back first."
        )
    return FollowUp(
        invoice_id=invoice.id,
        customer_id=invoice.customer_id,
        due_on=invoice.due_on,
        policy=row.policy,
        policy_version=pin(session, files, row.policy),
        round=row.round + 1,
    )


def pinned(session: Session, name: str, version: int) -> Policy:
    """The policy as it was when it was pinned.

    Raises:
        PolicyInvalid: no such version was ever pinned in this database.
    """
    kept = session.get(PolicyVersion, (name, version))
    if kept is None:
        raise PolicyInvalid(name, 0, "version", f"version {version} was never used here")
    return _parsed(kept.body, name)


@lru_cache(maxsize=64)
def _parsed(body: str, name: str) -> Policy:
    return parse_policy(body, name)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as unreadable:
        raise PolicyInvalid(path, 0, "the file", f"cannot be read ({unreadable})") from None
