from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EhrenamtConfig(AppConfig):
    name = "ehrenamt_wagtail"
    label = "ehrenamt_wagtail"
    verbose_name = _("Volunteering")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks  # noqa: F401 registers the system checks
        from .circles import mails as circles_mails
        from .circles import receivers as circles_receivers  # noqa: F401 connects itself
        from .coordination import mails as coordination_mails
        from .coordination import receivers as coordination_receivers  # noqa: F401 connects itself
        from .directory import mails as directory_mails
        from .outreach import mails as outreach_mails
        from .portal import mails as portal_mails
        from .programme import cache_receivers
        from .programme import receivers as programme_receivers  # noqa: F401 connects itself
        from .reporting import carrying_mails
        from .reporting import mails as reporting_mails
        from .reporting import providers as reporting_providers
        from .reporting import works as reporting_works
        from .reporting.brochure import receivers as brochure_receivers
        from .reporting.thanks import mails as thanks_mails
        from .review import mails as review_mails
        from .review import receivers
        from .signups import certificate_mails, supervision_mails
        from .signups import mails as signups_mails
        from .signups import notice_mails as signups_notice_mails
        from .signups import providers as signups_providers
        from .signups import receivers as signups_receivers  # noqa: F401 connects itself

        cache_receivers.register()
        circles_mails.register()
        coordination_mails.register()
        directory_mails.register()
        outreach_mails.register()
        portal_mails.register()
        reporting_mails.register()
        reporting_providers.register()
        carrying_mails.register()
        reporting_works.register()
        thanks_mails.register()
        brochure_receivers.register()
        review_mails.register()
        signups_mails.register()
        certificate_mails.register()
        signups_notice_mails.register()
        signups_providers.register()
        supervision_mails.register()
        receivers.quieten_wagtail()
