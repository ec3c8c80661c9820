"""A provider's token endpoint: every renewal ends the refresh token before."""

from base64 import b64encode
from dataclasses import dataclass, field

from tests.crm.http_server import Answer, Request

CLIENT_ID = "made-up-client"
CLIENT_SECRET = "made-up-secret"
PATH = "/token"
_BASIC = b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()


@dataclass
class FakeTokens:
    """`valid` are the access tokens that work, `refresh` is the refresh token that does."""

    refresh: str = "first refresh token"
    valid: set[str] = field(default_factory=set)
    renewals: int = 0
    lasts: int = 1800
    after: float = 0.0

    def end(self) -> None:
        """Ends every access token before its time."""
        self.valid.clear()

    def let_in(self, request: Request) -> bool:
        return request.headers.get("authorization", "").removeprefix("Bearer ") in self.valid

    def renew(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Basic {_BASIC}":
            return Answer(401, {"error": "invalid_client"})
        said = request.form
        if said != {"grant_type": "refresh_token", "refresh_token": self.refresh}:
            return Answer(400, {"error": "invalid_grant", "error_description": "secret words"})
        self.renewals += 1
        access, self.refresh = f"access {self.renewals}".replace(" ", "-"), f"r-{self.renewals}"
        self.valid.add(access)
        granted = {
            "access_token": access,
            "refresh_token": self.refresh,
            "expires_in": self.lasts,
            "token_type": "bearer",
        }
        return Answer(200, granted, after=self.after)
