"""ASCII addresses from German titles."""

from django.utils.text import slugify

GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS"})


def german_slug(text: str, *, fallback: str = "angebot", max_length: int = 100) -> str:
    """An ASCII slug with ä→ae and ß→ss (DIN 5007-2 spelling), never empty, cut at a word where possible."""
    slug = slugify(text.translate(GERMAN))
    if len(slug) > max_length:
        slug = slug[: max_length + 1].rpartition("-")[0] or slug[:max_length]
    return slug.strip("-_") or fallback


def free_slug(wanted: str, taken: set[str]) -> str:
    """``wanted``, or ``wanted-2``, ``wanted-3`` … whichever is not in ``taken``."""
    slug, number = wanted, 1
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug
