"""What people type, without characters that nobody sees."""

import unicodedata

from django.http import QueryDict

# They turn the direction of all that follows and can make a text look like another one.
BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
KEPT = frozenset("\n\t")


def tidy(text: str) -> str:
    """``text`` without control characters, lone surrogates and bidirectional controls; line breaks as ``\\n``."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if all(unicodedata.category(character)[0] in "CZ" for character in text):
        # Nothing of it would be seen.
        return ""
    return "".join(
        character
        for character in text
        if character in KEPT or (unicodedata.category(character) not in ("Cc", "Cs") and character not in BIDI_CONTROLS)
    )


def tidy_data(data: QueryDict) -> QueryDict:
    """A changeable copy of what was posted, every value tidied."""
    copy = data.copy()
    for name, values in data.lists():
        copy.setlist(name, [tidy(value) for value in values])
    return copy
