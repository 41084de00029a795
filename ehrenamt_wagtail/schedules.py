"""Background jobs that run by the clock; ``ehrenamt_setup`` writes them to the database."""

# Name in the database → (function, minutes between two runs).
SCHEDULES: dict[str, tuple[str, int]] = {
    "ehrenamt: deliver due mail": ("ehrenamt_wagtail.mail.jobs.deliver_due", 1),
    "ehrenamt: holds that expire": ("ehrenamt_wagtail.coordination.jobs.look_after_holds", 60),
    "ehrenamt: seats that lapse": ("ehrenamt_wagtail.signups.jobs.look_after_seats", 5),
    "ehrenamt: sign-ups to look after": ("ehrenamt_wagtail.signups.jobs.look_after_sign_ups", 60),
    "ehrenamt: figures of sign-ups": ("ehrenamt_wagtail.signups.jobs.keep_figures", 60),
    "ehrenamt: personal data to delete": ("ehrenamt_wagtail.signups.jobs.delete_personal_data", 24 * 60),
    "ehrenamt: notes of changes to delete": ("ehrenamt_wagtail.programme.jobs.delete_old_notes", 24 * 60),
    "ehrenamt: long jobs to take up again": ("ehrenamt_wagtail.reporting.jobs.take_up_long_jobs", 1),
    "ehrenamt: people to be thanked to delete": ("ehrenamt_wagtail.reporting.jobs.delete_thanked", 24 * 60),
    "ehrenamt: long jobs to delete": ("ehrenamt_wagtail.reporting.jobs.delete_old_jobs", 24 * 60),
    "ehrenamt: reminders of editorial deadlines": ("ehrenamt_wagtail.reporting.jobs.remind_organisations", 60),
    "ehrenamt: barrier reports to delete": ("ehrenamt_wagtail.outreach.jobs.delete_old_reports", 24 * 60),
}
