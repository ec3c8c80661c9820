"""Banking days: on which days money moves and people are at their desks, by country.

Tables come from the `holidays` package. A day counts when it is neither a weekend nor a public
holiday of the country, and the country's settlement system is open: TARGET in the euro area,
the Federal Reserve's in the United States.
"""

import warnings
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

EURO_AREA = frozenset(
    "AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK".split()  # noqa: SIM905
)
_SETTLEMENT = dict.fromkeys(EURO_AREA, "XECB") | {"US": "XFED"}
_DEFAULT_SUBDIVISION = {"GB": "ENG"}
_DAY = timedelta(days=1)
_LONGEST_CLOSURE = 30


@lru_cache(maxsize=4096)
def closed_days(country: str, subdivision: str, year: int) -> frozenset[date]:
    """Days of `year` other than weekends on which `country` does no banking.

    An unknown country or subdivision has no holidays of its own: its weekends still count. So has a
    year for which nobody can say yet, such as those after 2035 in India.
    """
    closed: set[date] = set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # such a year is warned of by the package
        if country in _SETTLEMENT:
            closed.update(holidays.financial_holidays(_SETTLEMENT[country], years=year))
        if country != "US":  # the Federal Reserve's table is the whole truth for banks there
            closed.update(_public_holidays(country, subdivision, year))
    return frozenset(day for day in closed if day.year == year)


def _public_holidays(country: str, subdivision: str, year: int) -> holidays.HolidayBase | set[date]:
    region = subdivision or _DEFAULT_SUBDIVISION.get(country)
    for subdiv in dict.fromkeys((region, _DEFAULT_SUBDIVISION.get(country))):
        try:
            return holidays.country_holidays(country, subdiv=subdiv, years=year)
        except NotImplementedError:
            continue
    return set()


@lru_cache(maxsize=256)
def weekend(country: str) -> frozenset[int]:
    """Weekdays (Monday is 0) on which `country` rests; Saturday and Sunday when unknown."""
    try:
        return frozenset(holidays.country_holidays(country).weekend)
    except NotImplementedError:
        return frozenset({5, 6})


@dataclass(frozen=True, slots=True)
class Place:
    """A country and, where its holidays differ, the part of it."""

    country: str
    subdivision: str = ""

    def is_closed(self, day: date) -> bool:
        """True on weekends and holidays of this place."""
        return day.weekday() in weekend(self.country) or day in closed_days(
            self.country, self.subdivision, day.year
        )


@dataclass(frozen=True, slots=True)
class BankingCalendar:
    """The days that are banking days for payer and payee both."""

    payer: Place
    payee: Place

    def is_banking_day(self, day: date) -> bool:
        """True when both sides do banking on `day`."""
        return not (self.payer.is_closed(day) or self.payee.is_closed(day))

    def on_or_after(self, day: date) -> date:
        """`day` itself or the next banking day."""
        return self._seek(day, _DAY)

    def on_or_before(self, day: date) -> date:
        """`day` itself or the banking day before it."""
        return self._seek(day, -_DAY)

    def after(self, day: date, count: int = 1) -> date:
        """The `count`-th banking day after `day`; with 0, `on_or_after(day)`."""
        if count == 0:
            return self.on_or_after(day)
        for _ in range(count):
            day = self.on_or_after(day + _DAY)
        return day

    def _seek(self, day: date, by: timedelta) -> date:
        for _ in range(_LONGEST_CLOSURE):
            if self.is_banking_day(day):
                return day
            day += by
        # Weekends of two sides can cover a week but for two days, and a table may be wrong:
        # nobody's chase may hang on it.
        return day
