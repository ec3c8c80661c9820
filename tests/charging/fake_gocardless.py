"""GoCardless as far as it is asked: payments under mandates, keys, and what happened to them."""

from dataclasses import dataclass, field
from typing import Any

from tests.crm.http_server import Answer, Request

TOKEN = "sandbox_made_up"
_CREATE = {"amount", "currency", "description", "links", "metadata", "retry_if_possible"}
_SCHEMES = {"GBP": "bacs", "EUR": "sepa_core", "USD": "ach", "SEK": "autogiro"}

Payment = dict[str, Any]


def problem(status: int, kind: str, **reason: Any) -> Answer:
    """An error as GoCardless words it; the message says what must not stand in a log."""
    message = "Bob Payer's account is no good"
    errors = [{"message": message, **reason}] if reason else []
    error = {"type": kind, "code": status, "message": message, "errors": errors}
    return Answer(status, {"error": error})


@dataclass
class FakeGoCardless:
    """`mandates` say their scheme. `dead` mandates take no payment, each for a reason.

    `silent_for` seconds pass after the work is done. `lags` is a list that has not heard of the
    newest yet, `hides` a payment that cannot be read although its key is taken.
    """

    mandates: dict[str, str] = field(default_factory=lambda: {"MD1": "bacs", "MD2": "sepa_core"})
    dead: dict[str, str] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    causes: dict[str, str] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    silent_for: float = 0.0
    page: int = 500
    lags: bool = False
    hides: bool = False

    @property
    def calls(self) -> list[str]:
        return [f"{one.method} {one.path}" for one in self.requests]

    @property
    def ordered(self) -> list[tuple[str, int, str]]:
        """The books: an entry for each debit."""
        return [
            (one["links"]["mandate"], one["amount"], one["currency"])
            for one in self.payments.values()
        ]

    def became(self, payment_id: str, status: str, cause: str = "") -> None:
        """The banks have had their say."""
        self.payments[payment_id]["status"] = status
        if cause:
            self.causes[payment_id] = cause

    def __call__(self, request: Request) -> Answer:
        self.requests.append(request)
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return problem(401, "invalid_api_usage", reason="access_token_not_found")
        assert request.headers["gocardless-version"] == "2015-07-06"
        if request.method == "POST":
            answer = self._create(request)
            return Answer(answer.status, answer.content, after=self.silent_for)
        if request.path == "/payments":
            return self._list(request.query)
        if request.path == "/events":
            return self._events(request.query)
        found = self.payments.get(request.path.rpartition("/")[2])
        if found is None or self.hides:
            return problem(404, "invalid_api_usage", reason="resource_not_found")
        return Answer(200, {"payments": found})

    def _create(self, request: Request) -> Answer:
        wanted, key = request.json["payments"], request.headers["idempotency-key"]
        if len(key) > 128:
            return problem(400, "invalid_api_usage", reason="idempotency_key_too_long")
        if key in self.keys:
            return problem(
                409,
                "invalid_state",
                reason="idempotent_creation_conflict",
                links={"conflicting_resource_id": self.keys[key]},
            )
        mandate = wanted["links"]["mandate"]
        assert set(wanted) <= _CREATE
        assert len(wanted["metadata"]) <= 3
        if reason := self.dead.get(mandate):
            return problem(422, "invalid_state", reason=reason)
        if mandate not in self.mandates:
            return problem(422, "validation_failed", field="mandate", request_pointer="/links")
        if _SCHEMES.get(wanted["currency"]) != self.mandates[mandate]:
            return problem(422, "validation_failed", field="currency", request_pointer="/payments")
        made = {
            **wanted,
            "id": f"PM{len(self.payments) + 1}",
            "status": "pending_submission",
            "charge_date": "2026-03-20",
        }
        self.payments[made["id"]] = made
        self.keys[key] = made["id"]
        return Answer(201, {"payments": dict(made)})

    def _list(self, query: dict[str, str]) -> Answer:
        newest_first = [
            one
            for one in reversed(self.payments.values())
            if one["links"]["mandate"] == query["mandate"] and not self.lags
        ]
        ids = [one["id"] for one in newest_first]
        start = ids.index(query["after"]) + 1 if "after" in query else 0
        end = start + min(self.page, int(query["limit"]))
        after = ids[end - 1] if end < len(ids) else None
        cursors = {"before": None, "after": after}
        meta = {"cursors": cursors, "limit": self.page}
        return Answer(200, {"payments": newest_first[start:end], "meta": meta})

    def _events(self, query: dict[str, str]) -> Answer:
        assert query["action"] == "failed"
        cause = self.causes.get(query["payment"])
        details = {"origin": "bank", "cause": cause, "description": "Bob Payer had too little"}
        return Answer(200, {"events": [{"id": "EV1", "details": details}] if cause else []})
