"""What a new accessibility statement says until the host changes it, in the language of who creates it.

The parts follow the model statement of Baden-Württemberg (L-BGG-DVO): whom it binds and for what, how far the rules are met, what is
not accessible and why, how that was found out, how to report a barrier, and who arbitrates. Each function is the default of a field.
"""

from django.utils.translation import gettext as _

from ehrenamt_wagtail.conf import conf


def default_introduction() -> str:
    return _(
        "Responsible for this website: %(district)s. We want everybody to be able to use it, and make it accessible as § 10 of the "
        "act on equal opportunities of people with disabilities in Baden-Württemberg (L-BGG) asks for."
    ) % {"district": conf.DISTRICT_NAME}


def default_scope() -> str:
    return _("This statement is about the programme for volunteers with its circles, its sign-ups and its area for partners.")


def default_unequal() -> str:
    return _(
        "Files of organisers that are offered for download (PDF) are not all tagged, so that screen readers may read them in the "
        "wrong order. Please ask the contact person of the event for the same information in another form."
    )


def default_exempt() -> str:
    return _("Websites of organisers and online meetings that we link to are offered by others. We cannot make them accessible.")


def default_arbitration() -> str:
    return _(
        "Have we not answered within four weeks, or does our answer not help you? Then the arbitration board under the L-BGG at the "
        "state centre for accessibility (Landeszentrum Barrierefreiheit) can mediate between you and us. Please report the barrier "
        "to us first. The procedure costs you nothing.\n\n"
        "Recognised associations have, besides, a right to take legal action (§ 12 L-BGG)."
    )


def default_arbitration_contact() -> str:
    # As the board itself publishes it; telephone number and mail address are for the host to add.
    return (
        "Landeszentrum Barrierefreiheit\nSchlichtungsstelle nach dem Landes-Behindertengleichstellungsgesetz\n"
        "Else-Josenhans-Straße 6\n70173 Stuttgart\nhttps://barrierefreiheit-bw.de/"
    )
