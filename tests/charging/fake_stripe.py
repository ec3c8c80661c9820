"""Stripe as far as it is asked: payment intents, keys that are kept for a day, and books."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.crm.http_server import Answer, Request

KEY = "rk_test_made_up"
_KEY_LIVES = timedelta(hours=24)
_INTENTS = "/v1/payment_intents"
_CREATE = {
    *("amount", "currency", "customer", "payment_method", "off_session", "confirm"),
    *("description", "metadata[dunlin_invoice_id]", "metadata[dunlin_key]"),
    *("automatic_payment_methods[enabled]", "automatic_payment_methods[allow_redirects]"),
}
_NOT_TRIED = "requires_confirmation"

Intent = dict[str, Any]


def problem(status: int, kind: str, code: str = "", **more: Any) -> Answer:
    """An error as Stripe words it; the message says what must not stand in a log."""
    error = {"type": kind, "message": "The card of Bob Payer was no good.", **more}
    return Answer(status, {"error": error | ({"code": code} if code else {})})


@dataclass(frozen=True)
class Card:
    """What a means on file answers. With `code` it declines."""

    status: str = "succeeded"
    code: str = ""
    advice: str = ""
    network: str = ""
    next_action: dict[str, Any] | None = None


@dataclass(frozen=True)
class _Kept:
    at: datetime
    path: str
    form: dict[str, str]
    answer: Answer


@dataclass
class FakeStripe:
    """`charged` are the books: an entry for each time that money was taken.

    `silent_for` seconds pass after the work is done. `later` is how far its clock is ahead. `lags`
    is a list that has not heard of the newest yet, `has_search` false is an account in India.
    `breaks`: it fails between making a payment intent and trying it. `overtakes`: somebody else
    confirms one at the same moment.
    """

    cards: dict[str, Card] = field(default_factory=lambda: {"pm_1": Card()})
    intents: dict[str, Intent] = field(default_factory=dict)
    charged: list[tuple[str, int, str]] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    silent_for: float = 0.0
    later: timedelta = timedelta(0)
    page: int = 100
    lags: bool = False
    breaks: bool = False
    overtakes: bool = False
    has_search: bool = True
    kept: dict[str, _Kept] = field(default_factory=dict)

    @property
    def calls(self) -> list[str]:
        return [f"{one.method} {one.path}" for one in self.requests]

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + self.later

    def __call__(self, request: Request) -> Answer:
        self.requests.append(request)
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return problem(401, "invalid_request_error")
        assert re.fullmatch(r"\d{4}-\d\d-\d\d\.\w+", request.headers["stripe-version"])
        if request.method == "POST":
            answer = self._once(request)
            return Answer(answer.status, answer.content, answer.headers, after=self.silent_for)
        return self._read(request)

    def _once(self, request: Request) -> Answer:
        """The first answer to a key again and again; the same key on other parameters is wrong."""
        key = request.headers["idempotency-key"]
        assert len(key) <= 255
        kept = self.kept.get(key)
        if kept and self.now - kept.at < _KEY_LIVES:
            if (kept.path, kept.form) != (request.path, request.form):
                return problem(400, "idempotency_error")
            return Answer(kept.answer.status, kept.answer.content, {"Idempotent-Replayed": "true"})
        answer = self._work(request)
        self.kept[key] = _Kept(self.now, request.path, request.form, answer)
        return answer

    def _work(self, request: Request) -> Answer:
        form = request.form
        if request.path == _INTENTS:
            if unknown := set(form) - _CREATE:
                return problem(
                    400, "invalid_request_error", "parameter_unknown", param=str(unknown)
                )
            if form["payment_method"] not in self.cards:
                return problem(
                    400, "invalid_request_error", "resource_missing", param="payment_method"
                )
            intent = self._made(form)
        else:
            intent = self.intents[request.path.split("/")[3]]
            if self.overtakes:
                self._tried(intent, self.cards[form["payment_method"]])
            if intent["status"] != _NOT_TRIED:
                return problem(
                    400,
                    "invalid_request_error",
                    "payment_intent_unexpected_state",
                    payment_intent=intent,
                )
        if self.breaks:
            return problem(500, "api_error")
        return self._tried(intent, self.cards[form["payment_method"]])

    def _made(self, form: dict[str, str]) -> Intent:
        intent: Intent = {
            "id": f"pi_{len(self.intents) + 1}",
            "object": "payment_intent",
            "status": _NOT_TRIED,
            "amount": int(form["amount"]),
            "currency": form["currency"],
            "customer": form["customer"],
            "created": int(self.now.timestamp()),
            "metadata": {
                name: form[f"metadata[{name}]"] for name in ("dunlin_invoice_id", "dunlin_key")
            },
            "description": form["description"],
            "last_payment_error": None,
            "next_action": None,
        }
        self.intents[intent["id"]] = intent
        return intent

    def _tried(self, intent: Intent, card: Card) -> Answer:
        if card.code:
            why: dict[str, Any] = {
                "code": "card_declined",
                "decline_code": card.code,
                "advice_code": card.advice or None,
                "network_advice_code": card.network or None,
                "payment_method": {"billing_details": {"name": "Bob Payer"}, "card": {"last4": 42}},
            }
            if card.code == "authentication_required":
                why["code"] = card.code
            intent |= {"status": "requires_payment_method", "last_payment_error": why}
            return problem(402, "card_error", payment_intent=dict(intent), **why)
        intent |= {"status": card.status, "next_action": card.next_action}
        if card.status in {"succeeded", "processing"}:
            self.charged.append((intent["customer"], intent["amount"], intent["currency"]))
        return Answer(200, dict(intent))

    def _read(self, request: Request) -> Answer:
        if request.path == _INTENTS:
            return self._list(request.query)
        if request.path == f"{_INTENTS}/search":
            if not self.has_search:
                return problem(400, "invalid_request_error")
            found = re.fullmatch(r'metadata\["dunlin_key"\]:"([^"\\]+)"', request.query["query"])
            assert found
            named = [
                one for one in self.intents.values() if one["metadata"]["dunlin_key"] == found[1]
            ]
            return Answer(200, {"object": "search_result", "data": named, "has_more": False})
        intent = self.intents.get(request.path.rpartition("/")[2])
        return Answer(200, intent) if intent else problem(404, "x", "resource_missing")

    def _list(self, query: dict[str, str]) -> Answer:
        since = int(query["created[gte]"])
        newest_first = [
            one
            for one in reversed(self.intents.values())
            if one["customer"] == query["customer"] and one["created"] >= since and not self.lags
        ]
        after = query.get("starting_after")
        start = next((n + 1 for n, one in enumerate(newest_first) if one["id"] == after), 0)
        end = start + min(self.page, int(query["limit"]))
        return Answer(
            200,
            {
                "object": "list",
                "data": newest_first[start:end],
                "has_more": end < len(newest_first),
            },
        )
