"""Files of the list: complete, harmless in spreadsheet programs, and as cheap for many rows as for few."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from ehrenamt_wagtail.models import SignUp
from ehrenamt_wagtail.signups import exports
from ehrenamt_wagtail.signups.models import Answer, Participant
from tests.factories import offering_with_sign_up, sign_up_of

Status = SignUp.Status


def table(plan, **options) -> list[list[str]]:
    return list(exports.table(SignUp.objects.filter(plan=plan), plans=[plan], labels={plan.pk: "alle Termine"}, **options))


def column(rows: list[list[str]], heading: str) -> list[str]:
    return [row[rows[0].index(heading)] for row in rows[1:]]


def read_csv(rows) -> list[list[str]]:
    data = b"".join(exports.csv_lines(rows))
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def crowd(plan, number: int) -> None:
    """Two people each, with an answer; quick enough for thousands."""
    question = plan.questions.first() or plan.questions.create(text="Woher?", purpose="Anreise")
    now = timezone.now()
    rows = SignUp.objects.bulk_create(
        SignUp(plan=plan, status=Status.CONFIRMED, seats=2, seats_held=2, email=f"p{n}@post.example", created_at=now, confirmed_at=now)
        for n in range(number)
    )
    Participant.objects.bulk_create(
        Participant(sign_up=row, position=position, name=f"Person {row.email} {position}") for row in rows for position in (1, 0)
    )
    Answer.objects.bulk_create(Answer(sign_up=row, question=question, label=question.text, text=row.email) for row in rows[::2])


def test_table_holds_everything_that_was_given_but_needs(db):
    _page, plan = offering_with_sign_up(seats_per_sign_up=2)
    question = plan.questions.create(text="Kommen Sie mit dem Auto?", purpose="Parkplätze")
    sign_up_of(plan, names=["Erika Muster", "Max Muster"], phone="07031 1", answers={question: "Ja"}, needs="glutenfrei")
    sign_up_of(plan, name="Nora Neu", email="nora@post.example", confirmed=False)
    rows = table(plan)
    assert column(rows, "Name") == ["Erika Muster", "Nora Neu"]
    assert column(rows, "Zweite Person") == ["Max Muster", ""]
    assert column(rows, "E-Mail-Adresse") == ["erika@post.example", "nora@post.example"]
    assert column(rows, "Telefon") == ["07031 1", ""]
    assert column(rows, "Personen") == ["2", "1"]
    assert column(rows, "Kommen Sie mit dem Auto?") == ["Ja", ""]
    assert column(rows, "Stand")[0] == "hat einen Platz"
    assert "glutenfrei" not in str(rows)
    assert column(table(plan, with_needs=True), "Barrierefreiheit und Verpflegung") == ["glutenfrei", ""]


def test_answers_to_a_question_that_was_removed_keep_their_column(db):
    _page, plan = offering_with_sign_up()
    question = plan.questions.create(text="Woher?", purpose="Anreise")
    sign_up_of(plan, answers={question: "Leonberg"})
    question.delete()
    assert column(table(plan), "Woher?") == ["Leonberg"]


@pytest.mark.parametrize("name", ["=1+1", "+49 7031", "-2", "@SUM(A1)", "\tErika", '=HYPERLINK("http://x.example";"x")'])
def test_no_cell_is_a_formula(db, name):
    _page, plan = offering_with_sign_up()
    question = plan.questions.create(text="=Frage", purpose="x")
    sign_up = sign_up_of(plan, answers={question: "=cmd|' /C calc'!A0"})
    Participant.objects.filter(sign_up=sign_up).update(name=name)
    rows = read_csv(table(plan))
    assert column(rows, "Name") == ["'" + name]
    assert "'=Frage" in rows[0] and rows[1][-1].startswith("'=")
    with exports.xlsx_file(table(plan), title="Anmeldungen") as file:
        sheet = load_workbook(file).active
        assert [cell.data_type for row in sheet.iter_rows() for cell in row if cell.value] == ["s"] * (
            sum(bool(cell) for row in rows for cell in row)
        )


def test_csv_keeps_semicolons_quotes_and_line_breaks_in_their_cell(db):
    _page, plan = offering_with_sign_up()
    question = plan.questions.create(text="Was?", purpose="x")
    text = 'a;b "c"\nd'
    sign_up_of(plan, answers={question: text})
    assert column(read_csv(table(plan)), "Was?") == [text]


def test_xlsx_leaves_out_signs_that_no_spreadsheet_takes(db):
    _page, plan = offering_with_sign_up()
    sign_up = sign_up_of(plan)
    Participant.objects.filter(sign_up=sign_up).update(name="Erika\x0b Muster")
    with exports.xlsx_file(table(plan), title="Anmeldungen") as file:
        assert load_workbook(file).active["A2"].value == "Erika Muster"


def test_people_and_answers_stand_in_the_row_of_their_sign_up(db):
    _page, plan = offering_with_sign_up()
    crowd(plan, 30)
    SignUp.objects.create(plan=plan, status=Status.CONFIRMED, seats_held=1, email="allein@post.example")
    rows = table(plan)
    addresses = column(rows, "E-Mail-Adresse")
    assert column(rows, "Name") == [f"Person {address} 0" for address in addresses[:-1]] + [""]
    assert column(rows, "Zweite Person") == [f"Person {address} 1" for address in addresses[:-1]] + [""]
    assert column(rows, "Woher?") == [address if n % 2 == 0 else "" for n, address in enumerate(addresses[:-1])] + [""]


def test_number_of_queries_does_not_grow(db):
    _page, plan = offering_with_sign_up()
    counted = []
    for number in (1, 2, 297):
        crowd(plan, number)
        with CaptureQueriesContext(connection) as queries:
            rows = table(plan, with_needs=True)
        counted.append(len(queries))
    assert len(rows) == 301
    assert len(set(counted)) == 1, counted


def test_rows_come_one_by_one(db):
    _page, plan = offering_with_sign_up()
    crowd(plan, 3)
    lines = exports.csv_lines(exports.table(SignUp.objects.filter(plan=plan), plans=[plan], labels={}))
    assert next(lines) == b"\xef\xbb\xbf"
    assert next(lines).startswith(b"Name;")
    SignUp.objects.all().delete()
    assert len(list(lines)) <= 3


def test_what_belongs_to_sign_ups_that_went_meanwhile_is_passed_over(db):
    _page, plan = offering_with_sign_up()
    crowd(plan, 4)
    *_gone, last = SignUp.objects.filter(plan=plan).order_by("created_at", "pk")
    people = exports.SideBySide(Participant.objects.order_by("position"), "name")
    assert people.of(last) == [(f"Person {last.email} 0",), (f"Person {last.email} 1",)]


@pytest.mark.thorough
def test_ten_thousand_sign_ups_are_exported_in_both_formats(db):
    _page, plan = offering_with_sign_up()
    crowd(plan, 10_000)
    with CaptureQueriesContext(connection) as queries:
        assert sum(line.count(b"\r\n") for line in exports.csv_lines(iter(table(plan)))) == 10_001
    assert len(queries) < 12
    with exports.xlsx_file(table(plan), title="Anmeldungen") as file:
        assert sum(1 for _row in load_workbook(file, read_only=True).active.rows) == 10_001
