from ehrenamt_wagtail.management.rebuilding import RebuildCommand
from ehrenamt_wagtail.models import OfferingPage
from ehrenamt_wagtail.programme import listed


class Command(RebuildCommand):
    help = (
        "Rebuilds what the public programme is listed and searched by, from all published offerings. It is kept in step by "
        "itself; run this once after upgrading an existing installation, and after data were imported past the app. May run "
        "while people work, and any number of times."
    )
    all_right = "Every offering is listed right"
    differ = "offerings are listed wrong"
    corrected = "offerings corrected"
    counted = "offerings"

    def find_drift(self, tell):
        return listed.find_drift(tell)

    def rebuild(self, tell):
        return listed.rebuild(tell)

    def line_about(self, drift: listed.Drift) -> str:
        what = "is missing" if drift.is_missing else "should not be listed" if drift.is_surplus else "is listed wrong"
        return f"Page {drift.offering_id} “{OfferingPage.objects.get(pk=drift.offering_id).title}” {what}"
