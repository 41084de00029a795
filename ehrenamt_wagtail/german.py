"""German words made comparable, without the database: the same answers everywhere.

Case, umlauts („Flüchtling“, „Fluechtling“), endings and stop words make no difference; compounds are split at the parts listed
below („Asylrecht“ → asyl, recht), and „Asyl- und Aufenthaltsrecht“ is read as „Asylrecht und Aufenthaltsrecht“.
"""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

STOP_WORDS = frozenset(
    """
    aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin bis brauchen braucht da damit
    dann das dass dem den denn der des die dies diese diesem diesen dieser dieses doch dort du durch ein eine einem einen
    einer eines er es etwas euch eure für gegen geht gibt haben hat hier hin ich ihr ihre ihren im immer in ins ist ja jede
    jeden jeder kann kein keine können man mehr mein mit muss nach nicht noch nun nur ob oder ohne rund sein seine sich sie
    sind so soll über um und uns unser unsere unter viel viele vom von vor wann warum was wege weiter welche wem wen wenn wer
    werden wie wir wird wo wozu zu zum zur zwischen bzw
    """.split()
)

# What compounds of this field begin or end with; folded as all words are.
WORD_PARTS = """
    abend abschiebung amt angebot anhörung anschluss antrag arbeit arbeits argumentation asyl aufenthalt ausbildung ausländer
    aussage austausch bedarf begegnung begleitung behinderung behörde beratung beruf betreuung bewerbung bezirk bildung
    brücken café datenschutz deeskalation dienst digital dolmetscher duldung ehe ehrenamt eltern erfahrung ernährung familie
    fahrrad feier fest finanz flucht flüchtling folgen förderung forum fortbildung frauen freizeit freundes führer gespräch
    gesetz gesundheit gewalt gruppe grundlagen haftpflicht handy haushalt helfer herkunft hilfe inklusion integration
    jobcenter jugend kenntnisse kinder kirche kompetenz konflikt kranken kreis kultur kurs länder lehrer leistung lern lotsen
    management markt miet mieter migration nachbar nachhilfe nachzug netzwerk papiere parolen paten pflege politik praxis
    projekt prävention psycho qualifizierung radikalisierung rassismus recht religion runde schein schuld schulden schule
    schulung schutz schwangerschaft seminar senioren sozial spenden spiel sport sprach sprache stammtisch stammtische
    strategie studium system tag teilhabe therapie trauma training treff umgang unfall unterbringung unterkunft unterricht
    verein verfahren vermieter vermittlung versicherung vielfalt vorurteil wege werkstatt wissen wohnung wohnungs wohnraum
    wohn zentrum zeugnis zugang
    """.split()

# Words that mean the same here.
SAME_WORDS = {"geflucht": "fluchtling"}

# Letters between the parts of a compound: „Aufenthalt-s-recht“.
LINKING = ("", "s", "es", "n", "en", "er", "e")
VOWELS = tuple("aeiouy")
# What follows a part without being a word: „Nachbar-schaft“, „trauma-tisiert“.
DERIVING = ("lich", "schaft", "isier", "tisier", "isch", "tisch", "keit", "heit", "ung", "igkeit", "los", "igen", "iert")
# A part that no list knows has at least so many letters.
SHORTEST_PART = 4

WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
CUT_OFF_BEHIND = re.compile(r"([^\W\d_]+)-(?=(?:,\s*[^\W\d_]+-)*,?\s+(?:und|oder|bzw\.?|sowie|&)\s+([^\W\d_]{6,})|/-?([^\W\d_]{6,}))")
CUT_OFF_BEFORE = re.compile(r"\b([^\W\d_]{6,})(\s+(?:und|oder|bzw\.?|sowie|&)\s+)-([^\W\d_]+)")

_stemmer = snowballstemmer.stemmer("german")


def fold(text: str) -> str:
    """Small letters; umlauts and sharp s written out, accents and soft hyphens dropped."""
    text = unicodedata.normalize("NFC", text).replace("\u00ad", "").casefold()
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        text = text.replace(umlaut, letters)
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of one folded word."""
    found = _stemmer.stemWord(word)
    return SAME_WORDS.get(found, found)


_stop_words = frozenset(map(fold, STOP_WORDS))
_parts = frozenset(map(fold, WORD_PARTS))


@lru_cache(maxsize=50_000)
def split(word: str) -> tuple[str, ...]:
    """The parts of a folded compound, or the word alone. The last known part counts first, then the first one."""
    if len(word) < 2 * SHORTEST_PART or word in _parts:
        return (word,)
    for length in range(len(word) - SHORTEST_PART + 1, 2, -1):
        head = word[-length:]
        # The head may bear an ending: „Asylrechts“.
        if (head in _parts or without_ending(head) in _parts) and (rest := without_link(word[:-length])):
            return (*split(rest), head)
    for length in range(len(word) - SHORTEST_PART, 3, -1):
        if word[:length] in _parts and (rest := after_link(word[length:])):
            return (word[:length], *split(rest))
    return (word,)


def without_ending(word: str) -> str:
    """A part in the plural or genitive as the list has it; umlauts of the plural stay."""
    endings = ("en", "es", "s", "n", "e")
    return next((word[: -len(end)] for end in endings if word.endswith(end) and word[: -len(end)] in _parts), "")


def without_link(rest: str) -> str:
    """What stands before the head, without linking letters if that makes it a known part; empty if it is no word."""
    known = [rest[: len(rest) - len(link)] for link in LINKING if rest.endswith(link)]
    listed = next((part for part in known if part in _parts), "")
    return listed or (rest if len(rest) >= SHORTEST_PART else "")


def after_link(rest: str) -> str:
    """What stands behind a known first part; empty if it is no word but an ending."""
    behind_link = next((rest[len(link) :] for link in LINKING if rest.startswith(link) and rest[len(link) :] in _parts), "")
    if behind_link:
        return behind_link
    if rest.startswith(DERIVING):
        return ""
    if rest[:1] in ("s", "n") and rest[1:2] not in VOWELS:
        rest = rest[1:]
    return rest if len(rest) >= SHORTEST_PART else ""


def parts_of(word: str) -> list[tuple[str, str]]:
    """The parts of a compound, or the word alone: each folded and as it is written, with a capital if the compound has one."""
    word = unicodedata.normalize("NFC", word)
    parts = split(fold(word))
    places = [place for place, letter in enumerate(word) for _letter in fold(letter)]
    if len(parts) == 1:
        return [(parts[0], word)]
    found, start = [], 0
    for part in parts:
        start = fold(word).index(part, start)
        written = word[places[start] : places[start + len(part) - 1] + 1]
        found.append((part, written.capitalize() if word[0].isupper() else written))
        start += len(part)
    return found


def complete_hyphens(text: str) -> str:
    """„Asyl- und Aufenthaltsrecht“ → „Asylrecht und Aufenthaltsrecht“; „Asylverfahren und -recht“ → „… und Asylrecht“."""

    def behind(match: re.Match) -> str:
        parts = split(fold(match[2] or match[3]))
        return match[1] + (parts[-1] if len(parts) > 1 else "-")

    def before(match: re.Match) -> str:
        parts = split(fold(match[1]))
        return f"{match[1]}{match[2]}{parts[0] if len(parts) > 1 else ''}{match[3]}"

    return CUT_OFF_BEFORE.sub(before, CUT_OFF_BEHIND.sub(behind, text))


def words_of(text: str) -> list[str]:
    """The telling words of a text, as they are written, in order. A text of stop words alone keeps them.

    Words with a hyphen come one by one, and those that share a part with the next one are complete.
    """
    words = [word for found in WORD.findall(complete_hyphens(text)) for word in found.split("-")]
    return [word for word in words if is_telling_as_written(word)] or words


@lru_cache(maxsize=50_000)
def is_telling_as_written(word: str) -> bool:
    return is_telling(fold(word))


def is_telling(word: str) -> bool:
    """Whether a folded word is neither a stop word nor a single letter."""
    return word not in _stop_words and (len(word) > 1 or word.isdigit())
