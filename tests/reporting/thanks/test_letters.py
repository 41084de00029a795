"""The letters: each person's own, in order, as tagged PDF and as a page to print; the page of a round in the admin."""

import time

import pytest
from django.urls import reverse

from ehrenamt_wagtail import pdf
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.models import LongJob, ThankedPerson, ThanksLetters
from ehrenamt_wagtail.reporting import long_jobs
from ehrenamt_wagtail.reporting.thanks import actions, work
from ehrenamt_wagtail.reporting.thanks.letters import document, letters_of
from ehrenamt_wagtail.reporting.thanks.texts import filled
from tests.factories import UserFactory, member_of
from tests.glyphs import missing_glyphs
from tests.pdfs import read_pdf

from .rounds import make_circle

pytestmark = pytest.mark.django_db


def named(thanks, circle, name="Maria Beispiel", since=2015) -> ThankedPerson:
    return ThankedPerson.objects.create(round=thanks, circle=circle, name=name, since=since)


def written(thanks, coordinator) -> LongJob:
    """The job, done."""
    job = actions.write_letters(thanks, actor=coordinator)
    long_jobs.run(job.pk)
    job.refresh_from_db()
    return job


def texts_of(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in read_pdf(content).pages]


def address(name: str, *args) -> str:
    return reverse(f"ehrenamt_admin:{name}", args=args)


def test_each_person_gets_a_letter_by_town_circle_and_name(thanks, circle, coordinator):
    leonberg = make_circle("Leonberg", title="Zeitschenker")
    named(thanks, circle, "Zoë Ähre", 2001)
    named(thanks, circle, "Ali Muster")
    named(thanks, leonberg, "Olena Шевченко", 2022)
    job = written(thanks, coordinator)
    assert (job.status, job.message) == ("done", "3 Briefe sind geschrieben.")
    letters = ThanksLetters.objects.get()
    pages = texts_of(letters.pdf)
    assert [page.count("Guten Tag") for page in pages] == [1, 1, 1]
    for page, person, since in zip(pages, ("Olena Шевченко", "Ali Muster", "Zoë Ähre"), (2022, 2015, 2001), strict=True):
        assert f"Guten Tag {person}" in page and f"seit {since}" in page
        assert "Erika Beispiel" in page and "Böblingen, " in page
    assert (letters.number, letters.made_by) == (3, coordinator)


def test_pdf_is_tagged_with_title_and_language_and_without_missing_glyphs(thanks, circle, coordinator):
    named(thanks, circle, "Jürgen „Jogi“ Weiß 🎉")
    written(thanks, coordinator)
    content = bytes(ThanksLetters.objects.get().pdf)
    reader = read_pdf(content)
    root = reader.trailer["/Root"]
    assert root["/Lang"].startswith("de") and reader.metadata.title == f"{thanks.subject}: {thanks.title}"
    assert root["/MarkInfo"]["/Marked"] and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    assert missing_glyphs(reader) == []
    assert "Guten Tag Jürgen „Jogi“ Weiß," in texts_of(content)[0]


def test_what_a_name_contains_is_neither_filled_in_nor_run(thanks, circle):
    named(thanks, circle, "{seit} <script>alert(1)</script>")
    page = document(thanks, letters_of(thanks), is_pdf=False)
    assert "{seit} &lt;script&gt;" in page and "<script>" not in page
    assert filled("{ Name } {nix}", {"name": "{seit}", "seit": "1"}) == "{seit} {nix}"


def test_writing_again_replaces_the_letters(thanks, circle, coordinator):
    named(thanks, circle)
    written(thanks, coordinator)
    named(thanks, circle, "Ali Muster")
    written(thanks, coordinator)
    assert ThanksLetters.objects.get().number == 2


def test_nothing_is_kept_when_somebody_was_deleted_meanwhile(thanks, circle, coordinator, monkeypatch):
    person = named(thanks, circle)
    named(thanks, circle, "Ali Muster")
    laid_out = work.laid_out

    def slow(*args):
        actions.remove_person(thanks, circle, person.pk, is_by_link=True)
        return laid_out(*args)

    monkeypatch.setattr(work, "laid_out", slow)
    job = written(thanks, coordinator)
    assert job.status == "failed" and "Nichts wurde behalten" in job.message
    assert not ThanksLetters.objects.exists()


def test_who_is_no_coordinator_writes_and_reads_nothing(client, thanks, circle):
    named(thanks, circle)
    ThanksLetters.objects.create(round=thanks, pdf=b"%PDF", number=1)
    for user in (UserFactory(), member_of(circle.organisation)):
        with pytest.raises(NotAllowed):
            actions.write_letters(thanks, actor=user)
        client.force_login(user)
        for name in ("thanks", "thanks_letters", "thanks_sample", "thanks_print"):
            answer = client.get(address(name, thanks.pk))
            assert answer.status_code == 302 and b"Maria" not in answer.content
        assert client.get(address("thanks_people", thanks.pk, circle.pk)).status_code == 302
    assert not LongJob.objects.exists()


def test_no_letters_before_anybody_is_named(thanks, coordinator):
    with pytest.raises(NotAllowed, match="niemand"):
        actions.write_letters(thanks, actor=coordinator)
    assert not LongJob.objects.exists()


def test_without_the_extra_the_letters_are_a_page_to_print(client, thanks, circle, coordinator, monkeypatch):
    monkeypatch.setattr(pdf, "is_available", lambda: False)
    named(thanks, circle)
    client.force_login(coordinator)
    page = client.get(address("thanks", thanks.pk)).text
    assert address("thanks_print", thanks.pk) in page and address("thanks_write", thanks.pk) + '"><button' not in page
    page = client.get(address("thanks_print", thanks.pk)).text
    assert "Bitte drucken Sie diese Seite" in page and "Guten Tag Maria Beispiel" in page
    client.post(address("thanks_write", thanks.pk))
    assert not LongJob.objects.exists()


def test_coordinator_asks_enters_a_name_writes_and_fetches_the_letters(client, thanks, circle, coordinator):
    client.force_login(coordinator)
    client.post(address("thanks", thanks.pk), {"circle": "all"})
    assert "zuletzt gefragt" in client.get(address("thanks", thanks.pk)).text
    people = address("thanks_people", thanks.pk, circle.pk)
    page = client.post(people, {"name": "Maria Beispiel", "since": "2015"})
    assert "einverstanden" in page.text and not ThankedPerson.objects.exists()
    client.post(people, {"name": "Maria Beispiel", "since": "2015", "consent": "on"})
    assert ThankedPerson.objects.get().named_by == coordinator
    assert "Miriam Sommerfeld" in client.get(people).text
    answer = client.post(address("thanks_write", thanks.pk))
    job = LongJob.objects.get()
    assert answer.url == address("long_job", job.pk)
    long_jobs.run(job.pk)
    assert "1 Brief als PDF" in client.get(address("thanks", thanks.pk)).text
    answer = client.get(address("thanks_letters", thanks.pk))
    assert answer["Content-Type"] == "application/pdf" and "no-store" in answer["Cache-Control"]
    assert "Guten Tag Maria Beispiel" in texts_of(answer.content)[0]
    client.post(people, {"remove": str(ThankedPerson.objects.get().pk)})
    assert not ThankedPerson.objects.exists()
    assert client.get(address("thanks_letters", thanks.pk)).status_code == 404


def test_page_says_that_letters_went_with_a_name(client, thanks, circle, coordinator):
    client.force_login(coordinator)
    person = named(thanks, circle)
    named(thanks, circle, "Ali Muster")
    gone = "wurden mit einem Namen gelöscht, der darin stand"
    assert gone not in client.get(address("thanks", thanks.pk)).text
    written(thanks, coordinator)
    assert gone not in client.get(address("thanks", thanks.pk)).text
    actions.remove_person(thanks, circle, person.pk, is_by_link=True)
    assert gone in client.get(address("thanks", thanks.pk)).text
    written(thanks, coordinator)
    assert gone not in client.get(address("thanks", thanks.pk)).text


def test_sample_letter_names_nobody(client, thanks, circle, coordinator):
    named(thanks, circle, "Echte Person")
    client.force_login(coordinator)
    (text,) = texts_of(client.get(address("thanks_sample", thanks.pk)).content)
    assert "Kim Beispiel" in text and "Echte Person" not in text


@pytest.mark.thorough
def test_a_thousand_letters_in_less_than_a_minute(thanks, circle, coordinator):
    ThankedPerson.objects.bulk_create(ThankedPerson(round=thanks, circle=circle, name=f"Person {n}", since=2015) for n in range(1000))
    started = time.process_time()
    assert written(thanks, coordinator).status == "done"
    assert time.process_time() - started < 60
    assert len(texts_of(ThanksLetters.objects.get().pdf)) == 1000
