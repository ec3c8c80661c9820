"""Notices to a channel of Slack, or of a chat that takes Slack's incoming webhooks."""

import re
from collections.abc import Mapping

import httpx

from integrations.alerts.secret_url import Veil
from integrations.alerts.slack_message import slack_message
from integrations.http.peer import TIMEOUT, Peer
from models.errors import SettingInvalid
from models.notice import Notice

_URL = "DUNLIN_SLACK_WEBHOOK"
_MEMBERS = "DUNLIN_SLACK_MEMBERS"
# Slack: U012AB3CD. Mattermost and Discord have other ids and the same way to mention them.
_MEMBER = re.compile(r"[A-Za-z0-9]{1,64}")
_DISCORD = re.compile(r"(?:.+\.)?discord(?:app)?\.com")
# What the other end takes as one message: Discord 2,000 and no more, Slack advises 4,000.
_LONGEST_TEXT, _LONGEST_FOR_DISCORD = 4000, 2000


class SlackAlerts:
    """Posts each notice to the channel that the webhook was made for, calling its recipient.

    The webhook's URL is a credential: it stands in no error, no log and no `repr`. `members` maps
    a mail address, in any case of letters, to the member's id in the chat.

    Raises:
        SettingInvalid: the URL is none, without quoting it, or a member's id cannot be one.
    """

    name = "chat"

    def __init__(
        self,
        webhook_url: str,
        *,
        members: Mapping[str, str] | None = None,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> None:
        url = _checked(webhook_url.strip())
        self._url = str(url)
        self._longest = _LONGEST_FOR_DISCORD if _DISCORD.fullmatch(url.host) else _LONGEST_TEXT
        self._members = _by_address(members or {})
        self._peer = Peer("The chat webhook", timeout=timeout)
        self._veil = Veil(url)
        self._veil.draw()

    async def deliver(self, notice: Notice) -> None:
        """Post `notice`. Webhooks know no keys: delivered twice, it stands there twice.

        Raises:
            PeerUnavailable: to be tried again; Slack's 429 says when.
            PeerRefused: the webhook is revoked, its channel archived, or posting is forbidden.
        """
        member = self._members.get(notice.recipient.strip().casefold(), "")
        mention = f"<@{member}>" if member else ""
        message = slack_message(notice, mention, self._longest)
        await self._peer.ask("POST", self._url, json=message)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._peer.close()
        self._veil.lift()


def _checked(webhook_url: str) -> httpx.URL:
    url = _parsed(webhook_url)
    # Raised outside of any handler: what httpx says of a wrong URL may quote it. Characters that
    # no host name has do not trouble httpx; it encodes them.
    if url is None or url.scheme not in {"http", "https"} or not url.host or "%" in url.host:
        raise SettingInvalid(
            _URL,
            "expected the https:// URL that the chat showed when the webhook was made; copy it"
            " again, whole.",
        )
    if _DISCORD.fullmatch(url.host) and not url.path.endswith("/slack"):
        raise SettingInvalid(_URL, "Discord takes Slack's messages at its URL with /slack added.")
    return url


def _parsed(webhook_url: str) -> httpx.URL | None:
    try:
        return httpx.URL(webhook_url)
    except (httpx.InvalidURL, ValueError):
        return None


def _by_address(members: Mapping[str, str]) -> dict[str, str]:
    for address, member in members.items():
        if not _MEMBER.fullmatch(member):
            raise SettingInvalid(
                _MEMBERS,
                f"the entry for {address} is no member id. In Slack it is in the member's profile"
                " under More, Copy member ID, and looks like U012AB3CD.",
            )
    return {address.strip().casefold(): member for address, member in members.items()}
