"""The register of mails: who sees what, by the list and by direct addresses."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from wagtail.models import ModelLogEntry

from ehrenamt_wagtail.mail.actions import queue_mail
from ehrenamt_wagtail.mail.models import OutgoingMail
from tests.factories import UserFactory, coordinator_user

pytestmark = pytest.mark.django_db

SECRET = "frau@geheim.example"


def address(action: str, *args) -> str:
    return reverse(f"ehrenamt_mails_modeladmin_{action}", args=args)


@pytest.fixture
def coordinator(client, ready_site):
    user = coordinator_user()
    client.force_login(user)
    return user


def mail(status: str = "given_up", **kwargs) -> OutgoingMail:
    mail = queue_mail("test/sample", **({"email": "offen@post.example"} | kwargs))
    OutgoingMail.objects.filter(pk=mail.pk).update(
        status=status, attempts=6, next_attempt_at=None, last_error="TimeoutError"
    )
    return mail


def confidential(status: str = "given_up") -> OutgoingMail:
    user = UserFactory(email=SECRET, first_name="Geheime", last_name="Person")
    return mail(status, user=user, email="", params={"slot": 987654}, is_confidential=True)


def rows(response) -> list[int]:
    return [row.pk for row in response.context["object_list"]]


def test_list_shows_state_recipient_and_error(client, coordinator, sample):
    shown = mail()
    content = client.get(address("index")).content.decode()
    for text in ("Probemail", "offen@post.example", "TimeoutError", address("resend", shown.pk), address("inspect", shown.pk)):
        assert text in content
    for action in ("edit", "delete"):
        assert address(action, shown.pk) not in content
    assert address("create") not in content


def test_list_hides_recipients_of_confidential_mails(client, coordinator, sample):
    hidden = confidential()
    content = client.get(address("index")).content.decode()
    assert "Probemail" in content
    for text in (SECRET, "Geheime", "987654", address("inspect", hidden.pk)):
        assert text not in content
    assert address("resend", hidden.pk) in content


@pytest.mark.parametrize("is_superuser", [False, True])
@pytest.mark.parametrize("action", ["inspect", "edit", "delete"])
def test_confidential_mails_cannot_be_opened_by_address(client, coordinator, sample, action, is_superuser):
    hidden = confidential()
    if is_superuser:
        client.force_login(UserFactory(is_superuser=True))
    before = OutgoingMail.objects.filter(pk=hidden.pk).values().get()
    for method in (client.get, client.post):
        response = method(address(action, hidden.pk))
        assert response.status_code == 302
        assert response.url == reverse("wagtailadmin_home")
    assert OutgoingMail.objects.filter(pk=hidden.pk).values().get() == before


@pytest.mark.parametrize("action", ["edit", "delete", "create"])
def test_mails_are_read_only_for_superusers_too(client, sample, action):
    client.force_login(UserFactory(is_superuser=True))
    shown = mail()
    before = list(OutgoingMail.objects.values())
    url = address(action) if action == "create" else address(action, shown.pk)
    for method in (client.get, client.post):
        assert method(url, {"address": "neu@post.example"}).url == reverse("wagtailadmin_home")
    assert list(OutgoingMail.objects.values()) == before


def test_inspect_shows_an_open_mail(client, coordinator, sample):
    content = client.get(address("inspect", mail(params={"offering": 7}).pk)).content.decode()
    for text in ("offen@post.example", "TimeoutError", "offering"):
        assert text in content


def test_history_is_not_offered(client, coordinator, sample):
    with pytest.raises(NoReverseMatch):
        address("history", mail().pk)


@pytest.mark.parametrize("word", ["geheim", "Geheime", "Person"])
def test_search_finds_no_confidential_mail(client, coordinator, sample, word):
    confidential()
    open_mail = mail(user=UserFactory(email="x@geheim.example", first_name="Geheime", last_name="Person"), email="")
    assert rows(client.get(address("index"), {"q": word})) == [open_mail.pk]


def test_search_by_a_word_of_the_address(client, coordinator, sample):
    mail()
    found = mail(email="amt@stadt.example")
    assert rows(client.get(address("index"), {"q": "stadt.example"})) == [found.pk]


@pytest.mark.parametrize(
    "lookup", ["user__email__startswith", "address__contains", "user__last_name", "params__slot", "dedupe_key__gt"]
)
def test_addresses_of_the_list_cannot_probe_hidden_fields(client, coordinator, sample, lookup):
    hidden, other = confidential(), mail()
    assert set(rows(client.get(address("index"), {lookup: "zzz"}))) == {hidden.pk, other.pk}


def test_order_of_the_list_cannot_tell_recipients(client, coordinator, sample):
    first, second = mail(email="b@post.example"), mail(email="a@post.example")
    for order in ("1", "-1"):
        assert rows(client.get(address("index"), {"o": order})) == [second.pk, first.pk]


def test_list_filters_by_state(client, coordinator, sample):
    mail("sent")
    unclear = mail("unclear")
    assert rows(client.get(address("index"), {"status__exact": "unclear"})) == [unclear.pk]


def test_list_needs_the_same_queries_for_any_number_of_rows(client, coordinator, sample):
    counts = []
    for wanted in (1, 3, 40):
        while OutgoingMail.objects.count() < wanted:
            mail(user=UserFactory(), email="")
        client.get(address("index"))
        with CaptureQueriesContext(connection) as queries:
            assert len(rows(client.get(address("index")))) == wanted
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]


# Sending again


@pytest.mark.parametrize("make", [mail, confidential])
@pytest.mark.parametrize("status", ["given_up", "unclear"])
def test_resend_by_post_sends(
    client, coordinator, sample, server, status, make, django_capture_on_commit_callbacks
):
    row = make(status)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(address("resend", row.pk))
    assert response.url == address("index")
    row.refresh_from_db()
    assert (row.status, len(server.taken)) == ("sent", 1)
    entry = ModelLogEntry.objects.get(action="ehrenamt.resend_mail")
    assert (entry.user_id, entry.label) == (coordinator.pk, f"Probemail #{row.pk}")
    assert SECRET not in str(entry.__dict__)


def test_resend_by_get_only_asks(client, coordinator, sample, server, django_capture_on_commit_callbacks):
    row = confidential()
    before = OutgoingMail.objects.filter(pk=row.pk).values().get()
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        content = client.get(address("resend", row.pk)).content.decode()
    assert 'method="post"' in content
    assert SECRET not in content
    assert "Geheime" not in content
    assert OutgoingMail.objects.filter(pk=row.pk).values().get() == before
    assert (callbacks, server.taken) == ([], [])


@pytest.mark.parametrize("status", ["sent", "dropped", "claimed", "sending"])
def test_resend_of_a_delivered_mail_says_why_not(
    client, coordinator, sample, server, status, django_capture_on_commit_callbacks
):
    row = mail(status)
    before = OutgoingMail.objects.filter(pk=row.pk).values().get()
    assert 'method="post"' not in client.get(address("resend", row.pk)).content.decode()
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        content = client.post(address("resend", row.pk), follow=True).content.decode()
    assert row.__class__(status=status).get_status_display() in content
    assert OutgoingMail.objects.filter(pk=row.pk).values().get() == before
    assert (callbacks, server.taken) == ([], [])


@pytest.mark.parametrize("codenames", [[], ["view_outgoingmail"], ["add_outgoingmail", "delete_outgoingmail"]])
def test_resend_needs_the_permission(client, sample, server, codenames, django_capture_on_commit_callbacks):
    user = UserFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    client.force_login(user)
    row = mail()
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        for method in (client.get, client.post):
            assert method(address("resend", row.pk)).url == reverse("wagtailadmin_home")
    row.refresh_from_db()
    assert (row.status, callbacks, server.taken) == ("given_up", [], [])


@pytest.mark.parametrize("codenames", [[], ["add_outgoingmail", "delete_outgoingmail"]])
@pytest.mark.parametrize("action", ["index", "inspect"])
def test_register_needs_the_permission(client, sample, action, codenames):
    user = UserFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    client.force_login(user)
    row = mail()
    response = client.get(address(action) if action == "index" else address(action, row.pk))
    assert (response.status_code, response.url) == (302, reverse("wagtailadmin_home"))


def test_register_is_closed_to_partners(client, sample):
    client.force_login(UserFactory())
    row = mail()
    for url in (address("index"), address("inspect", row.pk), address("resend", row.pk)):
        response = client.get(url)
        assert "offen@post.example" not in response.content.decode()
        assert response.url.startswith(reverse("wagtailadmin_login"))
