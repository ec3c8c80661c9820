"""Names that nobody bears: firms, people and addresses, in the manner of a country.

Whatever is drawn here comes from a key, never from chance: the same key gives the same name.
Addresses end in `.example` and telephone numbers, where a home has them, lie in the ranges that
its country keeps free for fiction.
"""

import unicodedata
from collections import Counter
from dataclasses import dataclass
from random import Random

BOUNCING_DOMAIN = "bounce.example"
_FRESH_TRIES = 4
_LONGEST_LABEL = 48
_IN_ASCII = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Home:
    """Where a customer is at home. In `phone` each # stands for a digit; "" is no number."""

    country: str
    zone: str
    language: str
    currency: str
    legal_form: str
    subdivision: str = ""
    phone: str = ""


HOMES: tuple[Home, ...] = (
    Home("US", "America/New_York", "en", "USD", "Inc.", "NY", "+1 212 555 01##"),
    Home("GB", "Europe/London", "en", "GBP", "Ltd", "ENG", "+44 20 7946 0###"),
    Home("DE", "Europe/Berlin", "de", "EUR", "GmbH", "BE", "+49 30 23125 ###"),
    Home("US", "America/Los_Angeles", "en", "USD", "LLC", "CA", "+1 415 555 01##"),
    Home("FR", "Europe/Paris", "fr", "EUR", "SARL", "", "+33 1 99 00 ## ##"),
    Home("CA", "America/Toronto", "en", "CAD", "Ltd.", "ON", "+1 416 555 01##"),
    Home("NL", "Europe/Amsterdam", "en", "EUR", "B.V."),
    Home("AU", "Australia/Sydney", "en", "AUD", "Pty Ltd", "NSW", "+61 2 5550 ####"),
    Home("AT", "Europe/Vienna", "de", "EUR", "GmbH"),
    Home("US", "America/Chicago", "en", "USD", "Inc.", "IL", "+1 312 555 01##"),
    Home("SG", "Asia/Singapore", "en", "USD", "Pte. Ltd."),
    Home("IE", "Europe/Dublin", "en", "EUR", "Ltd"),
    Home("CA", "America/Toronto", "fr", "CAD", "Ltée", "QC", "+1 514 555 01##"),
    Home("BE", "Europe/Brussels", "fr", "EUR", "SRL"),
)


@dataclass(frozen=True, slots=True)
class _Words:
    heads: tuple[str, ...]
    tails: tuple[str, ...]
    trades: tuple[str, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]
    trade_first: bool = False


def _split(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_WORDS = {
    "en": _Words(
        heads=_split(
            "Alder Bramble Copper Dun Ember Fallow Gorse Hazel Juniper Kestrel Larch Marl Nettle "
            "Otter Plover Quill Rook Sorrel Thistle Umber Vetch Wren Yarrow Teasel"
        ),
        tails=_split("wick mere gate combe stow brook moor holt fold reach"),
        trades=_split(
            "Kites Umbrellas Lanterns Buttons Marmalade Sundials Weathervanes Hammocks Teapots "
            "Compasses Bellows Thimbles Telescopes Sailcloth Beehives Inkwells Clockwork "
            "Rowboats Trellises Chandlery Snowglobes Parasols Puzzles Whistles"
        ),
        given=_split("Ada Bruno Cora Dev Edie Felix Greta Hugo Iris Jonah Kit Lena Milo Nora Owen"),
        family=_split(
            "Ashdown Birdsall Coldwell Drake Eastlake Fernsby Greenhalgh Hartwell Inglenook "
            "Larkspur Meadows Nightjar Oakes Pennyfeather Quickthorn Rushmere Sedgley Thackeray"
        ),
    ),
    "de": _Words(
        heads=_split(
            "Ahorn Birken Distel Eschen Fichten Ginster Hasel Kiebitz Linden Moos Nebel Reiher "
            "Schlehen Ulmen Wacholder Zeisig"
        ),
        tails=_split("bach feld hain quell tal au horst winkel grund wehr"),
        trades=_split(
            "Drachenbau Regenschirme Laternen Knopfwaren Sonnenuhren Wetterfahnen Teekannen "
            "Spieluhren Segeltuch Kompasse Ruderboote Rätselhefte Hängematten Fernrohre"
        ),
        given=_split("Anke Bernd Clara Dirk Elke Frieda Georg Heike Ida Jens Katja Lukas Marie"),
        family=_split(
            "Amselfeld Brückner Dornbusch Eichwald Federspiel Gartenlaub Heidekraut Kranich "
            "Moosbach Nachtigall Rosenthal Silbermann Weidenast"
        ),
    ),
    "fr": _Words(
        heads=_split("Aube Brume Clair Douce Fleur Grande Haute Loin Mille Noir Rouge Vert"),
        tails=_split("bois lande rive source combe plaine vigne roche mare futaie"),
        trades=_split(
            "Cerfs-volants Parapluies Lanternes Boutons Confitures Girouettes Hamacs Théières "
            "Boussoles Voilerie Horlogerie Encriers Marionnettes Longues-vues"
        ),
        given=_split("Agathe Basile Colette Denis Élise Fabrice Gaëlle Hervé Inès Jules Lucie"),
        family=_split(
            "Aubépine Boisvert Chantereau Delorme Églantier Fontanel Grandpré Hirondel Lavigne "
            "Merlot Noisetier Passereau Rossignol"
        ),
        trade_first=True,
    ),
}


@dataclass(frozen=True, slots=True)
class FirmName:
    """A firm's name, and the `.example` domain that belongs to it."""

    name: str
    domain: str


class FirmNames:
    """Hands out names of firms and their domains, none twice."""

    def __init__(self) -> None:
        self._given_out: Counter[str] = Counter()

    def draw(self, key: str, home: Home) -> FirmName:
        """A firm's name for `key`.

        It depends on the key and, where two keys would get the same name, on which of them came
        first. Once the words run out, names carry numbers.
        """
        for attempt in range(_FRESH_TRIES):
            plain = _plain_firm(Random(f"{key}/{attempt}"), home.language)
            if _slug(plain) not in self._given_out:
                break
        label, count = self._label(plain)
        name = plain if count == 1 else f"{plain} {count}"
        return FirmName(f"{name} {home.legal_form}", f"{label}.example")

    def domain_for(self, name: str) -> str:
        """A domain for a firm that has a name already."""
        return f"{self._label(name)[0]}.example"

    def _label(self, name: str) -> tuple[str, int]:
        slug = _slug(name)[:_LONGEST_LABEL].strip("-") or "customer"
        self._given_out[slug] += 1
        count = self._given_out[slug]
        if count == 1:
            return slug, 1
        numbered = f"{slug}-{count}"
        # Another firm may bear the very name that a number would make.
        if numbered in self._given_out:
            return self._label(name)
        self._given_out[numbered] = 1
        return numbered, count


def _plain_firm(lots: Random, language: str) -> str:
    words = _WORDS.get(language, _WORDS["en"])
    stem, trade = lots.choice(words.heads) + lots.choice(words.tails), lots.choice(words.trades)
    return f"{trade} {stem}" if words.trade_first else f"{stem} {trade}"


def person(key: str, language: str, nth: int = 0) -> str:
    """The `nth` person's name for `key`, in that language's manner or else in English.

    Up to ten people of one key never share a family name.
    """
    lots, words = Random(f"{key}/person"), _WORDS.get(language, _WORDS["en"])
    given, family = (lots.sample(names, len(names)) for names in (words.given, words.family))
    return f"{given[nth % len(given)]} {family[nth % len(family)]}"


def mailbox(person_name: str, domain: str) -> str:
    """The address of a person at a domain: `edie.oakes@aldermere-kites.example`."""
    return f"{_slug(person_name).replace('-', '.')}@{domain}"


def telephone(key: str, home: Home) -> str:
    """A number in the home's range for fiction, or "" when it has none."""
    lots = Random(f"{key}/telephone")
    return "".join(str(lots.randrange(10)) if sign == "#" else sign for sign in home.phone)


def _slug(name: str) -> str:
    spread = unicodedata.normalize("NFKD", name.casefold().translate(_IN_ASCII))
    kept = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in _bare(spread))
    return "-".join(kept.split())


def _bare(spread: str) -> str:
    return "".join(sign for sign in spread if not unicodedata.combining(sign))
