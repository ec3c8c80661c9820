"""Tasks in HubSpot for an account owner, one per key."""

from datetime import UTC, datetime
from html import escape

import httpx

from integrations.crm.hubspot_records import OBJECTS, Records
from integrations.crm.mapping import Tasks
from integrations.crm.task_subject import mark, subject
from integrations.http.answers import understood
from integrations.http.peer import Peer

_SUBJECT = "hs_task_subject"
_TASK_TO_COMPANY = 192
_LONGEST_BODY = 65_536 // len("&amp;")


class HubSpotTasks:
    """Opens tasks beside a company unless they are there."""

    def __init__(self, peer: Peer, asked: Tasks) -> None:
        self._peer = peer
        self._key = asked.key

    async def is_there(self, company_id: str, title: str, key: str) -> bool:
        """Whether the task is there already.

        By the property that holds the key where there is one, which is sure. Else by a search for
        the subject: the search learns of a new task some seconds after it was opened.
        """
        if self._key:
            return await self._is_known(key)
        asked = {"propertyName": _SUBJECT, "operator": "EQ", "value": subject(title, key)}
        # The title may be worded anew when it is tried again; the key's words stay.
        worded_anew = {
            "propertyName": _SUBJECT,
            "operator": "CONTAINS_TOKEN",
            "value": mark(key)[1:-1],
        }
        beside = {"propertyName": "associations.company", "operator": "EQ", "value": company_id}
        response = await self._peer.ask(
            "POST",
            f"{OBJECTS}/tasks/search",
            json={
                "filterGroups": [{"filters": [beside, one]} for one in (asked, worded_anew)],
                "properties": [_SUBJECT],
                "limit": 200,
            },
        )
        found = understood(Records, response, self._peer.name).results
        # Words of another key may be among them: what counts is the mark as a whole.
        return any(str(task.properties.get(_SUBJECT)).endswith(mark(key)) for task in found)

    async def open(self, company_id: str, title: str, body: str, owner_id: str, key: str) -> None:
        """Open the task, due now."""
        said = {
            "hs_timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
            _SUBJECT: subject(title, key),
            # HubSpot shows the body as HTML.
            "hs_task_body": escape(body[:_LONGEST_BODY], quote=False).replace("\n", "<br>"),
            "hs_task_status": "NOT_STARTED",
            "hs_task_priority": "HIGH",
            "hs_task_type": "TODO",
            "hubspot_owner_id": owner_id,
        }
        beside = {
            "to": {"id": company_id},
            "types": [
                {
                    "associationCategory": "HUBSPOT_DEFINED",
                    "associationTypeId": _TASK_TO_COMPANY,
                }
            ],
        }
        await self._peer.ask(
            "POST",
            f"{OBJECTS}/tasks",
            json={
                "properties": said | ({self._key: key} if self._key else {}),
                "associations": [beside],
            },
            # Somebody else opened it in between.
            also={httpx.codes.CONFLICT} if self._key else (),
        )

    async def _is_known(self, key: str) -> bool:
        response = await self._peer.ask(
            "POST",
            f"{OBJECTS}/tasks/batch/read",
            json={
                "idProperty": self._key,
                "properties": [_SUBJECT],
                "inputs": [{"id": key}],
            },
        )
        return bool(understood(Records, response, self._peer.name).results)
