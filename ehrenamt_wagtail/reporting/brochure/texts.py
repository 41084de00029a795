"""Texts as they stand in print: without what no font has, and no longer than there is room."""

import re

from ehrenamt_wagtail.pdf import printable

__all__ = ["cut", "one_line", "printable", "shown_address"]

# A sentence ends before a space and a capital letter or a quote; „14. März“ and „z. B. Kaffee“ end none.
SENTENCE_END = re.compile(r"[.!?…][\"“”»)]*(?=\s+[\"„«(]?[^\W\d_])")
ABBREVIATIONS = frozenset(
    "bzw ca dipl dr etc evtl fr ggf hl hr inkl insb max min mind mr mrs nr prof sog st str tel u usw v vgl z".split()
)
# A text does not end before so much of the room is used, unless it cannot be helped.
LEAST_AT_PARAGRAPH, LEAST_AT_SENTENCE = 0.7, 0.5


def cut(text: str, longest: int) -> tuple[str, bool]:
    """``text``, printable, and whether its end is missing: then it stops behind a paragraph, a sentence or at least a word."""
    text = printable(text).strip()
    if len(text) <= longest:
        return text, False
    end = text.rfind("\n\n", 0, longest + 2)
    if end >= LEAST_AT_PARAGRAPH * longest:
        return text[:end].rstrip(), True
    end = last_sentence(text, longest)
    if end >= LEAST_AT_SENTENCE * longest:
        return text[:end], True
    head = text[: longest + 1]
    end = max(head.rfind(" "), head.rfind("\n"))
    if end < LEAST_AT_SENTENCE * longest:
        return f"{text[: longest - 1]}…", True
    return f"{text[:end].rstrip(' ,;:–-')} …", True


def last_sentence(text: str, longest: int) -> int:
    """Where the last sentence ends that has room; 0 if none has."""
    ends = (match.end() for match in SENTENCE_END.finditer(text[: longest + 100]) if ends_sentence(text, match.start()))
    return max((end for end in ends if end <= longest), default=0)


def ends_sentence(text: str, end: int) -> bool:
    """Whether the sign at ``end`` ends one, and not an ordinal number or an abbreviation."""
    words = text[max(0, end - 40) : end].split()
    if text[end] != "." or not words or text[end - 1].isspace():
        return True
    bare = words[-1].strip("\"„“”«»()").casefold().rpartition(".")[2]
    return not (bare.isdigit() or (len(bare) == 1 and bare.isalpha()) or bare in ABBREVIATIONS)


def one_line(text: str, longest: int = 0) -> str:
    """``text``, printable, on one line; no longer than ``longest`` if that is given."""
    line = " ".join(printable(text).split())
    return cut(line, longest)[0] if longest else line


def shown_address(url: str) -> str:
    """An address as one types it: without scheme and without the slash at its end."""
    return re.sub(r"^https?://", "", url).rstrip("/")
