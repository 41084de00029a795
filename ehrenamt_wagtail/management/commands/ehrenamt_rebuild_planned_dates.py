import time

from django.core.management.base import BaseCommand, CommandError

from ehrenamt_wagtail.coordination.planning import Drift, find_drift, rebuild
from ehrenamt_wagtail.models import DateHold, OfferingPage


class Command(BaseCommand):
    help = (
        "Rebuilds the table of planned dates, which clashes, similar offerings and the coordination calendar read, from all "
        "offerings and holds. It is kept in step by itself; run this once after upgrading an existing installation, and after "
        "data were imported past the app. May run while people work, and any number of times."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--check",
            action="store_true",
            help="change nothing; name what the table says wrong, and exit with code 1 if there is anything",
        )

    def handle(self, *args, check: bool, verbosity: int, **options):
        started = self.told_at = time.monotonic()
        found = 0
        for drift in (find_drift if check else rebuild)(self.tell):
            found += 1
            if check or verbosity > 1:
                self.stdout.write(line_about(drift))
        seconds = time.monotonic() - started
        if not found:
            self.stdout.write(self.style.SUCCESS(f"Every planned date is right ({seconds:.0f} s)."))
        elif check:
            raise CommandError(
                f"{found} offerings or holds differ. Nothing was changed; run this command without --check to correct them.",
                returncode=1,
            )
        else:
            self.stdout.write(self.style.SUCCESS(f"Planned dates of {found} offerings or holds corrected ({seconds:.0f} s)."))

    def tell(self, done: int, total: int) -> None:
        """How far it is, at most once a second."""
        if done == total or time.monotonic() - self.told_at > 1:
            self.told_at = time.monotonic()
            self.stdout.write(f"{done} of {total} offerings and holds")
            self.stdout.flush()


def line_about(drift: Drift) -> str:
    if drift.hold_id:
        name = f"Hold {drift.hold_id} ({DateHold.objects.filter(pk=drift.hold_id).first() or 'deleted'})"
    else:
        name = f"Page {drift.offering_id} “{OfferingPage.objects.get(pk=drift.offering_id).title}”"
    return f"{name}: {len(drift.wrong)} wrong, {len(drift.missing)} missing"
