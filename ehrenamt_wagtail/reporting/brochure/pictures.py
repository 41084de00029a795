"""Pictures in a brochure: those of the site, as data inside a document or by their address on a page, and codes to photograph."""

import base64
import io
import logging
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError

logger = logging.getLogger(__name__)

COVER, LOGO = "width-1600|format-jpeg|jpegquality-75", "max-480x160|format-png"
# What is drawn as shapes has no other format.
COVER_OF_SHAPES, LOGO_OF_SHAPES = "width-1600", "max-480x160"
# Of a code: dots of each square, and squares of its white border.
SQUARE, BORDER = 6, 2


@dataclass(frozen=True)
class Picture:
    """``src`` is an address or the data themselves, ``alt`` what it shows."""

    src: str
    alt: str
    width: int
    height: int


Pictures = Callable[[object, str], Picture | None]


def embedded(image, spec: str) -> Picture | None:
    """The scaled image as data; ``None`` where there is none, or its file is lost."""
    rendition = scaled(image, spec)
    if rendition is None:
        return None
    try:
        with rendition.file.open("rb") as file:
            data = base64.b64encode(file.read()).decode()
    except OSError:
        logger.warning("The file of image %s is missing", image.pk)
        return None
    kind = mimetypes.guess_type(rendition.file.name)[0] or "image/png"
    return Picture(f"data:{kind};base64,{data}", rendition.alt, rendition.width, rendition.height)


def linked(image, spec: str) -> Picture | None:
    """The scaled image by its address; ``None`` where there is none, or its file is lost."""
    rendition = scaled(image, spec)
    return Picture(rendition.url, rendition.alt, rendition.width, rendition.height) if rendition else None


def scaled(image, spec: str):
    if image is None:
        return None
    if image.is_svg():
        spec = COVER_OF_SHAPES if spec == COVER else LOGO_OF_SHAPES
    try:
        return image.get_rendition(spec)
    except (OSError, SourceImageIOError, InvalidFilterSpecError):
        logger.warning("Image %s cannot be scaled", image.pk)
        return None


@lru_cache(maxsize=1024)
def qr_code(address: str) -> str:
    """``address`` as a code to photograph, the address of an image that a document embeds; empty without the extra.

    A bitmap, whose squares stay sharp at every size: drawing shapes takes a document many times longer.
    """
    try:
        import segno
    except ImportError:
        return ""
    rows = [bytes(0 if dark else 255 for dark in row) for row in segno.make(address, error="m").matrix_iter(border=BORDER)]
    code = Image.frombytes("L", (len(rows), len(rows)), b"".join(rows))
    file = io.BytesIO()
    code.resize((SQUARE * len(rows), SQUARE * len(rows)), Image.Resampling.NEAREST).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
