"""How a visitor tells others of an offering: its address, a mail, a code to photograph."""

import io
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .events import printable
from .freshness import cacheable
from .models import OfferingPage
from .places import Place
from .presentation import DateLine

try:
    import segno
except ImportError:
    segno = None

# The code says nothing but the address.
MAX_AGE = 24 * 3600  # seconds
# A mail program takes no longer address than about 2,000 characters.
DATES_IN_MAIL = 3


class Share(NamedTuple):
    """What ``includes/share.html`` shows. ``url`` is the page's address, ``address`` the same as a whole, ``mail`` begins a mail.

    ``code_url`` is the address of the code, empty without the library for it; ``code_name`` that of its file.
    """

    url: str
    address: str
    mail: str
    code_url: str
    code_name: str


def share_of(
    page: OfferingPage, request: HttpRequest, *, url: str, dates: Sequence[DateLine], place: Place | None, cancelled: bool
) -> Share:
    """``place`` is ``None`` for what is online only."""
    # As the site was asked: Wagtail's own record of it need not know the port.
    address = request.build_absolute_uri(url)
    title = " ".join(printable(page.title).split())
    if cancelled:
        title = _("Cancelled: %(title)s") % {"title": title}
    body = "\r\n".join([title, "", *when(dates), _("Where: %(place)s") % {"place": place or _("online")}, "", address])
    mail = f"mailto:?subject={quote(title, safe='')}&body={quote(body, safe='')}"
    return Share(url, address, mail, f"{url}qr.svg" if segno else "", f"qr-{page.slug}.svg")


def when(dates: Sequence[DateLine]) -> list[str]:
    """The next dates in words, or the last ones of what is over."""
    shown = [date.text for date in dates if not (date.cancelled or date.past)] or [date.text for date in dates]
    lines = [_("When: %(date)s") % {"date": text} for text in shown[:DATES_IN_MAIL]]
    if more := len(shown) - len(lines):
        lines.append(ngettext("and %(number)s more date", "and %(number)s more dates", more) % {"number": more})
    return lines


def qr_code(page: OfferingPage, request: HttpRequest) -> HttpResponse:
    """``qr.svg``: the whole address of the page. Raises ``Http404`` where the library for it is not installed."""
    if segno is None:
        raise Http404
    svg = svg_of(request.build_absolute_uri(page.get_url(request)))
    return cacheable(request, HttpResponse(svg, content_type="image/svg+xml"), seconds=MAX_AGE)


@lru_cache(256)
def svg_of(text: str) -> bytes:
    """Black on white whatever the page looks like, with the margin that cameras need. Small codes (Micro QR) no telephone reads."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="svg", scale=10, border=4, light="#fff", svgclass=None, lineclass=None)
    return out.getvalue()
