"""Pictures are re-encoded, downloads are PDF, what a file is follows from its content."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from ehrenamt_wagtail.models import TrainingPage
from ehrenamt_wagtail.review.actions import submit_for_review
from tests.clients import signed_in
from tests.factories import OrganisationFactory, draft_offering, member_of

from .helpers import NEW, facts, field_errors, form_data, soup, text_of

Image, Document = get_image_model(), get_document_model()
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def picture(kind="JPEG", size=(60, 40), **options) -> bytes:
    target = io.BytesIO()
    Pillow.new("RGB", size, "teal").save(target, format=kind, **options)
    return target.getvalue()


def with_place(kind="JPEG") -> bytes:
    """A photograph that says where it was taken."""
    exif = Pillow.Exif()
    exif[0x010E] = "Geheime Notiz"
    exif[0x8825] = {1: "N", 2: (48.0, 41.0, 0.0)}
    return picture(kind, exif=exif)


def bomb() -> bytes:
    """A PNG of few bytes that claims 30,000 × 30,000 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


def upload(content: bytes, name="bild.jpg", kind="image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_picture_is_written_anew_without_metadata_in_the_own_collection(client, organisation, kind):
    data = form_data(client.get(NEW), **facts(), action="save")
    client.post(NEW, data | {"image_file": upload(with_place(kind), "Müller privat.jpg")})
    image = TrainingPage.objects.get().image
    organisation.refresh_from_db()
    assert (image.collection, organisation.collection.name) == (organisation.collection, "Caritasverband")
    assert "ller" not in image.file.name
    with image.file.open() as stored, Pillow.open(stored) as written:
        assert written.format == kind
        assert not written.getexif()
    with image.file.open() as stored:
        assert b"Geheime Notiz" not in stored.read()


def test_large_picture_is_scaled_down(client):
    data = form_data(client.get(NEW), **facts(), action="save")
    client.post(NEW, data | {"image_file": upload(picture(size=(3000, 1500)))})
    image = TrainingPage.objects.get().image
    assert (image.width, image.height) == (2400, 1200)


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "bild.svg", "kein Bild"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "bild.png", "kein Bild"),
        (picture("GIF"), "bild.jpg", "kein Bild"),
        (picture()[:300], "bild.jpg", "kein Bild"),
        (b"MZ\x90\x00", "bild.jpg", "kein Bild"),
        (bomb(), "bild.png", "zu viele Bildpunkte"),
        (picture() + b"\0" * (20 * 1024 * 1024), "bild.jpg", "zu groß: 20,0\xa0MB. Möglich sind höchstens 10,0\xa0MB"),
    ],
    ids=["svg", "svg named png", "gif", "cut off", "program", "bomb", "20 MB"],
)
def test_unfit_picture_is_refused_and_everything_typed_is_kept(client, content, name, sentence):
    data = form_data(client.get(NEW), **facts(), action="submit")
    response = client.post(NEW, data | {"image_file": upload(content, name)})
    assert [error for error in field_errors(response, "image_file") if sentence in error] != []
    assert soup(response).select_one("#fold-image").has_attr("open")
    assert form_data(response)["summary"] == data["summary"]
    assert (Image.objects.count(), TrainingPage.objects.count()) == (0, 0)


def test_picture_need_not_be_chosen_again_after_another_error(client):
    data = form_data(client.get(NEW), **facts(title=""), action="save")
    response = client.post(NEW, data | {"image_file": upload(picture())})
    assert field_errors(response, "title") != []
    client.post(NEW, form_data(response, title="Jetzt mit Titel", action="save"))
    assert TrainingPage.objects.get().image == Image.objects.get()


def test_picture_survives_adding_a_date_without_javascript(client):
    data = form_data(client.get(NEW), **facts(), action="add_date")
    response = client.post(NEW, data | {"image_file": upload(picture())})
    client.post(NEW, form_data(response, action="save"))
    assert TrainingPage.objects.get().image == Image.objects.get()


def test_refused_picture_is_named_when_a_date_is_added(client):
    data = form_data(client.get(NEW), **facts(), action="add_date")
    response = client.post(NEW, data | {"image_file": upload(b"nichts")})
    assert "kein Bild" in text_of(response)
    assert Image.objects.count() == 0


def test_picture_is_removed(client):
    client.post(NEW, form_data(client.get(NEW), **facts(), action="save") | {"image_file": upload(picture())})
    page = TrainingPage.objects.get()
    address = f"/partner/angebote/{page.pk}/"
    client.post(address, form_data(client.get(address), action="save"))
    page.refresh_from_db()
    assert page.image is not None
    client.post(address, form_data(client.get(address), image_remove="on", action="save"))
    page.refresh_from_db()
    assert page.image is None


def test_picture_of_another_organisation_is_not_taken_over(client):
    other = signed_in(member_of(OrganisationFactory()))
    response = other.post(NEW, form_data(other.get(NEW), **facts(title="")) | {"image_file": upload(picture())})
    token = form_data(response)["image_kept"]
    assert token
    for number, forged in enumerate((token, token[:-2] + "xx", "[]", "1")):
        client.post(NEW, form_data(client.get(NEW), **facts(title=f"Abend {number}"), image_kept=forged, action="save"))
    assert TrainingPage.objects.count() == 4
    assert not TrainingPage.objects.exclude(image=None).exists()


def test_downloads_are_pdf_kept_retitled_and_removed(client, organisation):
    data = form_data(client.get(NEW), **facts(), action="add_download")
    response = client.post(NEW, data)
    data = form_data(response, downloads__0__title="Faltblatt", action="save")
    response = client.post(NEW, data | {"downloads-0-file": upload(b"GIF89a", "faltblatt.pdf", "application/pdf")})
    assert [error for error in field_errors(response, "downloads-0-file") if "kein PDF" in error] != []
    assert Document.objects.count() == 0
    client.post(NEW, data | {"downloads-0-file": upload(PDF, "Faltblatt.pdf", "application/pdf")})
    page = TrainingPage.objects.get()
    document = page.downloads.get().document
    organisation.refresh_from_db()
    assert document.collection == organisation.collection
    assert "Faltblatt" not in document.file.name

    address = f"/partner/angebote/{page.pk}/"
    client.post(address, form_data(client.get(address), downloads__0__title="Programm", action="save"))
    page.refresh_from_db()
    assert [(row.title, row.document) for row in page.downloads.all()] == [("Programm", document)]
    response = client.post(address, form_data(client.get(address), action="remove_downloads-0"))
    client.post(address, form_data(response, action="save"))
    page.refresh_from_db()
    assert page.downloads.count() == 0


def test_funder_with_logo(client):
    response = client.post(NEW, form_data(client.get(NEW), **facts(), action="add_funder"))
    data = form_data(response, action="save")
    response = client.post(NEW, data | {"funders-0-file": upload(picture())})
    assert field_errors(response, "funders-0-name") == ["Fehler: Geben Sie einen Namen ein, oder entfernen Sie diese Zeile."]
    client.post(NEW, form_data(response, funders__0__name="Land", action="save"))
    funder = TrainingPage.objects.get().funders.get()
    assert (funder.name, funder.logo) == ("Land", Image.objects.get())


def test_nothing_is_stored_while_the_offering_is_in_review(client, organisation):
    page = draft_offering(organisation=organisation)
    address = f"/partner/angebote/{page.pk}/"
    data = form_data(client.get(address), action="save")
    submit_for_review(page, actor=member_of(organisation))
    client.post(address, data | {"image_file": upload(picture())})
    assert Image.objects.count() == 0
