"""What the commands have in common that rebuild a derived table or say where it drifted."""

import time
from collections.abc import Callable, Iterator

from django.core.management.base import BaseCommand, CommandError

Tell = Callable[[int, int], None]


class RebuildCommand(BaseCommand):
    """``find_drift`` and ``rebuild`` give what is or was wrong, ``line_about`` names it; the sentences are for the console."""

    all_right = "Everything is right"
    differ = "entries differ"
    corrected = "entries corrected"
    counted = "entries"

    def find_drift(self, tell: Tell) -> Iterator:
        raise NotImplementedError

    def rebuild(self, tell: Tell) -> Iterator:
        raise NotImplementedError

    def line_about(self, drift) -> str:
        raise NotImplementedError

    def add_arguments(self, parser):
        parser.add_argument(
            "--check",
            action="store_true",
            help="change nothing; name what the table says wrong, and exit with code 1 if there is anything",
        )

    def handle(self, *args, check: bool, verbosity: int, **options):
        started = self.told_at = time.monotonic()
        found = 0
        for drift in (self.find_drift if check else self.rebuild)(self.tell):
            found += 1
            if check or verbosity > 1:
                self.stdout.write(self.line_about(drift))
        seconds = time.monotonic() - started
        if not found:
            self.stdout.write(self.style.SUCCESS(f"{self.all_right} ({seconds:.0f} s)."))
        elif check:
            raise CommandError(
                f"{found} {self.differ}. Nothing was changed; run this command without --check to correct them.",
                returncode=1,
            )
        else:
            self.stdout.write(self.style.SUCCESS(f"{found} {self.corrected} ({seconds:.0f} s)."))

    def tell(self, done: int, total: int) -> None:
        """How far it is, at most once a second."""
        if done == total or time.monotonic() - self.told_at > 1:
            self.told_at = time.monotonic()
            self.stdout.write(f"{done} of {total} {self.counted}")
            self.stdout.flush()
