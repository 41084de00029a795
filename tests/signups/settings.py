"""Setting sign-ups up."""

from ehrenamt_wagtail.signups.plans import save_plans
from ehrenamt_wagtail.signups.settings import SignUpSettings
from tests.factories import in_days, published_offering


def several_dates(organisation, **facts):
    return published_offering(organisation=organisation, dates=[in_days(10), in_days(17), in_days(24)], **facts)


def set_up(page, actor, **facts):
    return save_plans(page, SignUpSettings(**facts), actor=actor)
