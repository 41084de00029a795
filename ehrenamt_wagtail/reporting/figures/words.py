"""Figures in words: „1.234“, „12,5 Std.“, „unter 5“, „12 mehr (+8 %)“."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from .catalogue import Unit
from .disclosure import SMALLEST, Hidden

MINUS = "\u2212"
NOTHING = "–"


def number_text(number, decimals: int = 1) -> str:
    """With as many decimals as it needs, so many at most."""
    number = round(float(number), decimals)
    needed = next(places for places in range(decimals + 1) if round(number, places) == number)
    return number_format(number, decimal_pos=needed, use_l10n=True, force_grouping=True)


def amount_text(unit: str, amount) -> str:
    """With its unit; a dash where there is nothing to tell."""
    if amount is None:
        return NOTHING
    if unit == Unit.EURO:
        decimals = 0 if amount == int(amount) else 2
        return _("%(number)s euros") % {"number": number_format(amount, decimal_pos=decimals, force_grouping=True)}
    text = number_text(amount, 2 if unit == Unit.NUMBER else 1)
    if unit == Unit.HOURS:
        return pgettext("hours", "%(number)s h") % {"number": text}
    if unit == Unit.DAYS:
        return ngettext("%(number)s working day", "%(number)s working days", 1 if amount == 1 else 2) % {"number": text}
    return text


def hidden_text(why: Hidden) -> str:
    return _("below %(number)s") % {"number": SMALLEST} if why is Hidden.SMALL else _("not told")


def change_text(unit: str, amount, other) -> str:
    """How ``amount`` differs from ``other``, in words and with a sign."""
    difference = amount - other
    if not difference:
        return _("unchanged")
    words = _("%(number)s more") if difference > 0 else _("%(number)s less")
    text = words % {"number": amount_text(unit, abs(difference))}
    if not other:
        return text
    return _("%(change)s (%(percent)s)") % {"change": text, "percent": percent_text(100 * float(difference) / float(other))}


def percent_text(percent: float) -> str:
    """„+8 %“, „−0,4 %“."""
    sign = "+" if percent > 0 else MINUS
    number = number_text(abs(percent), 0 if abs(percent) >= 1 else 1)
    return _("%(number)s%%") % {"number": f"{sign}{number}"}
