"""Date fields of the admin, in the format in which the person at the keyboard writes dates.

Wagtail's own expect 2027-07-02 unless a site sets ``WAGTAIL_DATE_FORMAT``, and put today in the place of whatever they cannot read,
02.07.2027 and 31.06.2027 alike.
"""

from django.conf import settings
from django.utils.formats import get_format, localize_input
from wagtail.admin.datetimepicker import to_datetimepicker_format
from wagtail.admin.panels import FieldPanel
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput


class LanguageFormat:
    """The format of the site's settings, or else the first that forms of the active language read; what is no date stays."""

    setting: str
    after_date = ""

    def written(self) -> str:
        return getattr(settings, self.setting, None) or get_format("DATE_INPUT_FORMATS")[0] + self.after_date

    def format_value(self, value) -> str:
        return localize_input(value, self.written())

    def get_config(self) -> dict:
        return {**super().get_config(), "format": to_datetimepicker_format(self.written()), "validateOnBlur": False}


class DateInput(LanguageFormat, AdminDateInput):
    setting = "WAGTAIL_DATE_FORMAT"


class DateTimeInput(LanguageFormat, AdminDateTimeInput):
    setting = "WAGTAIL_DATETIME_FORMAT"
    after_date = " %H:%M"


class DatePanel(FieldPanel):
    """A panel of a date field."""

    def __init__(self, field_name: str, **kwargs) -> None:
        super().__init__(field_name, **{"widget": DateInput, **kwargs})
