"""Any invoice, customer, chase, policy and moment that the rules may be asked about."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from domain import send_window
from domain.banking_days import BankingCalendar, Place
from models.facts import (
    Address,
    ContactHistory,
    ContextFreshness,
    CustomerFacts,
    DisputeFacts,
    DraftFacts,
    Facts,
    InstalmentFacts,
    InvoiceFacts,
    OwnerQuestion,
    PauseFacts,
    PaymentHabit,
    PlanFacts,
    Progress,
    PromiseFacts,
    StepDone,
)
from models.policy import (
    Approval,
    Behaviour,
    Context,
    Grace,
    Handling,
    Limits,
    OwnerFirst,
    Plans,
    Policy,
    Step,
    Thresholds,
    Window,
)
from models.vocabulary import (
    Action,
    Channel,
    Disposition,
    DraftState,
    InvoiceStatus,
    Method,
    OwnerWord,
    Reason,
    Role,
    Stage,
    Tier,
    Tone,
    TouchOutcome,
)
from tests.domain.one_invoice import SHIPPED

# Building a country's table of holidays takes its time, once.
often = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
sometimes = settings(often, max_examples=40)

Question = tuple[Facts, Policy, BankingCalendar, datetime]

# Weekends that differ, holidays of parts, zones on both sides of the date line.
HOMES = (
    ("US", "", "America/New_York"),
    ("US", "", "America/Los_Angeles"),
    ("GB", "", "Europe/London"),
    ("GB", "SCT", "Europe/London"),
    ("DE", "", "Europe/Berlin"),
    ("DE", "BY", "Europe/Berlin"),
    ("SA", "", "Asia/Riyadh"),
    ("IL", "", "Asia/Jerusalem"),
    ("AE", "", "Asia/Dubai"),
    ("AU", "NSW", "Australia/Sydney"),
    ("AU", "SA", "Australia/Adelaide"),
    ("NZ", "", "Pacific/Auckland"),
    ("JP", "", "Asia/Tokyo"),
    ("IN", "", "Asia/Kolkata"),
    ("KI", "", "Pacific/Kiritimati"),
    ("AS", "", "Pacific/Pago_Pago"),
    ("XX", "", "Nowhere/Known"),
    ("", "", ""),
)
RELATIONSHIP = (
    Reason.PAUSED_BY_SALES,
    Reason.RENEWAL_UNDER_WAY,
    Reason.EXPANSION_UNDER_WAY,
    Reason.SEVERE_TICKET,
    Reason.HEALTH_AT_RISK,
)
_FIRST, _LAST = date(2025, 6, 1), date(2027, 1, 31)  # two turns of the year, every clock change

days = st.dates(_FIRST, _LAST)
moments = st.datetimes(
    datetime.combine(_FIRST, time()), datetime.combine(_LAST, time()), timezones=st.just(UTC)
)
homes = st.sampled_from(HOMES)
zones = st.sampled_from(sorted({home[2] for home in HOMES}))
places = st.sampled_from([Place(country, part) for country, part, _ in HOMES])
calendars = st.builds(BankingCalendar, payer=places, payee=places)
ids = st.text(min_size=1, max_size=8)

_yes_or_no = st.booleans()
_amounts = st.integers(50_000, 20_000_000).map(lambda cents: Decimal(cents) / 100)
_a_few = {most: st.integers(0, most) for most in (5, 8, 10, 12, 20, 30, 40)}
_up_to_40_days = _a_few[40].map(lambda days: timedelta(days=days))
_around = st.integers(-40, 40).map(lambda days: timedelta(days=days))


def _some(*names: str) -> st.SearchStrategy[set[str]]:
    """Mostly nothing unusual, sometimes up to three unusual things at once."""
    return st.one_of(st.just(set[str]()), st.sets(st.sampled_from(names), max_size=3))


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """Between a second and a day, at any hour."""
    start, end = sorted(draw(_TWO_SECONDS))
    return Window(start=_time(start), end=_time(end))


_TWO_SECONDS = st.sets(st.integers(0, 86_399), min_size=2, max_size=2)


def _time(seconds: int) -> time:
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60)


_CLEARING = st.sampled_from([dict.fromkeys(Method, days) for days in (0, 1, 4, 14)])
graces = st.builds(Grace, banking_days=_a_few[5], clearing_days=_CLEARING)
_limits = st.builds(
    Limits,
    min_days_between_messages=st.integers(1, 10),
    messages_per_30_days=st.integers(1, 8),
    first_day_messages=st.integers(1, 5),
    decision_after_days=_a_few[20],
    dispute_days=_a_few[20],
)
_thresholds = st.sampled_from(
    [
        Thresholds(),
        Thresholds(small_balance=Decimal(1_000)),
        Thresholds(approval_above=Decimal(10_000), call_above=Decimal(5_000)),
    ]
)
_approvals = st.sampled_from(
    [
        Approval(),
        Approval(),
        Approval(every_message=True),
        Approval(stages=frozenset({Stage.LATE}), segments=frozenset({"enterprise"})),
        Approval(strategic_customers=True, first_messages=3),
    ]
)
_contexts = st.builds(Context, max_age_hours=st.integers(1, 72), blind_days=st.integers(0, 3))
_owners = st.builds(OwnerFirst, answer_days=st.integers(1, 3), hold_days=st.integers(1, 10))
_plan_terms = st.builds(Plans, reminder_days=st.integers(0, 10), break_after=st.integers(1, 3))
_matrices = st.dictionaries(
    st.sampled_from(RELATIONSHIP),
    st.sampled_from([dict.fromkeys(Tier, way) for way in Handling] + [{Tier.EARLY: Handling.HOLD}]),
    max_size=3,
)


@st.composite
def made_up_policies(draw: st.DrawFn) -> Policy:
    """A valid policy at random."""
    return Policy(
        name="any",
        version=1,
        window=draw(windows()),
        limits=draw(_limits),
        grace=draw(graces),
        thresholds=draw(_thresholds),
        behaviour=Behaviour(tolerance_days=draw(_a_few[10])),
        approval=draw(_approvals),
        context=draw(_contexts),
        owner_first=draw(_owners),
        plans=draw(_plan_terms),
        relationship=draw(_matrices),
        steps=draw(cadences()),
    )


policies = st.one_of(
    st.sampled_from([SHIPPED[name] for name in sorted(SHIPPED)]), made_up_policies()
)

_OFFSETS = st.sets(st.integers(-15, 60), min_size=1, max_size=6)
_LATER_STAGES = tuple(stage for stage in Stage if stage is not Stage.PRE_DUE)
_STYLES = st.tuples(
    st.sampled_from(_LATER_STAGES),
    st.sampled_from(Tone),
    st.sampled_from([Channel.MAIL, Channel.MAIL, Channel.MAIL, Channel.CALL]),
    st.sampled_from(
        [
            (None, ()),
            (None, (Action.CALL_AP_CONTACT,)),
            ("suspension", (Action.CC_OWNER,)),
            ("suspension", (Action.CC_OWNER, Action.SUSPEND_SERVICE)),
        ]
    ),
)


@st.composite
def cadences(draw: st.DrawFn) -> tuple[Step, ...]:
    """Steps in the order of offsets and stages; those before the chase date are `pre_due`."""
    offsets = sorted(draw(_OFFSETS))
    styles = sorted((draw(_STYLES) for _ in offsets), key=lambda style: style[0].rank)
    return tuple(
        Step(
            id=f"s{n}",
            offset=offset,
            stage=Stage.PRE_DUE if offset < 0 else stage,
            tone=tone,
            channel=channel,
            template="letter" if channel is Channel.MAIL else None,
            clause=clause,
            template_without_clause="plain_letter" if clause else None,
            actions=actions,
        )
        for n, (offset, (stage, tone, channel, (clause, actions))) in enumerate(
            zip(offsets, styles, strict=True)
        )
    )


addresses = st.builds(
    Address,
    email=st.sampled_from(["a@acme.example", "b@acme.example", "c@acme.example"]),
    role=st.sampled_from(Role),
    rejected=st.sampled_from([False, False, True]),
)
_address_lists = st.lists(addresses, max_size=3)
_delicate = st.frozensets(st.sampled_from(RELATIONSHIP), max_size=2)
_habits = st.builds(
    PaymentHabit,
    settled=_a_few[12],
    median_days_late=st.integers(-10, 30),
    spread_days=_a_few[8],
    trend_days=st.integers(-10, 20),
    late_share=st.integers(0, 100),
)
_CUSTOMERS_ODDITIES = _some(
    *("elsewhere", "insolvent", "legal_hold", "do_not_contact", "addresses", "delicate"),
    *("habit", "cash", "transit", "strategic", "segment", "connected"),
)
_hours_ago = st.integers(0, 100).map(lambda hours: timedelta(hours=hours))
_FLAGS = {"insolvent", "legal_hold", "do_not_contact", "strategic"}
_SINCE = st.one_of(st.none(), _hours_ago)


@st.composite
def freshness(draw: st.DrawFn, now: datetime) -> ContextFreshness:
    """What a connected system said is a while old, or it has not answered, or was never asked."""
    answered, failing = draw(_SINCE), draw(_SINCE)
    fetched_at = now - answered if answered is not None else None
    if failing is None:
        return ContextFreshness("crm", fetched_at, fetched_at)
    since = now - (failing if answered is None else min(failing, answered))
    return ContextFreshness("crm", fetched_at, draw(st.sampled_from([since, now])), since)


@st.composite
def customers(draw: st.DrawFn, now: datetime) -> CustomerFacts:
    """A customer anywhere, mostly one who may be written to."""
    country, subdivision, zone = draw(homes)
    odd = draw(_CUSTOMERS_ODDITIES)
    fields: dict[str, Any] = dict.fromkeys(odd & _FLAGS, True)
    fields["addresses"] = (Address("ap@acme.example"),)
    for name, field, strategy in (
        ("addresses", "addresses", _address_lists.map(tuple)),
        ("delicate", "delicate", _delicate),
        ("habit", "habit", _habits),
        ("cash", "unapplied_cash", _amounts),
        ("transit", "cash_in_transit", _amounts),
        ("segment", "segment", st.just("enterprise")),
        ("connected", "context", freshness(now)),
    ):
        if name in odd:
            fields[field] = draw(strategy)
    return CustomerFacts(
        id=draw(ids),
        name="Acme",
        country=country,
        subdivision=subdivision,
        zone=draw(zones) if "elsewhere" in odd else zone,
        language="en",
        **fields,
    )


_DUE = st.integers(-90, 60).map(lambda days: timedelta(days=days))
_INVOICES_ODDITIES = _some("ended", "nothing", "part", "rate", "clause")
_ENDED = st.sampled_from([status for status in InvoiceStatus if status is not InvoiceStatus.OPEN])


@st.composite
def invoices(draw: st.DrawFn, today: date) -> InvoiceFacts:
    """An invoice, mostly open, due up to three months around `today`."""
    due, amount, odd = today + draw(_DUE), draw(_amounts), draw(_INVOICES_ODDITIES)
    amount_open = amount / 2 if "part" in odd else amount
    if odd & {"ended", "nothing"}:
        amount_open = Decimal(0)
    return InvoiceFacts(
        id="INV-1",
        number="1",
        currency="USD",
        amount=amount,
        amount_open=amount_open,
        base_open=None if "rate" in odd else amount_open,
        issued_on=due - timedelta(days=30),
        due_on=due,
        status=draw(_ENDED) if "ended" in odd else InvoiceStatus.OPEN,
        clauses=frozenset({"suspension"}) if "clause" in odd else frozenset(),
    )


_PROGRESS_ODDITIES = _some(
    *("taken", "shift", "held", "not_before", "pause", "dispute", "promise", "plan"),
    *("draft", "question", "broken", "settled", "plan_broken", "suspended", "disposition"),
)
_ENDS = st.sampled_from([end for end in TouchOutcome if end is not TouchOutcome.CLAIMED])
_PARTS = st.sampled_from([None, Decimal("0.3"), Decimal(1), Decimal(2)])
_promises = st.tuples(_around, st.sampled_from(Method), _PARTS, _PARTS)
_drafts = st.tuples(st.integers(1, 3), st.sampled_from(DraftState), _yes_or_no, _yes_or_no)
_questions = st.tuples(st.integers(-200, 60), st.sampled_from([None, None, *OwnerWord]))
_dispositions = st.sampled_from(Disposition)


@st.composite
def progresses(draw: st.DrawFn, policy: Policy, now: datetime, owed: InvoiceFacts) -> Progress:
    """How far a chase may have come by `now`, with up to three things that hold it."""
    odd, today = draw(_PROGRESS_ODDITIES), now.date()
    fields: dict[str, Any] = dict.fromkeys(odd & _MARKS, True)
    if "taken" in odd:
        fields["done"] = draw(_steps_taken(policy, today))
    if "shift" in odd:
        fields["shift_days"] = draw(_a_few[40])
    names = [step.id for step in policy.steps[: len(fields.get("done", ())) + 1]]
    if "plan" in odd:
        plan = fields["plan"] = draw(plans(today, owed.amount_open or owed.amount))
        names += [f"plan-{plan.id}-{what}" for what in ("1-missed", "1-reminder", "confirmation")]
        if draw(_yes_or_no):
            confirmed = StepDone(names[-1], TouchOutcome.SENT, plan.agreed_on)
            fields["done"] = (*fields.get("done", ()), confirmed)
    step = st.sampled_from([*reversed(names), "dropped"])
    if "held" in odd:
        fields["held_step"] = draw(step)
    if "draft" in odd:
        fields["draft"] = DraftFacts(draw(step), *draw(_drafts))
    if "question" in odd:
        hours, word = draw(_questions)
        fields["question"] = OwnerQuestion(draw(step), now + timedelta(hours=hours), word)
    fields |= draw(_holding(odd, today, owed.amount))
    return Progress(**fields)


_MARKS = {"settled", "plan_broken", "suspended"}


@st.composite
def _holding(draw: st.DrawFn, odd: set[str], today: date, amount: Decimal) -> dict[str, Any]:
    """What somebody said or decided about the invoice."""
    fields: dict[str, Any] = {}
    if "not_before" in odd:
        fields["not_before"] = today + draw(_around)
    if "pause" in odd:
        fields["pause"] = PauseFacts(today + draw(_around) if draw(_yes_or_no) else None)
    if "dispute" in odd:
        fields["dispute"] = DisputeFacts(today - draw(_up_to_40_days), _of(amount, draw(_PARTS)))
    if "promise" in odd:
        after, method, part, paid = draw(_promises)
        paid_since = _of(amount, paid) or Decimal(0)
        fields["promise"] = PromiseFacts(today + after, method, _of(amount, part), paid_since)
    if "broken" in odd:
        fields["broken_promises"], fields["broken_on"] = 1, today - draw(_up_to_40_days)
    if "disposition" in odd:
        fields["disposition"] = draw(_dispositions)
        fields["disposed_on"] = today - draw(_up_to_40_days)
    return fields


def _of(amount: Decimal, part: Decimal | None) -> Decimal | None:
    return None if part is None else amount * part


_PLANS = st.tuples(
    st.integers(1, 99),
    st.integers(2, 4),
    _around,
    st.sampled_from([1, 7, 30]).map(lambda days: timedelta(days=days)),
    _up_to_40_days,
    st.sampled_from([Decimal(0), Decimal(0), Decimal("0.25"), Decimal(1)]),
)


@st.composite
def plans(draw: st.DrawFn, today: date, amount_open: Decimal) -> PlanFacts:
    """A plan agreed some time ago: its instalments make up what is open and what came in since."""
    plan_id, many, away, every, before, part = draw(_PLANS)
    first, paid = today + away, amount_open * part
    share = ((amount_open + paid) / many).quantize(Decimal("0.01"), ROUND_DOWN)
    amounts = [share] * (many - 1) + [amount_open + paid - share * (many - 1)]
    return PlanFacts(
        id=plan_id,
        agreed_on=min(first, today) - before,
        instalments=tuple(
            InstalmentFacts(n + 1, first + n * every, amount) for n, amount in enumerate(amounts)
        ),
        paid_since=paid,
    )


@st.composite
def _steps_taken(draw: st.DrawFn, policy: Policy, today: date) -> tuple[StepDone, ...]:
    """The first steps of the policy, on days in their order."""
    taken = policy.steps[: draw(_a_few[8])]
    on = sorted(today - draw(_up_to_40_days) for _ in taken)
    return tuple(
        StepDone(step.id, draw(_ENDS), day, warned=step.clause is not None and draw(_yes_or_no))
        for step, day in zip(taken, on, strict=True)
    )


_LATELY: st.SearchStrategy[list[int]] = st.one_of(
    st.just([]), st.lists(st.integers(0, 31), max_size=9)
)


@st.composite
def contacts(draw: st.DrawFn, today: date) -> ContactHistory:
    """When the customer was written to in the last month, about this or other invoices."""
    lately = tuple(sorted(today - timedelta(days=days) for days in draw(_LATELY)))
    last = None if not lately or draw(_yes_or_no) else draw(st.sampled_from(lately))
    return ContactHistory(last, lately, draw(_WRITTEN))


_WRITTEN = st.sampled_from([None, 0, 2, 3])


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Everything that `decide` is asked with, often at the hour at which letters leave."""
    policy, now = draw(policies), draw(moments)
    who = draw(customers(now))
    calendar = BankingCalendar(Place(who.country, who.subdivision), draw(places))
    if draw(_yes_or_no):
        day = calendar.on_or_after(send_window.local_day(now, who.zone))
        now = send_window.opens(day, who.zone, policy.window, who.id)
    today = now.date()
    owed = draw(invoices(today))
    progress = draw(progresses(policy, now, owed))
    facts = Facts(owed, who, progress, draw(contacts(today)))
    return facts, policy, calendar, now
