import logging

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from example_site.demo.load import load_demo


class Command(BaseCommand):
    help = "Loads the demonstration's data into an empty database. What is loaded already stays as it is."

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError("Das ist keine Vorführung (DEMO=0): Es wurde nichts geladen.")
        # One line for each mail that waits for the job cluster would drown what this command says.
        logging.getLogger("django-q").setLevel(logging.WARNING)
        if load_demo():
            self.stdout.write(self.style.SUCCESS("Die Daten der Vorführung sind geladen."))
        else:
            self.stdout.write("Die Daten der Vorführung sind schon geladen und bleiben, wie sie sind.")
