"""The registers' common parts: deleting only what nothing uses, tags that look like Wagtail's."""

from django.db.models import ProtectedError
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail_modeladmin.views import DeleteView

from ehrenamt_wagtail.exceptions import StillUsed
from ehrenamt_wagtail.registers import Register

from ..actions import delete_entry
from ..queries import usage_of

SHOWN_USES = 50


class DirectoryDeleteView(DeleteView):
    """Asks before deleting, or says where the entry is still used; then neither GET nor POST deletes it."""

    def get_context_data(self, **kwargs):
        uses = usage_of(self.instance)
        finder = AdminURLFinder(self.request.user)
        shown = [(use, finder.get_edit_url(use.holder)) for use in uses[:SHOWN_USES]]
        return super().get_context_data(shown_uses=shown, further_uses=len(uses) - len(shown), **kwargs)

    def confirmation_message(self):
        return _("Nothing uses this entry. Do you want to delete “%(entry)s”? This cannot be undone.") % {
            "entry": self.instance
        }

    def post(self, request, *args, **kwargs):
        name = str(self.instance)
        try:
            delete_entry(self.instance, actor=request.user)
        except (StillUsed, ProtectedError):
            return self.render_to_response(self.get_context_data())
        messages.success(request, _("“%(entry)s” was deleted.") % {"entry": name})
        return redirect(self.index_url)


class DirectoryRegister(Register):
    delete_view_class = DirectoryDeleteView
    delete_template_name = "ehrenamt_wagtail/directory/admin/delete.html"


def status_tag(label: str, *, is_primary: bool):
    """Wagtail's own tag."""
    return format_html('<span class="w-status {}">{}</span>', "w-status--primary" if is_primary else "", label)
