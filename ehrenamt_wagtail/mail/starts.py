"""Starting the delivery: one start waits for a job worker at most, however many mails wait.

A start that waits is a row. The job deletes it first and then reads the outbox; who has committed a mail writes it, and puts a job
into the queue only if there was none. Whoever finds the row there committed before the job deletes it, so the job will find the mail.
A start that got lost on its way hides further ones until the job that runs every minute deletes the row and delivers what is due.
"""

from django.db import connections, router
from django_q.tasks import async_task

from .models import DeliveryStart

JOB = "ehrenamt_wagtail.mail.jobs.deliver_due"
# Plain SQL that PostgreSQL and SQLite both understand; each mail asks it.
START = f"INSERT INTO {DeliveryStart._meta.db_table} (id) VALUES (1) ON CONFLICT (id) DO NOTHING"


def start_delivery() -> None:
    """Make sure that a job will deliver what is due. To be called after the commit of what it shall find.

    Raises what the broker raises when it cannot be reached.
    """
    with connections[router.db_for_write(DeliveryStart)].cursor() as cursor:
        cursor.execute(START)
        waits_already = cursor.rowcount == 0
    if waits_already:
        return
    try:
        async_task(JOB)
    except Exception:
        take_back()
        raise


def take_back() -> None:
    """From now on a mail needs another start; who calls reads the outbox afterwards."""
    DeliveryStart.objects.all().delete()
