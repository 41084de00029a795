"""The list in a frame of another website, and the page that gives the code for it. Reading sets no cookie."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from wagtail.models import Page

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.responses import may_be_framed

from .caching import PARAMETERS
from .listing import Listing, page_of_listing
from .models import ProgrammePage
from .presentation import breadcrumbs
from .translations import lang_of, language_of
from .views import choices_and_filters, encoded, filter_chips, rows_of

TEMPLATES = "ehrenamt_wagtail/programme/"
# Of the frame, in pixels; what is longer is scrolled in it.
HEIGHT = 700


@may_be_framed
def embedded(programme: ProgrammePage, request: HttpRequest) -> HttpResponse:
    """The first offerings of the filters, without the host's own page around them. The only address that others may frame."""
    now = timezone.now()
    choices, filters = choices_and_filters(programme, request)
    page = page_of_listing(Listing(filters, now=now, programme=programme), per_page=conf.ITEMS_PER_PAGE)
    url = programme.get_url(request) or ""
    context = {
        "page": programme,
        "rows": rows_of(page, programme_url=url, now=now, language=language_of(programme)),
        "in_language": lang_of(programme),
        "count": page.paginator.count,
        "has_more": page.paginator.has_more,
        "has_pages": page.paginator.num_pages > 1,
        "chosen": chosen(request, filters),
        "list_url": f"{url}{query_of(request)}",
    }
    return TemplateResponse(request, TEMPLATES + "embedded.html", context)


def embedding_code(programme: ProgrammePage, request: HttpRequest) -> HttpResponse:
    """What a partner copies into its website to show the list with these filters."""
    _choices, filters = choices_and_filters(programme, request)
    query = query_of(request)
    # As the site was asked: Wagtail's own record of it need not know the port.
    url = request.build_absolute_uri(programme.get_url(request) or "/")
    address = f"{url}einbetten/{query}"
    context = Page.get_context(programme, request) | {
        "chosen": chosen(request, filters),
        "notices": filters.notices,
        "address": address,
        "code": format_html(
            '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy"></iframe>', address, programme.title, HEIGHT
        ),
        "list_url": f"{programme.get_url(request) or ''}{query}",
        "breadcrumb_items": breadcrumbs(programme, request),
    }
    return TemplateResponse(request, TEMPLATES + "embedding_code.html", context)


def query_of(request: HttpRequest) -> str:
    """The filters as address parameters; anything else stays behind, and the list begins with its first page."""
    return encoded(request.GET, without=(set(request.GET) - PARAMETERS) | {"seite"})


def chosen(request: HttpRequest, filters) -> str:
    """„Herrenberg, Workshop“."""
    return ", ".join(str(chip.label) for chip in filter_chips(request.GET, filters))
