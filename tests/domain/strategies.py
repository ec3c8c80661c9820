"""Any invoice, customer, chase, policy and moment that the rules may be asked about."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from domain.banking_days import BankingCalendar, Place
from models.facts import (
    Address,
    ContactHistory,
    CustomerFacts,
    DisputeFacts,
    Facts,
    InvoiceFacts,
    PauseFacts,
    PaymentHabit,
    Progress,
    PromiseFacts,
    StepDone,
)
from models.policy import (
    Approval,
    Behaviour,
    Grace,
    Handling,
    Limits,
    Policy,
    Step,
    Thresholds,
    Window,
)
from models.vocabulary import (
    Action,
    Channel,
    InvoiceStatus,
    Method,
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
    [Approval(), Approval(), Approval(every_message=True), Approval(stages=frozenset({Stage.LATE}))]
)
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
    st.sampled_from([(), (Action.CALL_AP_CONTACT,), (Action.CC_OWNER, Action.SUSPEND_SERVICE)]),
    st.sampled_from([None, None, "suspension"]),
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
        for n, (offset, (stage, tone, channel, actions, clause)) in enumerate(
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
_habits = st.builds(PaymentHabit, _a_few[12], _a_few[30], _a_few[8])
_CUSTOMERS_ODDITIES = _some(
    *("elsewhere", "insolvent", "legal_hold", "do_not_contact", "addresses", "delicate", "go"),
    *("habit", "cash", "transit", "strategic"),
)


@st.composite
def customers(draw: st.DrawFn) -> CustomerFacts:
    """A customer anywhere, mostly one who may be written to."""
    country, subdivision, zone = draw(homes)
    odd = draw(_CUSTOMERS_ODDITIES)
    fields: dict[str, Any] = {name: True for name in odd if name in CustomerFacts.__slots__}
    fields.setdefault("addresses", (Address("ap@acme.example"),))
    for name, field, strategy in (
        ("addresses", "addresses", _address_lists.map(tuple)),
        ("delicate", "delicate", _delicate),
        ("habit", "habit", _habits),
        ("cash", "unapplied_cash", _amounts),
        ("transit", "cash_in_transit", _amounts),
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
        owner_said_go="go" in odd,
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
    *("taken", "shift", "held", "not_before", "pause", "dispute", "promise", "plan", "approved")
)
_ENDS = st.sampled_from([end for end in TouchOutcome if end is not TouchOutcome.CLAIMED])
_PARTS = st.sampled_from([None, Decimal("0.3"), Decimal(1), Decimal(2)])
_promises = st.tuples(_around, st.sampled_from(Method), _PARTS, _PARTS)


@st.composite
def progresses(draw: st.DrawFn, policy: Policy, today: date, amount: Decimal) -> Progress:
    """How far a chase may have come by `today`, with up to three things that hold it."""
    odd = draw(_PROGRESS_ODDITIES)
    fields: dict[str, Any] = {}
    if "taken" in odd:
        fields["done"] = draw(_steps_taken(policy, today))
    if "shift" in odd:
        fields["shift_days"] = draw(_a_few[40])
    up = policy.steps[: len(fields.get("done", ())) + 1]
    step = st.sampled_from([*(step.id for step in reversed(up)), "dropped"])
    fields |= {
        field: draw(step)
        for name, field in (("held", "held_step"), ("approved", "approved_step"))
        if name in odd
    }
    if "not_before" in odd:
        fields["not_before"] = today + draw(_around)
    if "plan" in odd:
        fields["instalment_due"] = today + draw(_around)
    if "pause" in odd:
        fields["pause"] = PauseFacts(today + draw(_around) if draw(_yes_or_no) else None)
    if "dispute" in odd:
        fields["dispute"] = DisputeFacts(today - draw(_up_to_40_days), _of(amount, draw(_PARTS)))
    if "promise" in odd:
        after, method, part, paid = draw(_promises)
        paid_since = _of(amount, paid) or Decimal(0)
        fields["promise"] = PromiseFacts(today + after, method, _of(amount, part), paid_since)
    return Progress(**fields)


def _of(amount: Decimal, part: Decimal | None) -> Decimal | None:
    return None if part is None else amount * part


@st.composite
def _steps_taken(draw: st.DrawFn, policy: Policy, today: date) -> tuple[StepDone, ...]:
    """The first steps of the policy, on days in their order."""
    taken = policy.steps[: draw(_a_few[8])]
    on = sorted(today - draw(_up_to_40_days) for _ in taken)
    return tuple(StepDone(step.id, draw(_ENDS), day) for step, day in zip(taken, on, strict=True))


_LATELY: st.SearchStrategy[list[int]] = st.one_of(
    st.just([]), st.lists(st.integers(0, 31), max_size=9)
)


@st.composite
def contacts(draw: st.DrawFn, today: date) -> ContactHistory:
    """When the customer was written to in the last month, about this or other invoices."""
    lately = tuple(sorted(today - timedelta(days=days) for days in draw(_LATELY)))
    if not lately or draw(_yes_or_no):
        return ContactHistory(None, lately)
    return ContactHistory(draw(st.sampled_from(lately)), lately)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Everything that `decide` is asked with."""
    policy, who, now = draw(policies), draw(customers()), draw(moments)
    today = now.date()
    owed = draw(invoices(today))
    progress = draw(progresses(policy, today, owed.amount))
    facts = Facts(owed, who, progress, draw(contacts(today)))
    calendar = BankingCalendar(Place(who.country, who.subdivision), draw(places))
    return facts, policy, calendar, now
