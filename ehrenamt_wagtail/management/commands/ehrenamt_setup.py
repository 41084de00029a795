from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_q.models import Schedule
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from ehrenamt_wagtail import models
from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.coordination import planning
from ehrenamt_wagtail.programme import listed
from ehrenamt_wagtail.reporting.figure_kinds import make_default_kinds
from ehrenamt_wagtail.schedules import SCHEDULES

REGISTERS = [
    models.Municipality,
    models.Organisation,
    models.Membership,
    models.Topic,
    models.Venue,
    models.Room,
    models.Coordinator,
    models.CircleFigure,
    models.FigureKind,
    models.EnteredFigure,
    models.BlockedDate,
    models.Need,
    models.ProgrammePeriod,
    models.Brochure,
    models.StatusReport,
    models.ThanksRound,
]
VIEW_ONLY = [
    models.ReviewDecision,
    models.Cancellation,
    models.DateHold,
    models.SeatFigure,
    models.DeletionRecord,
    models.BarrierReport,
    models.OutgoingMail,
    models.ReportVersion,
]
PAGE_PERMISSIONS = ["add_page", "change_page", "publish_page", "lock_page", "unlock_page"]


class Command(BaseCommand):
    help = (
        "Sets up what the app needs in the database: the coordinators' group and its permissions, the review workflow on "
        "every programme and index of circles, the schedules of background jobs, and the kinds of figures to enter. Run it again at "
        "any time, for example after adding a programme page; what exists is kept."
    )

    @transaction.atomic
    def handle(self, *args, **options):
        group, created = Group.objects.get_or_create(name=conf.COORDINATOR_GROUP)
        self.grant_registers(group)
        indexes = [*models.ProgrammePage.objects.all(), *models.CircleIndexPage.objects.all()]
        for page in indexes:
            self.grant_pages(group, page)
        self.grant_uploads(group)
        workflow = self.workflow(group)
        for page in indexes:
            self.assign(workflow, page)
        self.schedules()
        make_default_kinds()
        self.planned_dates()
        self.listing()
        if not indexes:
            self.stdout.write(
                "There is no programme page yet: create one in the admin, and an index of circles, then run this command again."
            )
        self.stdout.write(self.style.SUCCESS(f"Group “{group}”, workflow “{workflow}” and {len(SCHEDULES)} schedules are ready."))

    def grant_registers(self, group: Group) -> None:
        permissions = [Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")]
        for model in REGISTERS:
            permissions += Permission.objects.filter(content_type=ContentType.objects.get_for_model(model))
        for model in VIEW_ONLY:
            permissions += Permission.objects.filter(
                content_type=ContentType.objects.get_for_model(model), codename__startswith="view_"
            )
        # Sending a mail again is the only change that the register of mails offers.
        permissions += Permission.objects.filter(
            content_type=ContentType.objects.get_for_model(models.OutgoingMail), codename="change_outgoingmail"
        )
        group.permissions.add(*permissions)

    def grant_pages(self, group: Group, page: Page) -> None:
        for permission in Permission.objects.filter(
            content_type=ContentType.objects.get_for_model(Page), codename__in=PAGE_PERMISSIONS
        ):
            GroupPagePermission.objects.get_or_create(group=group, page_id=page.pk, permission=permission)

    def grant_uploads(self, group: Group) -> None:
        """Images and documents of the partners' collections, so that an editor of the district can replace them."""
        root = Collection.get_first_root_node()
        for permission in Permission.objects.filter(
            content_type__app_label__in=["wagtailimages", "wagtaildocs"], codename__regex="^(add|choose)_(image|document)$"
        ):
            GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)

    def workflow(self, group: Group) -> Workflow:
        task = models.ReviewTask.objects.filter(active=True).first()
        if task is None:
            task = models.ReviewTask.objects.create(name=_("Review by the district"))
        task.groups.add(group)
        link = WorkflowTask.objects.filter(task_id=task.pk, workflow__active=True).first()
        if link is not None:
            return link.workflow
        workflow = Workflow.objects.create(name=_("Volunteer programme"))
        WorkflowTask.objects.create(workflow=workflow, task_id=task.pk, sort_order=0)
        return workflow

    def assign(self, workflow: Workflow, page: Page) -> None:
        link, _created = WorkflowPage.objects.get_or_create(page_id=page.pk, defaults={"workflow": workflow})
        if not link.workflow.workflow_tasks.filter(task__in=models.ReviewTask.objects.values("pk")).exists():
            self.stdout.write(
                self.style.WARNING(
                    f"“{page.title}” has the workflow “{link.workflow}”, which does not contain our review. It is kept; without "
                    "the review partners cannot submit there. Assign another workflow in the admin, or add the task to this one."
                )
            )

    def planned_dates(self) -> None:
        """An installation from before there were planned dates has none of them yet."""
        if models.OfferingPage.objects.exists() and not models.PlannedDate.objects.exists():
            corrected = sum(1 for _drift in planning.rebuild())
            self.stdout.write(f"Planned dates of {corrected} offerings were derived.")

    def listing(self) -> None:
        """An installation from before there was a read model, or its part about seats, lacks what has to be listed."""
        lacks_seats = models.ListedOffering.objects.filter(listed_seats=None).exists()
        if lacks_seats or (models.OfferingPage.objects.live().exists() and not models.ListedOffering.objects.exists()):
            derived = sum(isinstance(drift, listed.Drift) for drift in listed.rebuild(lambda done, total: None))
            self.stdout.write(f"What is listed of {derived} offerings was derived.")

    def schedules(self) -> None:
        for name, (func, minutes) in SCHEDULES.items():
            Schedule.objects.get_or_create(
                name=name,
                defaults={
                    "func": func,
                    "schedule_type": Schedule.MINUTES,
                    "minutes": minutes,
                    "repeats": -1,
                    "next_run": timezone.now(),
                },
            )
