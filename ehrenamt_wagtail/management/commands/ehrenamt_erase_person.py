from django.core.management.base import BaseCommand, CommandError

from ehrenamt_wagtail.outreach.actions import erase_reports
from ehrenamt_wagtail.portal.actions import login_link_counts
from ehrenamt_wagtail.signups.erasure import erase
from ehrenamt_wagtail.signups.models import SignUp
from ehrenamt_wagtail.signups.person_data import Place, sign_ups_of

# Label of the model → whom to ask about what stays there.
WHOM_TO_ASK = {
    "Organisation": "the organisation: it is its contact address; change it in the portal or in the register of organisations",
    "Municipality": "the town: it is told of new offerings there; change it in the register of towns",
    "Coordinator": "the district: it is published as that of a coordinator; change it in the register of coordinators",
    "OfferingPage": "the organiser: it is the contact of the offering; change the page in the portal",
    "CirclePage": "the circle: it is its contact address; change the page in the portal",
    "AccessibilityStatementPage": "the editors of the site: reports of barriers go there; change the page in the admin",
    "PlannedDate": "nobody: it follows the offering",
    "Revision": "the organiser: it stands in a draft or an older version; change the page, then run purge_revisions",
    "PrivacyNotice": "the organisation: it stands in its privacy notice",
}
ELSEWHERE = "who keeps this text"


class Command(BaseCommand):
    help = (
        "Forgets a mail address (Art. 17 GDPR): gives back its seats, which are offered to the next in line, deletes its sign-ups "
        "with names, answers, needs and attendance, its mails and counts, and records how many. Accounts and published contacts "
        "are named and stay, with whom to ask. People who share the address are forgotten with it: read ehrenamt_person_data first."
    )

    def add_arguments(self, parser):
        parser.add_argument("address", help="the mail address; upper and lower case are the same")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args, address: str, **options):
        sign_ups = list(sign_ups_of(address))
        active = sum(row.is_active for row in sign_ups)
        people = sum(row.participants.count() for row in sign_ups)
        self.stdout.write(f"{len(sign_ups)} sign-ups of {people} people have this address, {active} of them hold or await a seat.")
        if not options["yes"] and input("Delete them for good? Type “yes”: ").strip().lower() != "yes":
            raise CommandError("Nothing was deleted.")
        erased = erase(address)
        erased.counts += erase_reports(address)
        links = login_link_counts(address).delete()[0]
        self.stdout.write(f"{erased.cancelled} seats or places in line were given back.")
        for name, number in sorted(erased.counts.items()):
            self.stdout.write(f"{number} × {name}" + (" kept" if name == "certificates_without_name" else " deleted"))
        if links:
            self.stdout.write(f"{links} × LoginLinkCount deleted")
        self.stdout.write("Kept: figures, which name nobody; issued certificates with initials, so that their codes can be verified.")
        for user in erased.accounts:
            name = f"{user.get_username()}{memberships_of(user)}"
            self.stdout.write(f"Kept: account {name}. Delete it in the admin when it is no longer used.")
        for place in erased.places:
            self.stdout.write(f"Kept: {place.name}, {place.about} (number {place.pk}). Ask {whom_to_ask(place)}.")
        if SignUp.objects.filter(pk__in=[row.pk for row in sign_ups]).exists():
            raise CommandError("Some sign-ups are still there. Please run this command again.")
        self.stdout.write(self.style.SUCCESS("Done. Copies in backups go when these do."))


def memberships_of(user) -> str:
    names = [str(membership.organisation) for membership in user.ehrenamt_memberships.select_related("organisation")]
    return f" (acts for {', '.join(names)}; ask there first)" if names else ""


def whom_to_ask(place: Place) -> str:
    return WHOM_TO_ASK.get(place.label.split(".")[1], ELSEWHERE)
