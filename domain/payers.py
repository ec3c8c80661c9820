"""Who paid: by account, by name, by how alike names are."""

import re
import unicodedata
from collections import defaultdict
from functools import lru_cache

from rapidfuzz import fuzz

from models.matching import CashRules, Incoming, Payers

_WORDS = re.compile(r"[a-z0-9]+")
# What a firm is, rather than what it is called; payers' banks leave it out or shorten it.
_LEGAL_FORMS = frozenset(
    {
        *("ag", "bv", "co", "company", "corp", "corporation", "eg", "ev", "gbr", "gmbh", "inc"),
        *("incorporated", "kg", "kgaa", "limited", "llc", "llp", "ltd", "mbh", "nv", "oe", "og"),
        *("ohg", "oy", "oyj", "plc", "pte", "pty", "sa", "sarl", "sas", "se", "sl", "spa", "srl"),
        *("sro", "the", "ug", "und", "and"),
    }
)
_HEAD = 4


def folded(name: str) -> str:
    """The name without accents, case, punctuation and legal form, its words in their order.

    A name of which nothing would be left keeps its words.
    """
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ß", "ss"))
    words = _WORDS.findall("".join(one for one in plain if not unicodedata.combining(one)))
    return " ".join([word for word in words if word not in _LEGAL_FORMS] or words)


def account(text: str) -> str:
    """An account number in the one spelling in which accounts are compared."""
    return "".join(text.split()).upper()


class KnownPayers:
    """The customers, prepared to be recognised by what a bank says of a payer."""

    def __init__(self, payers: Payers, rules: CashRules) -> None:
        self._rules = rules
        self._accounts = payers.accounts
        self._learned = payers.names
        self._names = {customer: folded(name) for customer, name in payers.customers.items()}
        self._by_head: dict[str, set[str]] = defaultdict(set)
        for customer, name in self._names.items():
            for word in name.split():
                self._by_head[word[:_HEAD]].add(customer)
        self.by_name = lru_cache(maxsize=50_000)(self._by_name)

    def by_account(self, money: Incoming) -> str:
        """The customer whose money it is for sure: known already, or by an account or name that a
        person has told before; "" for none."""
        if money.customer_id:
            return money.customer_id
        of_account = self._accounts.get(account(money.payer_account)) if money.payer_account else ""
        return of_account or self._learned.get(folded(money.payer_name), "")

    def _by_name(self, payer_name: str) -> tuple[tuple[str, int], ...]:
        """The customers whose name is like this one, each with how alike (0 to 100), the likest
        first; those that share the beginning of a word are looked at."""
        name = folded(payer_name)
        if not name:
            return ()
        near = {one for word in name.split() for one in self._by_head.get(word[:_HEAD], ())}
        alike = ((customer, round(_likeness(name, self._names[customer]))) for customer in near)
        found = [one for one in alike if one[1] >= self._rules.like_name]
        return tuple(sorted(found, key=lambda one: (-one[1], one[0])))


def _likeness(one: str, other: str) -> float:
    """As alike as their words are, whatever their order; words that only one of them has count
    against it."""
    return float(fuzz.token_sort_ratio(one, other))
