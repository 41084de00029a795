from ehrenamt_wagtail.management.rebuilding import RebuildCommand
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

    def line_about(self, drift: listed.Drift | listed.WordsDrift) -> str:
        return str(drift)
