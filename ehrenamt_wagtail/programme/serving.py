"""The page of a listed offering with what the read model keeps of it: two queries, whatever hangs on the page."""

from collections.abc import Sequence
from functools import cache

from django.apps import apps

from .models import OfferingPage, ProgrammePage
from .rows import StoredOffering, read_offering

MAX_DEPTH = 3


def listed_page(programme: ProgrammePage, components: Sequence[str]) -> tuple[OfferingPage, list[str]] | None:
    """The specific page on this way below the programme and the rest of the way; ``None`` where nothing is listed there.

    The page has ``stored``, see ``stored_with``.
    """
    stored = read_offering(programme, components[:MAX_DEPTH])
    if stored is None:
        return None
    model = apps.get_model(stored.facts.model)
    page = next(iter(model._default_manager.raw(statement(model), [stored.facts.id])), None)
    if page is None:
        return None
    page.stored = stored
    return page, list(components[stored.facts.address.count("/") :])


@cache
def statement(model: type[OfferingPage]) -> str:
    """Reads one page by its key. Made once: Django takes longer to name all the columns than the database to find them."""
    return model._default_manager.filter(pk=0).order_by().query.sql_with_params()[0]


def stored_with(page: OfferingPage) -> StoredOffering | None:
    """What the read model keeps of a page that was found by it; ``None`` in a preview and for who found it in another way."""
    return getattr(page, "stored", None)
