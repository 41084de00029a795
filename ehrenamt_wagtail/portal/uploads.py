"""Files of partners: pictures are re-encoded, downloads are PDF; both get unguessable names in the organisation's collection."""

import io
import uuid

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image as Pillow
from PIL import ImageOps
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.exceptions import UploadRefused

SALT = "ehrenamt_wagtail.portal.upload"
FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
# A few kilobytes can stand for gigabytes of pixels; no camera makes more than this.
MAX_PIXELS = 80_000_000


def store_image(upload: UploadedFile, *, organisation: Organisation, title: str, actor):
    """Store a picture of ``organisation``, decoded and written anew without metadata; gives the Wagtail image.

    What it is follows from its content, never from its name. Scales it down to ``IMAGE_MAX_PIXELS`` on the longer side. Raises
    ``UploadRefused`` and stores nothing when it is too large, of another kind than JPEG, PNG or WebP, or damaged.
    """
    _refuse_large(upload, conf.IMAGE_MAX_BYTES)
    content, extension = re_encoded(upload)
    name = f"{uuid.uuid4().hex}.{extension}"
    image = get_image_model()(
        title=title[:255],
        collection=organisation_collection(organisation),
        uploaded_by_user=actor,
        file=ContentFile(content, name=name),
        file_size=len(content),
    )
    image.save()
    return image


def re_encoded(upload: UploadedFile) -> tuple[bytes, str]:
    """The picture's pixels in a new file without metadata, and the file's extension. Raises ``UploadRefused``."""
    try:
        upload.seek(0)
        with Pillow.open(upload, formats=list(FORMATS)) as picture:
            extension, kind = FORMATS[picture.format], picture.format
            if picture.width * picture.height > MAX_PIXELS:
                raise Pillow.DecompressionBombError
            picture.load()
            clean = ImageOps.exif_transpose(picture)
    except Pillow.DecompressionBombError:
        raise UploadRefused(
            _("This picture has too many pixels. Please make it smaller and choose it again.")
        ) from None
    except Exception:
        # Pillow raises nearly anything on broken or hostile files.
        raise UploadRefused(
            _("This file is no picture that we can read. Please choose a JPEG, PNG or WebP file.")
        ) from None
    has_transparency = "A" in clean.getbands() or "transparency" in clean.info
    clean = clean.convert("RGBA" if has_transparency and kind != "JPEG" else "RGB")
    clean.info.clear()
    clean.thumbnail((conf.IMAGE_MAX_PIXELS, conf.IMAGE_MAX_PIXELS))
    target = io.BytesIO()
    options = {"PNG": {"optimize": True}}.get(kind, {"quality": 85})
    clean.save(target, format=kind, **options)
    return target.getvalue(), extension


def store_document(upload: UploadedFile, *, organisation: Organisation, title: str, actor):
    """Store a PDF of ``organisation``; gives the Wagtail document. Raises ``UploadRefused`` and stores nothing."""
    _refuse_large(upload, conf.DOWNLOAD_MAX_BYTES)
    upload.seek(0)
    content = upload.read()
    if not content.startswith(b"%PDF-"):
        raise UploadRefused(_("This file is no PDF. Please save it as a PDF and choose it again."))
    document = get_document_model()(
        title=title[:255],
        collection=organisation_collection(organisation),
        uploaded_by_user=actor,
        file=ContentFile(content, name=f"{uuid.uuid4().hex}.pdf"),
        file_size=len(content),
    )
    document.save()
    return document


@transaction.atomic
def organisation_collection(organisation: Organisation) -> Collection:
    """The collection of the organisation's files, made when it is first needed."""
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if locked.collection is None:
        root = Collection.get_first_root_node()
        locked.collection = root.add_child(instance=Collection(name=locked.name))
        locked.save(update_fields=["collection"])
    return locked.collection


def kept_token(stored, organisation: Organisation) -> str:
    """Names a stored file in a hidden field, so that it need not be chosen again when another entry has an error."""
    return signing.dumps([stored._meta.label_lower, stored.pk, organisation.pk], salt=SALT)


def from_token(token: str, model, organisation: Organisation):
    """The file that ``token`` names; ``None`` when it is forged, of another organisation, or gone."""
    try:
        label, pk, organisation_id = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if label != model._meta.label_lower or organisation_id != organisation.pk:
        return None
    return model._default_manager.filter(pk=pk).first()


def _refuse_large(upload: UploadedFile, limit: int) -> None:
    if upload.size > limit:
        raise UploadRefused(
            _("This file is too large: %(size)s. At most %(limit)s are possible. Please choose a smaller one.")
            % {"size": filesizeformat(upload.size), "limit": filesizeformat(limit)}
        )
