"""Everything a worker needs, wired: activities over one database, mail transport and rulebook."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from activities.context import Context
from activities.correspondence import Correspondence
from activities.people import People
from activities.register import Register
from activities.rulebook import Rulebook
from domain.letter_writing import Stationery
from integrations.letters.letters import Letters
from integrations.mail.transport import MailTransport
from integrations.temporal.follow_ups import FollowUps
from store.database import Database


@dataclass(frozen=True, slots=True)
class Crew:
    """The activities of a follow-up, sharing what they hold."""

    context: Context
    correspondence: Correspondence
    people: People
    register: Register

    @classmethod
    def of(
        cls,
        database: Database,
        rulebook: Rulebook,
        letters: Letters,
        mail: MailTransport,
        stationery: Stationery,
        follow_ups: FollowUps,
        staff_email: str,
        firm_zone: str,
    ) -> "Crew":
        """A crew over these."""
        return cls(
            context=Context(database, rulebook),
            correspondence=Correspondence(database, rulebook, letters, mail, stationery),
            people=People(database, rulebook, mail, stationery.firm, staff_email),
            register=Register(database, rulebook, follow_ups, firm_zone),
        )

    @property
    def activities(self) -> list[Callable[..., Any]]:
        """What to register with a worker."""
        return [
            self.context.check_context,
            self.context.record_payment,
            self.context.record_event,
            self.context.close_follow_up,
            self.context.report_trouble,
            self.correspondence.send_message,
            self.people.queue_call,
            self.people.alert_owner,
            self.people.raise_alarm,
            self.register.begin_scan,
            self.register.start_follow_ups,
            self.register.tell_changes,
            self.register.find_lost,
            self.register.finish_scan,
        ]
