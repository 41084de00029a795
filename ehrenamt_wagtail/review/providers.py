"""What the review shows of rooms above it; they register themselves in ``ready()``, and so may hosts."""

from collections.abc import Callable

NoteProvider = Callable[..., str]

_notes: list[NoteProvider] = []


def register_note(provider: NoteProvider) -> None:
    """``provider(page)`` is a sentence for the coordinators about a page that waits for review, or nothing.

    ``page`` is the version under review, an offering or a circle.
    """
    if provider not in _notes:
        _notes.append(provider)


def notes_about(page) -> list[str]:
    """What those who know more about the page have to say."""
    return [note for provider in _notes if (note := provider(page))]
