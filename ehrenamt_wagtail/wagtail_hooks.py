"""Wiring into the Wagtail admin; what happens stands in the rooms."""

from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import hooks
from wagtail.models import Page
from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from .circles import admin_urls as circles_urls
from .circles import editor as circles_editor
from .circles.admin import NeedRegister, add_needs_panel
from .circles.asking_views import AskingMenuItem
from .circles.figure_admin import CircleFigureRegister
from .coordination import urls as coordination_urls
from .coordination.admin import BlockedDateRegister, HoldRegister
from .coordination.views import PlanningMenuItem
from .directory.admin import REGISTERS
from .mail.admin import OutgoingMailAdmin
from .outreach.admin import BarrierRegister
from .reporting import figure_urls
from .reporting import urls as reporting_urls
from .reporting.admin import PeriodRegister
from .reporting.brochure import admin_urls as brochure_urls
from .reporting.brochure_admin import BrochureRegister
from .reporting.figure_admin import EnteredFigureRegister, FigureKindRegister
from .reporting.figure_views import FiguresMenuItem
from .reporting.report import urls as report_urls
from .reporting.report_admin import StatusReportRegister
from .reporting.thanks import admin_urls as thanks_urls
from .reporting.thanks_admin import ThanksRegister
from .review import editor
from .review import urls as review_urls
from .review.admin import ReviewMenuItem, add_panel
from .signups import editor as sign_up_editor
from .signups.admin import DeletionRegister, SeatFigureRegister
from .signups.log import ExportFormatter


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action("ehrenamt.cancel", pgettext_lazy("offering", "Cancel"), pgettext_lazy("offering", "Cancelled"))
    actions.register_action("ehrenamt.request_day", _("Ask to join a volunteer day"), _("Asked to join a volunteer day"))
    actions.register_action("ehrenamt.decide_day", _("Answer a request"), _("Answered the request to join a volunteer day"))
    actions.register_action("ehrenamt.hold_date", _("Hold a date"), _("Held the date"))
    actions.register_action("ehrenamt.prolong_hold", _("Prolong the hold"), _("Prolonged the hold"))
    actions.register_action("ehrenamt.release_hold", _("Give the date back"), _("Gave the date back"))
    actions.register_action("ehrenamt.use_hold", _("Make the hold an offering"), _("Made the hold an offering"))
    actions.register_action("ehrenamt.expire_hold", _("Let the hold expire"), _("The hold expired"))
    actions.register_action("ehrenamt.propose_join", _("Propose to join forces"), _("Proposed to join forces"))
    actions.register_action("ehrenamt.accept_join", _("Accept to join forces"), _("Accepted to join forces"))
    actions.register_action("ehrenamt.decline_join", _("Decline to join forces"), _("Declined to join forces"))
    actions.register_action("ehrenamt.drop_join", _("Let the proposal lapse"), _("The proposal to join forces lapsed"))
    actions.register_action("ehrenamt.join", pgettext_lazy("action", "Join forces"), _("Joined forces"))
    actions.register_action("ehrenamt.report_need", _("Report a need"), _("Reported the need"))
    actions.register_action("ehrenamt.take_up_need", _("Take up a need"), _("Took up the need"))
    actions.register_action("ehrenamt.reopen_need", _("Open the need again"), _("The need is open again"))
    actions.register_action("ehrenamt.answer_need", _("Answer the need"), _("The need is answered"))
    actions.register_action("ehrenamt.close_need", _("Close the need"), _("Closed the need"))
    actions.register_action("ehrenamt.state_figure", _("State a figure"), _("Stated a figure"))
    actions.register_action("ehrenamt.take_back_figure", _("Take a figure back"), _("Took the figure back"))
    actions.register_action("ehrenamt.ask_figures", _("Ask for figures"), _("Asked for figures"))
    actions.register_action("ehrenamt.set_up_sign_up", _("Set up the sign-up"), pgettext_lazy("log", "Set up the sign-up"))
    actions.register_action("ehrenamt.change_privacy_notice", _("Change the privacy notice"), _("Changed the privacy notice"))
    actions.register_action("ehrenamt.change_seats", _("Change the seats"), _("Changed the seats"))
    actions.register_action("ehrenamt.add_sign_up", _("Add a sign-up by hand"), _("Added a sign-up by hand"))
    actions.register_action("ehrenamt.move_sign_up", _("Move a sign-up to another date"), _("Moved a sign-up to another date"))
    actions.register_action("ehrenamt.cancel_sign_up", _("Cancel a sign-up for the person"), _("Cancelled a sign-up for the person"))
    actions.register_action("ehrenamt.correct_sign_up", _("Correct the name of a sign-up"), _("Corrected the name of a sign-up"))
    actions.register_action("ehrenamt.send_sign_up", _("Send a sign-up's link again"), _("Sent a sign-up's link again"))
    actions.register_action("ehrenamt.export_sign_ups")(ExportFormatter)
    actions.register_action("ehrenamt.setup_supervision", _("Set up the supervision"), pgettext_lazy("log", "Set up the supervision"))
    actions.register_action("ehrenamt.name_supervisor", _("Name a supervisor"), _("Named the supervisor"))
    actions.register_action("ehrenamt.unname_supervisor", _("Name a supervisor no longer"), _("Named the supervisor no longer"))
    actions.register_action("ehrenamt.record_session", _("Record a held supervision"), _("Recorded a held supervision"))
    actions.register_action("ehrenamt.release_certificates", _("Release certificates"), _("Released the certificates"))
    actions.register_action("ehrenamt.take_certificates_back", _("Take the release back"), _("Took the release of certificates back"))
    actions.register_action("ehrenamt.message", _("Write to participants"), _("Wrote to participants"))
    actions.register_action("ehrenamt.call_period", _("Ask for contributions"), _("Asked for contributions"))
    actions.register_action("ehrenamt.close_period", _("Close the period"), _("Closed the period"))
    actions.register_action("ehrenamt.reopen_period", _("Open the period again"), _("Opened the period again"))
    actions.register_action("ehrenamt.answer_nothing", _("Say “nothing this time”"), _("Said “nothing this time”"))
    actions.register_action("ehrenamt.take_answer_back", _("Take “nothing this time” back"), _("Took “nothing this time” back"))
    actions.register_action("ehrenamt.publish_brochure", _("Publish a brochure"), _("Published the brochure"))
    actions.register_action("ehrenamt.withdraw_brochure", _("Withdraw a brochure"), _("Withdrew the brochure"))
    actions.register_action("ehrenamt.release_report", _("Release a status report"), _("Released the status report"))
    actions.register_action("ehrenamt.ask_thanks", _("Ask whom to thank"), _("Asked circles whom to thank"))
    actions.register_action("ehrenamt.name_thanked", _("Name somebody to be thanked"), _("Named somebody to be thanked"))
    actions.register_action("ehrenamt.remove_thanked", _("Delete the name of somebody"), _("Deleted the name of somebody"))
    actions.register_action("ehrenamt.resend_mail", _("Send mail again"), _("Sent the mail again"))


@modeladmin_register
class EhrenamtGroup(ModelAdminGroup):
    menu_label = _("Volunteering")
    menu_item_name = "ehrenamt"
    menu_icon = "group"
    menu_order = 150
    items = (
        *REGISTERS,
        PeriodRegister,
        BrochureRegister,
        StatusReportRegister,
        ThanksRegister,
        CircleFigureRegister,
        EnteredFigureRegister,
        FigureKindRegister,
        NeedRegister,
        HoldRegister,
        BlockedDateRegister,
        SeatFigureRegister,
        DeletionRegister,
        BarrierRegister,
        OutgoingMailAdmin,
    )

    def get_submenu_items(self):
        asking = AskingMenuItem(order=self.place_of_figures())
        return [ReviewMenuItem(), PlanningMenuItem(), FiguresMenuItem(), *super().get_submenu_items(), asking]

    def place_of_figures(self) -> int:
        """That of the register of figures, which comes first of the two."""
        return self.items.index(CircleFigureRegister) + 1


@hooks.register("register_admin_urls")
def register_admin_urls():
    patterns = [
        *review_urls.urlpatterns,
        *coordination_urls.urlpatterns,
        *circles_urls.urlpatterns,
        *figure_urls.urlpatterns,
        *reporting_urls.urlpatterns,
        *brochure_urls.urlpatterns,
        *report_urls.urlpatterns,
        *thanks_urls.urlpatterns,
    ]
    return [path("ehrenamt/", include((patterns, "ehrenamt_admin")))]


@hooks.register("construct_homepage_panels")
def add_review_panel(request, panels):
    add_panel(request, panels)
    add_needs_panel(request, panels)


# Wagtail's own page editor


@hooks.register("before_edit_page")
def before_edit_page(request, page):
    return editor.refuse_silent_actions(request, page)


@hooks.register("before_create_page")
def before_create_page(request, parent_page, page_class):
    return editor.refuse_silent_creation(request, parent_page, page_class)


@hooks.register("before_publish_page")
def before_publish_page(request, page):
    return editor.refuse_publishing(request, page)


@hooks.register("after_edit_page")
def after_edit_page(request, page):
    return editor.show_refusal(request, page)


@hooks.register("before_delete_page")
def before_delete_page(request, page):
    return refuse_deletion(request, [page])


@hooks.register("before_bulk_action")
def before_bulk_action(request, action_type, objects, action):
    if action_type == "delete" and issubclass(action.model, Page):
        return refuse_deletion(request, objects)
    if action_type != "publish":
        return None
    return editor.refuse_bulk_publishing(
        request, objects, include_descendants=action.cleaned_form.cleaned_data.get("include_descendants", False)
    )


def refuse_deletion(request, pages):
    pages = list(pages)
    return sign_up_editor.refuse_deletion(request, pages) or circles_editor.refuse_deletion(request, pages)


@hooks.register("construct_page_action_menu")
def tidy_action_menu(menu_items, request, context):
    editor.tidy_action_menu(menu_items, request, context)
