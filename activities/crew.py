"""Everything a worker needs, wired: activities over one database, mail transport and rulebook."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from activities.asking import Asking
from activities.context import Context
from activities.correspondence import Correspondence
from activities.decisions import Decisions
from activities.drafting import Drafting
from activities.letter_desk import LetterDesk
from activities.matching import Matching
from activities.people import People
from activities.reading import Reading, Translate
from activities.receipts import Receipts
from activities.register import Register
from activities.register_pages import RegisterPages
from activities.relations import Relations
from activities.rounds import Rounds
from activities.rulebook import Rulebook
from activities.service import Service
from activities.telling import Telling
from domain.letter_writing import Stationery
from integrations.alerts.channel import AlertChannel
from integrations.crm.source import ContextSource
from integrations.letters.letters import Letters
from integrations.mail.transport import MailTransport
from integrations.registers.source import RegisterSource
from integrations.service.switch import ServiceSwitch
from integrations.temporal.follow_ups import FollowUps
from store.database import Database
from store.escalation import Superiors


@dataclass(frozen=True, slots=True)
class Connections:
    """What a firm may have connected beside its mail server; None where it has not.

    `providers` can be asked what an event of theirs is about, by the name of its source;
    `register` is the one of them that the daily scan reads.
    """

    channel: AlertChannel
    context: ContextSource | None = None
    service: ServiceSwitch | None = None
    providers: Mapping[str, RegisterSource] = field(default_factory=dict)
    register: RegisterSource | None = None

    async def close(self) -> None:
        """Let go of all that is connected."""
        for one in (self.channel, self.context, self.service, *self.providers.values()):
            if one is not None:
                await one.close()


@dataclass(frozen=True, slots=True)
class Crew:
    """The activities of a follow-up, sharing what they hold."""

    context: Context
    decisions: Decisions
    drafting: Drafting
    correspondence: Correspondence
    receipts: Receipts
    relations: Relations
    people: People
    rounds: Rounds
    service: Service
    register: Register
    register_pages: RegisterPages
    reading: Reading
    asking: Asking
    matching: Matching
    telling: Telling

    @classmethod
    def of(
        cls,
        database: Database,
        rulebook: Rulebook,
        letters: Letters,
        mail: MailTransport,
        stationery: Stationery,
        follow_ups: FollowUps,
        connections: Connections,
        superiors: Superiors,
        leadership: str = "",
        translate: Translate = lambda arrived: None,
    ) -> "Crew":
        """A crew over these."""
        desk = LetterDesk(letters, stationery)
        channel = connections.channel
        return cls(
            context=Context(database, rulebook),
            decisions=Decisions(database, rulebook, desk),
            drafting=Drafting(database, rulebook, desk),
            correspondence=Correspondence(database, rulebook, desk, mail),
            receipts=Receipts(database, rulebook, desk, mail),
            relations=Relations(database, rulebook, connections.context),
            people=People(database, rulebook, channel),
            rounds=Rounds(database, rulebook, channel, superiors, leadership),
            service=Service(database, rulebook, connections.service),
            register=Register(database, rulebook, follow_ups, rulebook.zone),
            register_pages=RegisterPages(database, connections.register),
            reading=Reading(database, translate),
            asking=Asking(database, translate, connections.providers),
            matching=Matching(database, rulebook.files),
            telling=Telling(database, rulebook.files, follow_ups),
        )

    @property
    def for_the_intake(self) -> list[Callable[..., Any]]:
        """What to register with a worker of the intake's queue."""
        return [
            self.reading.read_arrived,
            self.asking.ask_providers,
            self.matching.match_money,
            self.telling.tell_follow_ups,
        ]

    @property
    def activities(self) -> list[Callable[..., Any]]:
        """What to register with a worker."""
        return [
            self.context.check_context,
            self.context.record_payment,
            self.context.record_event,
            self.context.close_follow_up,
            self.context.report_trouble,
            self.decisions.record_decision,
            self.drafting.draft_message,
            self.correspondence.send_message,
            self.receipts.send_receipt,
            self.relations.gather_context,
            self.people.queue_call,
            self.people.alert_owner,
            self.people.raise_alarm,
            self.rounds.make_round,
            self.service.suspend_service,
            self.service.restore_service,
            self.register.begin_scan,
            self.register_pages.read_page,
            self.register.start_follow_ups,
            self.register.tell_changes,
            self.register.find_lost,
            self.register.finish_scan,
        ]
