"""What the history of an organisation says about its members."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogFormatter

ACTIONS = {
    "ehrenamt.invite_member": (gettext_lazy("Invite a person"), gettext_lazy("%(person)s was invited")),
    "ehrenamt.resend_invitation": (gettext_lazy("Invite again"), gettext_lazy("%(person)s was invited again")),
    "ehrenamt.change_role": (gettext_lazy("Change the role"), gettext_lazy("%(person)s got another role")),
    "ehrenamt.remove_member": (gettext_lazy("End access"), gettext_lazy("The access of %(person)s was ended")),
    "ehrenamt.join_district": (gettext_lazy("Join the district"), gettext_lazy("%(person)s joined")),
}


class MemberFormatter(LogFormatter):
    """Names the person as it was called then."""

    sentence = ""

    def format_message(self, log_entry):
        return str(self.sentence) % {"person": log_entry.data.get("person") or _("A person")}


class SharingFormatter(LogFormatter):
    label = gettext_lazy("Share plans")
    message = gettext_lazy("Changed what others see of the plans")

    def format_message(self, log_entry):
        if log_entry.data.get("shares"):
            return _("Others now read title and description of what is planned")
        return _("Others no longer read title and description of what is planned")


@hooks.register("register_log_actions")
def register_log_actions(log_actions) -> None:
    for name, (label, sentence) in ACTIONS.items():
        formatter = type("Formatter", (MemberFormatter,), {"label": label, "sentence": sentence, "message": sentence})
        log_actions.register_action(name)(formatter)
    log_actions.register_action("ehrenamt.share_plans")(SharingFormatter)
