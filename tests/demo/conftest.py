import datetime as dt
import os

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from ehrenamt_wagtail import models
from example_site.demo.load import load_demo
from example_site.mailbox import FileBackend

from .shown import content


def content_of_an_earlier_load() -> list:
    with transaction.atomic():
        first_try = transaction.atomic()
        first_try._from_testcase = True
        with first_try:
            assert load_demo()
            first = content()
            transaction.set_rollback(True)
    assert not models.Organisation.objects.exists()
    mail.outbox.clear()
    return first


@pytest.fixture(scope="package")
def loaded(django_db_setup, django_db_blocker, _quick_settings):
    """The demonstration, loaded once for all tests here; gives the content of an earlier load that was rolled back.

    With other versions it is not loaded before: the one test that compares is ``thorough``.
    """
    with django_db_blocker.unblock():
        block = transaction.atomic()
        # As in Django's TestCase: delivering mail insists on an outermost transaction.
        block._from_testcase = True
        with block:
            first = [] if os.environ.get("QUICK_TESTS") else content_of_an_earlier_load()
            assert load_demo()
            # Where the demonstration shows them.
            FileBackend().send_messages(mail.outbox)
            yield first
            transaction.set_rollback(True)


@pytest.fixture
def demo(loaded, db) -> dt.datetime:
    """The loaded demonstration; gives the present moment."""
    return timezone.now()
