from django.core.management.base import BaseCommand

from ehrenamt_wagtail.programme import versions


class Command(BaseCommand):
    help = "Serve no public page any more that was cached until now, as after a deployment with other templates."

    def handle(self, *args, **options) -> None:
        versions.programme_changed()
        is_on = versions.active_store() is not None
        self.stdout.write("Cached pages are forgotten." if is_on else "Public pages are not cached; there is nothing to forget.")
