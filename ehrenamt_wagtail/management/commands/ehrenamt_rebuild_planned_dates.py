from ehrenamt_wagtail.coordination import planning
from ehrenamt_wagtail.management.rebuilding import RebuildCommand
from ehrenamt_wagtail.models import DateHold, OfferingPage


class Command(RebuildCommand):
    help = (
        "Rebuilds the table of planned dates, which clashes, similar offerings and the coordination calendar read, from all "
        "offerings and holds. It is kept in step by itself; run this once after upgrading an existing installation, and after "
        "data were imported past the app. May run while people work, and any number of times."
    )
    all_right = "Every planned date is right"
    differ = "offerings or holds differ"
    corrected = "offerings or holds corrected"
    counted = "offerings and holds"

    def find_drift(self, tell):
        return planning.find_drift(tell)

    def rebuild(self, tell):
        return planning.rebuild(tell)

    def line_about(self, drift: planning.Drift) -> str:
        if drift.hold_id:
            name = f"Hold {drift.hold_id} ({DateHold.objects.filter(pk=drift.hold_id).first() or 'deleted'})"
        else:
            name = f"Page {drift.offering_id} “{OfferingPage.objects.get(pk=drift.offering_id).title}”"
        return f"{name}: {len(drift.wrong)} wrong, {len(drift.missing)} missing"
